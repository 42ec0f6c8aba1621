from django.urls import path

from amana.academy.practice.labs.views import (
    bargaining,
    case_pages,
    clinic_pages,
    tables,
)

app_name = "labs"
urlpatterns = [
    path("", tables.home, name="home"),
    path("open/<int:cohort>/<slug:code>", tables.open_lab, name="open"),
    path("table/<uuid:pk>/", tables.table, name="table"),
    path("table/<uuid:pk>/stream", tables.stream, name="stream"),
    path("table/<uuid:pk>/seat", tables.take_seat, name="seat"),
    path("table/<uuid:pk>/round", tables.go_on, name="go_on"),
    path("table/<uuid:pk>/break", tables.call_break, name="call_break"),
    path("table/<uuid:pk>/resume", tables.resume, name="resume"),
    path("table/<uuid:pk>/walk-away/", tables.walk_away, name="walk_away"),
    path("table/<uuid:pk>/come-back", tables.come_back, name="come_back"),
    path("table/<uuid:pk>/break-down/", tables.break_down, name="break_down"),
    path("table/<uuid:pk>/reopen", tables.reopen, name="reopen"),
    path("table/<uuid:pk>/close/", tables.close, name="close"),
    path("table/<uuid:pk>/write", bargaining.write, name="write"),
    path("table/<uuid:pk>/clause/<slug:code>/", bargaining.propose, name="propose"),
    path("table/<uuid:pk>/accept/<int:number>", bargaining.accept, name="accept"),
    path("table/<uuid:pk>/refuse/<int:number>/", bargaining.refuse, name="refuse"),
    path("table/<uuid:pk>/sign", bargaining.sign, name="sign"),
    path("table/<uuid:pk>/unsign", bargaining.unsign, name="unsign"),
    path("table/<uuid:pk>/draft", bargaining.make_draft, name="draft"),
    path("table/<uuid:pk>/text.zip", bargaining.text_file, name="text"),
    path("cases/<int:cohort>/", case_pages.cases, name="cases"),
    path("cases/<int:cohort>/<slug:code>/", case_pages.case, name="case"),
    path("cases/<int:cohort>/<slug:code>/sheet/", case_pages.sheet, name="sheet"),
    path("cases/<int:cohort>/<slug:code>/open", case_pages.open_case, name="open_case"),
    path("clinic/bring/<int:cohort>/", clinic_pages.bring, name="bring"),
    path("clinic/<uuid:pk>/", clinic_pages.clinic, name="clinic"),
    path("clinic/<uuid:pk>/speak", clinic_pages.speak, name="speak"),
    path("clinic/<uuid:pk>/give/<slug:code>", case_pages.give, name="give"),
    path("clinic/<uuid:pk>/advance", clinic_pages.advance, name="advance"),
    path("clinic/<uuid:pk>/destroy/", clinic_pages.destroy, name="destroy"),
]
