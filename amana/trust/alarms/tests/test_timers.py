"""A timer that does not run is told to two people, once, and shown to who oversees."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.home.boards import boards_of
from amana.schedule import TIMERS, Timer, crontab
from amana.trust.access.models import Role, User
from amana.trust.alarms import timers
from amana.trust.alarms.models import TimerRun
from amana.trust.audit.models import AuditEvent
from tests.worlds import kept

pytestmark = pytest.mark.django_db

type OnCommit = Callable[..., AbstractContextManager[object]]


@kept
def officer(db: None) -> User:
    return given.a_worker(role=Role.DATA_PROTECTION_OFFICER)


@kept
def auditor(db: None) -> User:
    return given.a_worker(role=Role.AUDITOR)


@pytest.mark.parametrize(
    ("when", "every"),
    [
        ("* * * * *", timedelta(minutes=1)),
        ("*/5 * * * *", timedelta(minutes=5)),
        ("25 * * * *", timedelta(hours=1)),
        ("20 3 * * *", timedelta(days=1)),
        ("5 0 1 * *", timedelta(days=31)),
    ],
)
def test_how_often_a_timer_runs_is_read_from_its_line(
    when: str, every: timedelta
) -> None:
    assert Timer("x", when, "").every == every


def test_each_line_of_the_crontab_notes_that_it_ran() -> None:
    lines = [line for line in crontab("python").splitlines() if line[0] != "#"]
    assert len(lines) == len(TIMERS)
    assert all(" run_timer " in line for line in lines)


def test_a_new_house_begins_without_alarm(officer: User, auditor: User) -> None:
    assert timers.look() == []
    assert TimerRun.objects.count() == len(TIMERS)


def test_a_missed_timer_is_told_to_two_people_once(
    officer: User, auditor: User, django_capture_on_commit_callbacks: OnCommit
) -> None:
    timers.look()
    with time_machine.travel(timezone.now() + timedelta(minutes=30), tick=True):
        for timer in TIMERS:
            if timer.command != "expire_consents":
                timers.note_run(timer.command)
        with django_capture_on_commit_callbacks(execute=True):
            [missed] = timers.look()
        assert missed.timer.command == "expire_consents"
        told = {to for message in mail.outbox for to in message.to}
        assert told == {officer.email, auditor.email}
        assert timers.look() == []  # once
        page = given.signed_in(auditor).get(reverse("alarms:list")).content.decode()
        assert "expire_consents" in page
        tiles = [tile for board in boards_of(auditor) for tile in board.tiles]
        assert [t.value for t in tiles if t.label == "Timers that do not run"] == [1]
        timers.note_run("expire_consents")
        assert timers.find_missed(timezone.now()) == []
    assert AuditEvent.objects.filter(did="missed timer").count() == 1
    assert AuditEvent.objects.filter(did="timer runs again").count() == 1


def test_where_no_two_oversee_administrators_are_told(officer: User) -> None:
    administrator = given.a_worker(role=Role.ADMINISTRATOR)
    assert set(timers.who_is_told()) == {officer, administrator}


def test_a_timer_that_fails_has_not_run_and_still_sees_the_others(
    officer: User, auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers.look()
    began = TimerRun.objects.get(command="chase_steps").at

    def fail(*said: object, **options: object) -> None:
        raise CommandError("No.")

    monkeypatch.setattr(
        "amana.trust.alarms.management.commands.run_timer.call_command", fail
    )
    with time_machine.travel(timezone.now() + timedelta(minutes=30), tick=True):
        with pytest.raises(CommandError):
            call_command("run_timer", "chase_steps")
        assert TimerRun.objects.get(command="chase_steps").at == began
        assert TimerRun.objects.get(command="chase_steps").told_at is not None


def test_a_timer_runs_its_command(officer: User) -> None:
    call_command("run_timer", "forget_sessions")
    assert TimerRun.objects.get(command="forget_sessions").told_at is None
