"""A case of a person who doesn't exist: who opens it, finds it or takes it along is
told of to two people within a minute."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from amana import given
from amana.care.cases import finding
from amana.care.cases.models import Case
from amana.care.decoys import actions
from amana.care.emergency_access import actions as emergencies
from amana.errors import Changed
from amana.trust.access.models import User
from amana.trust.alarms import actions as alarms
from amana.trust.alarms import decoys
from amana.trust.alarms.models import ActivityKind, Alarm, Decoy

from .conftest import open_page

pytestmark = pytest.mark.django_db


def test_whoever_opens_it_is_told_of_to_two_people(
    decoy: Case, lead: User, officer: User, auditor: User
) -> None:
    assert open_page(decoy, lead) == 200
    call_command("watch_log")
    alarm = Alarm.objects.get()
    assert (alarm.user, alarm.kind, alarm.count) == (lead, ActivityKind.DECOY, 1)
    assert set(alarm.told.all()) == {officer, auditor}
    lead.refresh_from_db()
    assert lead.is_slowed
    shown = given.sign_in(officer).get(reverse("alarms:alarm", args=[alarm.pk]))
    assert "A decoy case was opened" in shown.content.decode()
    assert decoy.reference not in shown.content.decode()


def test_a_search_that_finds_it_is_an_alarm(decoy: Case, lead: User) -> None:
    assert [found.case for found in finding.find_cases("Ramatou", by=lead)] == [decoy]
    [alarm] = alarms.watch_log()
    assert (alarm.user, alarm.kind) == (lead, ActivityKind.DECOY)


def test_printing_it_among_others_is_an_alarm(decoy: Case, lead: User) -> None:
    browser = given.sign_in(lead)
    asked = browser.post(
        reverse("cases:together"), {"do": "print", "pick": decoy.pk.hex}
    )
    assert given.confirm_export(browser, asked).status_code == 200
    [alarm] = alarms.watch_log()
    assert (alarm.user, alarm.kind) == (lead, ActivityKind.DECOY)


def test_opening_it_in_an_emergency_is_an_alarm(decoy: Case, colleague: User) -> None:
    said = {"why": "here", "words": "At the door."}
    assert emergencies.open_case(decoy.reference, **said, by=colleague) is not None
    [alarm] = alarms.watch_log()
    assert (alarm.user, alarm.kind) == (colleague, ActivityKind.DECOY)


def test_a_list_that_shows_it_among_others_is_none(decoy: Case, lead: User) -> None:
    given.make_case(worked_on_by=lead)
    page = given.sign_in(lead).get(f"{reverse('cases:team')}?state=closed")
    assert "Ramatou Invented" in page.content.decode()
    assert alarms.watch_log() == []


def test_another_case_is_none(decoy: Case, lead: User, maker: User) -> None:
    real = given.make_case(worked_on_by=maker)
    assert open_page(real, lead) == 200
    assert alarms.watch_log() == []


def test_whoever_made_it_may_look_at_it(decoy: Case, maker: User) -> None:
    assert open_page(decoy, maker) == 200
    assert alarms.watch_log() == []


def test_with_a_good_reason_it_is_settled_and_the_next_look_is_new(
    decoy: Case, lead: User, officer: User
) -> None:
    open_page(decoy, lead)
    [alarm] = alarms.watch_log()
    alarms.settle(alarm, outcome="explained", words="A drill.", seen=1, by=officer)
    assert alarms.watch_log() == []
    open_page(decoy, lead)
    assert [alarm.count for alarm in alarms.watch_log()] == [2]


def test_once_ended_it_alarms_no_more_and_is_counted_nowhere(
    decoy: Case, row: Decoy, lead: User, officer: User
) -> None:
    actions.end_decoy(row, by=officer)
    open_page(decoy, lead)
    assert alarms.watch_log() == []
    assert decoys.is_decoy(decoy.pk)
    with pytest.raises(Changed):
        actions.end_decoy(row, by=officer)
