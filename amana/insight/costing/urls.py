from django.urls import path, register_converter

from amana.insight.costing.views import costings, ledger, trying
from amana.ui.addresses import build_word_converter

register_converter(build_word_converter(costings.FORMATS), "sheet")

app_name = "costing"
urlpatterns = [
    path("", costings.costings, name="costings"),
    path("new/", costings.new, name="new"),
    path("<uuid:pk>/", costings.costing, name="costing"),
    path("<uuid:pk>/about/", costings.about, name="about"),
    path("<uuid:pk>/assumptions/", costings.assumptions, name="assumptions"),
    path("<uuid:pk>/ingredients/", costings.add, name="add"),
    path("<uuid:pk>/ingredients/<int:number>/", costings.alter, name="alter"),
    path("<uuid:pk>/ingredients/<int:number>/out", costings.remove, name="remove"),
    path("<uuid:pk>/inaction/", costings.add_consequence, name="add_consequence"),
    path(
        "<uuid:pk>/inaction/<int:number>/",
        costings.alter_consequence,
        name="alter_consequence",
    ),
    path(
        "<uuid:pk>/inaction/<int:number>/out",
        costings.remove_consequence,
        name="remove_consequence",
    ),
    path("<uuid:pk>/costing.<sheet:format>", costings.sheet, name="sheet"),
    path("what-if/", trying.what_if, name="what_if"),
    path("tried/", trying.scenarios, name="scenarios"),
    path("tried/<uuid:pk>/", trying.scenario, name="scenario"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/institutions/", ledger.name_fund, name="name_fund"),
    path("ledger/new/", ledger.new_grant, name="new_grant"),
    path("ledger/<uuid:pk>/", ledger.grant, name="grant"),
    path("ledger/<uuid:pk>/change/", ledger.change_grant, name="change_grant"),
]
