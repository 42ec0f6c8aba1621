"""Guesses at the door, over many accounts, raise an alarm and slow nobody down."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.trust.access.models import Role, User
from amana.trust.alarms import actions
from amana.trust.alarms.models import ActivityKind, Alarm
from amana.trust.alarms.rules import see_alarm
from amana.trust.audit import log
from amana.ui import once

pytestmark = pytest.mark.django_db
MANY = 21


def guess(count: int, users: list[User] | None = None) -> None:
    for at in range(count):
        user = users[at % len(users)] if users else None
        log.record("failed to sign in", user, by=None)


def test_guesses_over_many_accounts_are_told_and_slow_nobody() -> None:
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    auditor = given.make_worker(role=Role.AUDITOR)
    people = [given.make_user() for _person in range(MANY)]
    guess(MANY, people)
    [alarm] = actions.watch_log()
    assert (alarm.user, alarm.kind, alarm.count) == (None, ActivityKind.DOOR, MANY)
    assert set(alarm.told.all()) == {officer, auditor}
    assert not User.objects.filter(slowed_until__isnull=False).exists()
    assert actions.watch_log() == []


def test_addresses_that_no_one_has_count_each_time() -> None:
    guess(MANY)
    assert len(actions.watch_log()) == 1


def test_one_who_forgot_their_passphrase_raises_nothing() -> None:
    guess(MANY * 3, [given.make_user()])
    assert actions.watch_log() == []


def test_what_is_long_ago_counts_no_more() -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=2), tick=True):
        guess(MANY)
    assert actions.watch_log() == []


def test_who_oversees_sees_and_settles_it() -> None:
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    stranger = given.make_worker(role=Role.SUPERVISOR)
    guess(MANY)
    [alarm] = actions.watch_log()
    assert see_alarm.permits(officer, alarm)
    assert not see_alarm.permits(stranger, alarm)
    browser = given.sign_in(officer)
    assert "Not signed in" in browser.get(reverse("alarms:list")).content.decode()
    page = browser.get(reverse("alarms:alarm", args=[alarm.pk]))
    assert "No account was slowed down" in page.content.decode()
    assert "Failed to sign in" in browser.get(page.context["events"]).content.decode()
    answer = browser.post(
        reverse("alarms:settle", args=[alarm.pk]),
        once.make_form_key()
        | {"outcome": "explained", "words": "A test.", "seen": MANY},
    )
    assert answer.status_code == 302
    guess(1)
    assert actions.watch_log() == []  # within the hour in which it was settled
    assert not Alarm.objects.open().exists()
