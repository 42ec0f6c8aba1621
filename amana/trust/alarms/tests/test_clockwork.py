"""Timers that are due run once, in their order; one that fails holds up no other
(P40)."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from amana.schedule import MINUTELY, TIMERS
from amana.trust.alarms import clockwork, timer_runs
from amana.trust.alarms.clockwork import Clockwork, claim, find_due
from amana.trust.alarms.leading import InDatabase, OnDisk, build_candidate
from amana.trust.alarms.models import TimerRun
from amana.trust.audit.models import AuditEvent

from .clockworks import Alone

NOON = datetime(2026, 11, 29, 12, 0, 30, tzinfo=UTC)


# --- what runs, and in which order


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was run, instead of running it."""
    found: list[str] = []
    monkeypatch.setattr(clockwork, "call_command", found.append)
    monkeypatch.setattr(
        Clockwork, "run_beside", lambda self, timer: found.append(timer.command)
    )
    return found


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def works(said: list[str], monkeypatch: pytest.MonkeyPatch) -> Clockwork:
    def lost_patience(works: Clockwork) -> None:
        assert works.is_stopping, said

    monkeypatch.setattr(Clockwork, "rest", lost_patience)  # a test waits for nothing
    # Nor does it end its own transaction.
    monkeypatch.setattr(clockwork, "close_old_connections", lambda: None)
    return Clockwork(Alone(), said.append)


@pytest.mark.django_db
def test_a_new_house_runs_all_at_once_the_night_in_its_order(
    works: Clockwork, ran: list[str]
) -> None:
    with time_machine.travel(NOON):
        works.turn()
    night = [command for command in ran if command in BESIDE]
    assert sorted(ran) == sorted(timer.command for timer in timer_runs.list_wanted())
    assert night.index("write_facts") < night.index("erase_due")
    assert night.index("erase_due") < night.index("draw_up_figures")


BESIDE = {timer.command for timer in TIMERS if timer.is_beside}


@pytest.mark.django_db
def test_nothing_runs_twice_in_a_minute(works: Clockwork, ran: list[str]) -> None:
    with time_machine.travel(NOON) as clock:
        works.turn()
        done = [command for command in ran if command not in BESIDE]
        ran.clear()
        clock.shift(timedelta(seconds=20))
        works.turn()
        assert not set(done) & set(ran)
        clock.shift(timedelta(minutes=1))
        works.turn()
    minutely = {
        timer.command for timer in timer_runs.list_wanted() if timer.when == MINUTELY
    }
    assert set(ran) - BESIDE == minutely


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [CommandError("It lacks a key."), ValueError("Zubaida"), SystemExit(2)]
)
def test_a_timer_that_fails_holds_up_no_other(
    works: Clockwork,
    ran: list[str],
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
) -> None:
    def call(command: str) -> None:
        ran.append(command)
        if command == "expire_consents":
            raise error

    monkeypatch.setattr(clockwork, "call_command", call)
    with time_machine.travel(NOON):
        works.turn()

    assert set(ran) == {timer.command for timer in timer_runs.list_wanted()}
    failed = TimerRun.objects.get(command="expire_consents")
    assert failed.error.endswith(type(error).__name__)
    assert failed.unfinished_since is not None
    assert TimerRun.objects.get(command="chase_steps").unfinished_since is None
    [line] = [line for line in said if "expire_consents" in line]
    assert "Zubaida" not in line
    assert ("It lacks a key." in line) == isinstance(error, CommandError)


@pytest.mark.django_db
def test_a_timer_that_hangs_is_stopped(
    works: Clockwork, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(command: str) -> None:
        ran.append(command)
        if command == "expire_consents":
            time.sleep(5)

    monkeypatch.setattr(clockwork, "call_command", call)
    monkeypatch.setattr(clockwork, "SHORT", timedelta(seconds=0.2))
    began = time.monotonic()
    works.turn()
    assert time.monotonic() - began < 4
    assert "chase_steps" in ran
    failed = TimerRun.objects.get(command="expire_consents")
    assert failed.error == "amana.unattended.TookTooLong"


@pytest.mark.django_db
def test_who_does_not_lead_runs_nothing(works: Clockwork, ran: list[str]) -> None:
    works.candidate.resign()
    works.turn()
    assert ran == []
    assert works.seconds_to_rest() < 10


@pytest.mark.django_db
def test_after_a_signal_the_timer_at_hand_is_the_last(
    works: Clockwork, ran: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(command: str) -> None:
        ran.append(command)
        works.stop()

    monkeypatch.setattr(clockwork, "call_command", call)
    with time_machine.travel(NOON):
        works.go_on()
    assert len([command for command in ran if command not in BESIDE]) == 1
    assert not works.candidate.leads()


@pytest.mark.django_db
def test_a_database_that_is_away_is_asked_again(
    works: Clockwork,
    ran: list[str],
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)  # else the test's own
    away = OperationalError("connection to host 10.0.0.7 refused")
    monkeypatch.setattr(clockwork, "find_due", lambda now: raise_(away))
    works.try_turn()
    assert ran == []
    assert "OperationalError" in said[-1]
    assert "10.0.0.7" not in said[-1]
    monkeypatch.undo()


def raise_(error: Exception) -> Any:
    raise error


@pytest.mark.django_db
def test_of_two_that_think_they_lead_one_runs_a_timer() -> None:
    [timer] = [timer for timer in TIMERS if timer.command == "expire_consents"]
    TimerRun.objects.create(command=timer.command)
    seen = find_due(NOON)
    assert timer in seen
    assert claim(timer, NOON)
    assert not claim(timer, NOON)


# --- one leads


def test_of_two_processes_on_one_disk_one_leads(tmp_path: Path) -> None:
    first, second = (OnDisk(tmp_path / "timers.lock") for _number in range(2))
    assert first.leads()
    assert first.leads()
    assert not second.leads()
    first.resign()
    assert second.leads()
    assert (tmp_path / "timers.lock").stat().st_mode & 0o777 == 0o600
    second.resign()


@pytest.mark.django_db
def test_of_two_sessions_on_postgresql_one_leads() -> None:
    if connection.vendor != "postgresql":
        assert isinstance(build_candidate(), OnDisk)
        return
    first, second = build_candidate(), build_candidate()
    assert isinstance(first, InDatabase)
    assert isinstance(second, InDatabase)
    try:
        assert first.leads()
        assert first.leads()
        assert not second.leads()
        assert first.session is not None
        with first.session.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [number] = cursor.fetchone()
        with connection.cursor() as cursor:  # its server loses the network
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        assert second.leads()
        assert not first.leads()
        assert not first.leads()
    finally:
        first.resign()
        second.resign()


@pytest.mark.django_db
def test_the_log_says_that_a_missed_timer_runs_again() -> None:
    TimerRun.objects.create(command="erase_due", told_at=timezone.now())
    timer_runs.record_run("erase_due")
    timer_runs.record_run("erase_due")
    assert AuditEvent.objects.filter(did="timer runs again").count() == 1
