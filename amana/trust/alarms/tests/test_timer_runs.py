"""A timer that does not run is told to two people, once, and shown to who oversees."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.home.boards import build_boards
from amana.schedule import TIMERS
from amana.trust.access.models import Role, User
from amana.trust.alarms import timer_runs
from amana.trust.alarms.clockwork import AGAIN, LONG
from amana.trust.alarms.models import TimerRun
from amana.trust.audit.models import AuditEvent
from tests.worlds import kept

pytestmark = pytest.mark.django_db

type OnCommit = Callable[..., AbstractContextManager[object]]


@kept
def officer(db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER)


@kept
def auditor(db: None) -> User:
    return given.make_worker(role=Role.AUDITOR)


def test_a_new_house_begins_without_alarm(officer: User, auditor: User) -> None:
    assert timer_runs.notify_missed() == []
    assert TimerRun.objects.count() == len(timer_runs.list_wanted())


def test_a_missed_timer_is_told_to_two_people_once(
    officer: User, auditor: User, django_capture_on_commit_callbacks: OnCommit
) -> None:
    timer_runs.notify_missed()
    with time_machine.travel(timezone.now() + timedelta(minutes=30), tick=True):
        for timer in TIMERS:
            if timer.command != "expire_consents":
                timer_runs.record_run(timer.command)
        with django_capture_on_commit_callbacks(execute=True):
            [missed] = timer_runs.notify_missed()
        assert missed.timer.command == "expire_consents"
        told = {to for message in mail.outbox for to in message.to}
        assert told == {officer.email, auditor.email}
        assert timer_runs.notify_missed() == []  # once
        page = given.sign_in(auditor).get(reverse("alarms:list")).content.decode()
        assert "expire_consents" in page
        tiles = [tile for board in build_boards(auditor) for tile in board.tiles]
        assert [t.value for t in tiles if t.label == "Timers not running"] == [1]
        timer_runs.record_run("expire_consents")
        assert timer_runs.find_missed(timezone.now()) == []
    assert AuditEvent.objects.filter(did="missed timer").count() == 1
    assert AuditEvent.objects.filter(did="timer runs again").count() == 1


def test_where_no_two_oversee_administrators_are_told(officer: User) -> None:
    administrator = given.make_worker(role=Role.ADMINISTRATOR)
    assert set(timer_runs.list_people_to_notify()) == {officer, administrator}


def test_a_timer_that_fails_again_and_again_is_told_within_hours(
    officer: User, auditor: User
) -> None:
    timer_runs.notify_missed()
    now = timezone.now()
    row = TimerRun.objects.filter(command="erase_due")  # each day: else told after two
    row.update(tried_at=now + AGAIN, unfinished_since=now)
    timer_runs.record_failure("erase_due", CommandError("No."))
    assert timer_runs.notify_missed() == []

    with time_machine.travel(
        now + timer_runs.FAILING + timedelta(minutes=1), tick=True
    ):
        told = {
            missed.timer.command for missed in timer_runs.find_missed(timezone.now())
        }
        assert "erase_due" in told
        timer_runs.record_run("erase_due")
        told = {
            missed.timer.command for missed in timer_runs.find_missed(timezone.now())
        }
        assert "erase_due" not in told
    assert row.get().error == ""


def test_a_long_timer_that_is_still_running_is_not_told(
    officer: User, auditor: User
) -> None:
    timer_runs.notify_missed()
    now = timezone.now()
    row = TimerRun.objects.filter(command="erase_due")
    row.update(tried_at=now, unfinished_since=now)
    with time_machine.travel(now + LONG - timedelta(minutes=1), tick=True):
        told = {missed.timer.command for missed in timer_runs.notify_missed()}
    assert "erase_due" not in told
    assert row.get().told_at is None


def test_a_timer_that_only_ever_failed_is_said_never_to_have_ended(
    officer: User, auditor: User
) -> None:
    timer_runs.notify_missed()
    now = timezone.now()
    row = TimerRun.objects.filter(command="erase_due")
    row.update(tried_at=now + AGAIN, unfinished_since=now)
    timer_runs.record_failure("erase_due", CommandError("No."))

    with time_machine.travel(
        now + timer_runs.FAILING + timedelta(minutes=1), tick=True
    ):
        told = {
            missed.timer.command: missed.since for missed in timer_runs.notify_missed()
        }
        assert told["erase_due"] is None
        assert timer_runs.notify_missed() == []  # once
        page = given.sign_in(auditor).get(reverse("alarms:list")).content.decode()
    [line] = [line for line in page.split("<li>") if "erase_due" in line]
    assert "never completed" in line
    assert "last ran" not in line


def test_a_timer_runs_its_command_at_once(officer: User) -> None:
    call_command("timers", "--only", "forget_sessions")
    run = TimerRun.objects.get(command="forget_sessions")
    assert run.told_at is run.unfinished_since is None


def test_a_backup_is_waited_for_only_where_one_is_made(settings: Any) -> None:
    settings.BACKUP_FOLDER = ""
    assert "backup" not in {timer.command for timer in timer_runs.list_wanted()}
    settings.BACKUP_FOLDER = "/srv/backups"
    assert "backup" in {timer.command for timer in timer_runs.list_wanted()}
