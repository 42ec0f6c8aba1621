from django.urls import path, register_converter

from amana.care.cases.tabs import LATER
from amana.care.cases.views import (
    asking,
    case,
    contacts,
    ending,
    lists,
    meeting,
    moving,
    parts,
    people,
    together,
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
    path("", lists.mine, name="mine"),
    path("team/", lists.team, name="team"),
    path("team/workload/", lists.workload, name="workload"),
    path("watch/", lists.watch, name="watch"),
    path("offered/", moving.offered, name="offered"),
    path("search/", lists.search, name="search"),
    path("together/", together.together, name="together"),
    path("together/assign/", together.assign, name="assign_together"),
    # the first meeting
    path("meet/", meeting.meet, name="meet"),
    path("meet/emergency/", meeting.emergency, name="emergency"),
    path("meet/intake/", meeting.intake, name="intake"),
    path("emergency-contacts/", contacts.contacts, name="contacts"),
    path("emergency-contacts/add", contacts.add, name="add_contact"),
    path("emergency-contacts/<int:pk>/", contacts.change, name="change_contact"),
    path("emergency-contacts/<int:pk>/remove", contacts.remove, name="remove_contact"),
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
    path("<uuid:pk>/safety-questions/", asking.gate, name="gate"),
    path("<uuid:pk>/safety/review/", working.safety, name="safety"),
    path("<uuid:pk>/people/", people.people, name="people"),
    path("<uuid:pk>/people/assign", people.assign, name="assign"),
    path("<uuid:pk>/people/<int:assignment>/end", people.end, name="end_assignment"),
    path("<uuid:pk>/people/restrict", people.restrict, name="restrict"),
    path("<uuid:pk>/people/lift", people.lift, name="lift_restriction"),
    path("<uuid:pk>/transfer/", moving.offer, name="offer_transfer"),
    path("transfers/<uuid:pk>/", moving.transfer, name="transfer"),
    path("transfers/<uuid:pk>/take-back", moving.take_back, name="take_back_offer"),
    path("<uuid:pk>/close/", ending.close, name="close"),
    path("<uuid:pk>/close/send-back", ending.send_back, name="send_back"),
    path("<uuid:pk>/reopen", ending.reopen, name="reopen"),
    path("<uuid:pk>/files/add", uploads.add, name="add_file"),
    path("files/<uuid:pk>/", uploads.shown, name="file"),
    path("files/<uuid:pk>/remove", uploads.remove, name="remove_file"),
    path("files/<uuid:pk>/original", uploads.original, name="original"),
    path("<uuid:pk>/<compartment:part>/", parts.part, name="part"),
    path("<uuid:pk>/<compartment:part>/open", parts.open_part, name="open_part"),
    path("<uuid:pk>/<compartment:part>/change", parts.change, name="change"),
    path("<uuid:pk>/<compartment:part>/note", parts.note, name="note"),
]
