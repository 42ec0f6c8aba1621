from django.urls import path, register_converter

from amana.care.cases.tabs import LATER
from amana.care.cases.views import (
    assignment_pages,
    bulk_assignment,
    case,
    case_lists,
    closure_pages,
    emergency_contact_pages,
    meeting,
    parts,
    safety_gate,
    transfer_pages,
    uploads,
    working,
)
from amana.trust.vault.compartments import Compartment
from amana.ui.addresses import build_word_converter

# Converters that know their words: `people/` and `close/` have the same shape as a tab
# or a part, and must not be taken for one.
register_converter(build_word_converter(Compartment.values), "compartment")
register_converter(build_word_converter(LATER), "case_tab")

app_name = "cases"
urlpatterns = [
    path("", case_lists.mine, name="mine"),
    path("team/", case_lists.team, name="team"),
    path("team/workload/", case_lists.workload, name="workload"),
    path("watch/", case_lists.watch, name="watch"),
    path("offered/", transfer_pages.offered, name="offered"),
    path("search/", case_lists.search, name="search"),
    path("together/", bulk_assignment.together, name="together"),
    path("together/assign/", bulk_assignment.assign, name="assign_together"),
    # the first meeting
    path("meet/", meeting.meet, name="meet"),
    path("meet/emergency/", meeting.emergency, name="emergency"),
    path("meet/intake/", meeting.intake, name="intake"),
    path("emergency-contacts/", emergency_contact_pages.contacts, name="contacts"),
    path("emergency-contacts/add", emergency_contact_pages.add, name="add_contact"),
    path(
        "emergency-contacts/<int:pk>/",
        emergency_contact_pages.change,
        name="change_contact",
    ),
    path(
        "emergency-contacts/<int:pk>/remove",
        emergency_contact_pages.remove,
        name="remove_contact",
    ),
    # one case
    path("<uuid:pk>/", case.case, name="case"),
    path("<uuid:pk>/<case_tab:tab>/", case.tab, name="tab"),
    path("<uuid:pk>/print/", case.print_view, name="print"),
    path("<uuid:pk>/print/all/", case.print_all, name="print_all"),
    path("<uuid:pk>/urgency/", working.urgency, name="urgency"),
    path("<uuid:pk>/needs/add", working.add_need, name="add_need"),
    path("needs/<uuid:pk>/", working.need, name="need"),
    path("<uuid:pk>/follow-ups/add", working.add_follow_up, name="add_follow_up"),
    path("follow-ups/<uuid:pk>/", working.follow_up, name="follow_up"),
    path("<uuid:pk>/safety-questions/", safety_gate.gate, name="gate"),
    path("<uuid:pk>/safety/review/", working.safety, name="safety"),
    path("<uuid:pk>/people/", assignment_pages.people, name="people"),
    path("<uuid:pk>/people/assign", assignment_pages.assign, name="assign"),
    path(
        "<uuid:pk>/people/<int:assignment>/end",
        assignment_pages.end,
        name="end_assignment",
    ),
    path("<uuid:pk>/people/restrict", assignment_pages.restrict, name="restrict"),
    path("<uuid:pk>/people/lift", assignment_pages.lift, name="lift_restriction"),
    path("<uuid:pk>/transfer/", transfer_pages.offer, name="offer_transfer"),
    path("transfers/<uuid:pk>/", transfer_pages.transfer, name="transfer"),
    path(
        "transfers/<uuid:pk>/take-back",
        transfer_pages.take_back,
        name="take_back_offer",
    ),
    path("<uuid:pk>/close/", closure_pages.close, name="close"),
    path("<uuid:pk>/close/send-back", closure_pages.send_back, name="send_back"),
    path("<uuid:pk>/reopen", closure_pages.reopen, name="reopen"),
    path("<uuid:pk>/files/add", uploads.add, name="add_file"),
    path("files/<uuid:pk>/", uploads.shown, name="file"),
    path("files/<uuid:pk>/remove", uploads.remove, name="remove_file"),
    path("files/<uuid:pk>/original", uploads.original, name="original"),
    path("<uuid:pk>/<compartment:part>/", parts.part, name="part"),
    path("<uuid:pk>/<compartment:part>/open", parts.open_part, name="open_part"),
    path("<uuid:pk>/<compartment:part>/change", parts.change, name="change"),
    path("<uuid:pk>/<compartment:part>/note", parts.note, name="note"),
]
