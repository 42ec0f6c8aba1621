from django.urls import path, register_converter

from amana.insight.costing.views import costing_pages, ledger_pages, scenario_pages
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(costing_pages.FORMATS), "sheet")

app_name = "costing"
urlpatterns = [
    path("", costing_pages.costings, name="costings"),
    path("new/", costing_pages.new, name="new"),
    path("<uuid:pk>/", costing_pages.costing, name="costing"),
    path("<uuid:pk>/about/", costing_pages.about, name="about"),
    path("<uuid:pk>/assumptions/", costing_pages.assumptions, name="assumptions"),
    path("<uuid:pk>/ingredients/", costing_pages.add, name="add"),
    path("<uuid:pk>/ingredients/<int:number>/", costing_pages.alter, name="alter"),
    path("<uuid:pk>/ingredients/<int:number>/out", costing_pages.remove, name="remove"),
    path("<uuid:pk>/inaction/", costing_pages.add_consequence, name="add_consequence"),
    path(
        "<uuid:pk>/inaction/<int:number>/",
        costing_pages.alter_consequence,
        name="alter_consequence",
    ),
    path(
        "<uuid:pk>/inaction/<int:number>/out",
        costing_pages.remove_consequence,
        name="remove_consequence",
    ),
    path("<uuid:pk>/costing.<sheet:format>", costing_pages.sheet, name="sheet"),
    path("what-if/", scenario_pages.what_if, name="what_if"),
    path("tried/", scenario_pages.scenarios, name="scenarios"),
    path("tried/<uuid:pk>/", scenario_pages.scenario, name="scenario"),
    path("ledger/", ledger_pages.ledger, name="ledger"),
    path("ledger/institutions/", ledger_pages.name_fund, name="name_fund"),
    path("ledger/new/", ledger_pages.new_grant, name="new_grant"),
    path("ledger/<uuid:pk>/", ledger_pages.grant, name="grant"),
    path("ledger/<uuid:pk>/change/", ledger_pages.change_grant, name="change_grant"),
]
