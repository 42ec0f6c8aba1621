"""Two others are told of an alarm; its person is slowed down until they have settled
it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.models import Role, User
from amana.trust.access.rules import Denied
from amana.trust.alarms import actions, budgets
from amana.trust.alarms.models import ActivityKind, Alarm
from amana.trust.alarms.rules import see_alarm, settle_alarm
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from tests.worlds import kept

from .turned_away import SEEN, is_turned_away, raised

pytestmark = pytest.mark.django_db


type OnCommit = Callable[..., AbstractContextManager[object]]
FIRST = budgets.WATCHED[ActivityKind.DENIED].at_first


@kept
def auditor(db: None) -> User:
    return given.make_worker(role=Role.AUDITOR, name="Auditor")


# --- who is told


def test_two_others_are_told_at_once(
    worker: User,
    lead: User,
    officer: User,
    auditor: User,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    is_turned_away(worker, FIRST + 1)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("watch_log")
    alarm = Alarm.objects.get()
    assert set(alarm.told.all()) == {lead, officer}
    told = Notification.objects.filter(what=NotificationTopic.ALARM, number=alarm.pk)
    assert {row.user_id for row in told} == {lead.pk, officer.pk}
    assert {to for message in mail.outbox for to in message.to} == {
        lead.email,
        officer.email,
    }
    assert worker.name not in "".join(f"{m.subject} {m.body}" for m in mail.outbox)


def test_where_one_of_them_did_it_another_is_told(
    worker: User, lead: User, officer: User, auditor: User
) -> None:
    assert set(actions.list_people_to_notify(officer)) == {auditor}
    assert set(actions.list_people_to_notify(lead)) == {officer, auditor}
    coordinator = given.make_worker(role=Role.COORDINATOR)
    assert set(actions.list_people_to_notify(officer)) == {auditor, coordinator}


def test_who_did_it_and_strangers_see_nothing_of_it(
    worker: User, lead: User, officer: User
) -> None:
    alarm = raised(worker)
    stranger = given.make_worker(role=Role.SUPERVISOR)
    for user, sees in (
        (worker, False),
        (stranger, False),
        (lead, True),
        (officer, True),
        (given.make_worker(role=Role.ADMINISTRATOR), False),
    ):
        assert see_alarm.permits(user, alarm) is sees
        assert settle_alarm.permits(user, alarm) is sees
        page = given.sign_in(user).get(reverse("alarms:alarm", args=[alarm.pk]))
        assert page.status_code == (200 if sees else 404) or user == worker
    with pytest.raises(Denied):
        actions.settle(alarm, outcome="explained", words="Me.", seen=SEEN, by=worker)


def test_an_overseer_does_not_see_their_own(officer: User, auditor: User) -> None:
    alarm = raised(officer)
    assert not see_alarm.permits(officer, alarm)
    assert see_alarm.permits(auditor, alarm)


# --- slowed down


def test_one_goes_on_at_the_pace_of_a_reader(
    worker: User, lead: User, officer: User
) -> None:
    browser, profile = given.sign_in(worker), reverse("home:today")
    for _time in range(20):
        assert browser.get(profile).status_code == 200
    alarm = raised(worker)
    codes = [browser.get(profile).status_code for _time in range(14)]
    assert codes == [200] * 12 + [429] * 2
    page = browser.get(profile).content.decode()
    assert "has been used much more than is usual" in page
    assert browser.get(profile, headers={"By-Itself": "1"}).status_code == 429
    assert browser.post(reverse("vault:lock")).status_code == 302
    actions.settle(alarm, outcome="explained", words="A busy day.", seen=SEEN, by=lead)
    worker.refresh_from_db()
    assert not worker.is_slowed
    assert given.sign_in(worker).get(profile).status_code == 200


def test_it_ends_by_itself_after_a_day(worker: User) -> None:
    raised(worker)
    worker.refresh_from_db()
    assert worker.is_slowed
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert not worker.is_slowed


def test_what_was_typed_is_shown_again(worker: User) -> None:
    browser = given.sign_in(worker)
    raised(worker)
    for _time in range(12):
        browser.get(reverse("home:today"))
    page = browser.post(reverse("access:account"), {"name": "What was typed"})
    assert page.status_code == 429
    assert "What was typed" in page.content.decode()


# --- settled


def test_settling_needs_words_and_happens_once(
    worker: User, lead: User, officer: User
) -> None:
    alarm = raised(worker)
    with pytest.raises(Refused):
        actions.settle(alarm, outcome="explained", words="  ", seen=SEEN, by=lead)
    actions.settle(alarm, outcome="incident", words="Looked.", seen=SEEN, by=lead)
    with pytest.raises((Changed, Denied)):
        actions.settle(alarm, outcome="explained", words="No.", seen=SEEN, by=officer)
    alarm.refresh_from_db()
    assert (alarm.outcome, alarm.settled_by) == ("incident", lead)
    assert AuditEvent.objects.filter(did="settled alarm").count() == 1


def test_what_was_explained_may_go_on_as_much_again(worker: User, lead: User) -> None:
    alarm = raised(worker)
    actions.settle(alarm, outcome="explained", words="A busy day.", seen=SEEN, by=lead)
    is_turned_away(worker, FIRST)
    assert actions.watch_log() == []
    is_turned_away(worker, 1)
    assert len(actions.watch_log()) == 1


def test_after_an_incident_nothing_more_is_allowed(worker: User, lead: User) -> None:
    alarm = raised(worker)
    actions.settle(alarm, outcome="incident", words="A thief.", seen=SEEN, by=lead)
    worker.refresh_from_db()
    assert worker.is_slowed
    is_turned_away(worker, 1)
    assert len(actions.watch_log()) == 1


def test_what_came_since_the_page_was_drawn_is_not_settled(
    worker: User, lead: User
) -> None:
    alarm = raised(worker)
    is_turned_away(worker, 5)
    actions.watch_log()
    with pytest.raises(Changed, match="More activity was recorded"):
        actions.settle(alarm, outcome="explained", words="Ok.", seen=SEEN, by=lead)
    assert Alarm.objects.open().exists()


def test_an_alarm_that_nobody_settles_is_no_pass_for_the_next_day(
    worker: User, lead: User
) -> None:
    raised(worker)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=True):
        is_turned_away(worker, FIRST + 1)
        assert len(actions.watch_log()) == 1
        worker.refresh_from_db()
        assert worker.is_slowed


def test_two_open_alarms_slow_down_until_both_are_settled(
    worker: User, lead: User
) -> None:
    first = raised(worker)
    for _time in range(11):
        log.record("failed to unlock", worker, by=worker)
    [second] = actions.watch_log()
    actions.settle(first, outcome="explained", words="Busy.", seen=SEEN, by=lead)
    worker.refresh_from_db()
    assert worker.is_slowed
    actions.settle(second, outcome="explained", words="Forgot it.", seen=11, by=lead)
    worker.refresh_from_db()
    assert not worker.is_slowed


def test_the_database_lets_no_one_settle_their_own(worker: User) -> None:
    alarm = raised(worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.filter(pk=alarm.pk).update(
            settled_at=timezone.now(),
            settled_by=worker,
            outcome="explained",
            words="Mine.",
        )
