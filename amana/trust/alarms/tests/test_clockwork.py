"""Each timer runs when it is due, once, in its order; one that fails holds up no other
(P40)."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone
from hypothesis import given as drawn
from hypothesis import settings as trying
from hypothesis import strategies as some

from amana.schedule import (
    MINUTELY,
    TIMERS,
    DailyRecurrence,
    MinutesRecurrence,
    MonthlyRecurrence,
    Recurrence,
    Timer,
)
from amana.trust.alarms import clockwork, timer_runs
from amana.trust.alarms.clockwork import AGAIN, Clockwork, claim, find_due, is_due
from amana.trust.alarms.leading import InDatabase, OnDisk, build_candidate
from amana.trust.alarms.models import TimerRun
from amana.trust.audit.models import AuditEvent

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 29, 12, 0, 30, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- when


@pytest.mark.parametrize(
    ("when", "gap", "latest"),
    [
        (MINUTELY, timedelta(minutes=1), "2026-11-29T12:00"),
        (MinutesRecurrence(minutes=5), timedelta(minutes=5), "2026-11-29T12:00"),
        (
            MinutesRecurrence(minutes=60, after=25),
            timedelta(hours=1),
            "2026-11-29T11:25",
        ),
        # Paris is an hour ahead in winter
        (DailyRecurrence("03:20"), timedelta(days=1), "2026-11-29T02:20"),
        (DailyRecurrence("14:00"), timedelta(days=1), "2026-11-28T13:00"),
        (MonthlyRecurrence("00:05"), timedelta(days=31), "2026-10-31T23:05"),
    ],
)
def test_the_last_moment_of_a_schedule(
    when: Recurrence, gap: timedelta, latest: str
) -> None:
    assert when.gap == gap
    assert when.latest(NOON, PARIS) == at(latest)


def test_a_month_begins_where_people_are() -> None:
    first = MonthlyRecurrence("00:05")
    assert first.latest(at("2026-11-30T23:04"), PARIS) == at("2026-10-31T23:05")
    assert first.latest(at("2026-11-30T23:05"), PARIS) == at("2026-11-30T23:05")
    assert first.latest(at("2027-01-15T12:00"), PARIS) == at("2026-12-31T23:05")


@pytest.mark.parametrize("timer", TIMERS, ids=lambda timer: timer.command)
def test_each_timer_has_a_last_moment(timer: Timer) -> None:
    latest = timer.when.latest(NOON, PARIS)
    assert timer.when.latest(latest, PARIS) == latest
    assert NOON - timer.when.gap <= latest <= NOON


# --- each daily timer once for each day on which the server was up at all

STEP = timedelta(minutes=20)
BEGINNINGS = ["2026-03-27T00:00", "2026-10-23T00:00", "2026-12-30T12:00"]
"""Around the beginning and the end of summer time, and the end of a year."""
HISTORIES = some.lists(
    some.tuples(some.integers(0, 90), some.integers(1, 90)), min_size=1, max_size=6
)
"""Steps for which it was off, and then up."""


@pytest.mark.parametrize("begins", BEGINNINGS)
@pytest.mark.parametrize("hour", ["02:35", "03:20", "23:50"])
@trying(max_examples=40, deadline=None)
@drawn(history=HISTORIES)
def test_a_daily_timer_runs_once_for_each_day_the_server_was_up(
    begins: str, hour: str, history: list[tuple[int, int]]
) -> None:
    """A day of a timer lasts from its hour to the same hour of the next day."""
    timer, now = Timer("x", DailyRecurrence(hour), ""), at(begins)
    run, ran, up = TimerRun(command="x"), [], set()
    with override_settings(TIME_ZONE="Europe/Paris"):
        for off, steps in history:
            now += off * STEP
            for _step in range(steps):
                now += STEP
                up.add(timer.when.latest(now, PARIS))
                if is_due(timer, run, now):
                    run.tried_at = now
                    ran.append(timer.when.latest(now, PARIS))
    assert ran == sorted(up)


def test_what_was_missed_at_night_runs_in_the_morning() -> None:
    timer = Timer("x", DailyRecurrence("03:20"), "")
    run = TimerRun(command="x", tried_at=at("2026-11-28T03:20"))
    assert not is_due(timer, run, at("2026-11-29T03:19"))
    assert is_due(timer, run, at("2026-11-29T09:00"))


def test_one_that_failed_is_tried_again_after_an_hour() -> None:
    timer, tried = Timer("x", DailyRecurrence("03:20"), ""), at("2026-11-29T03:20")
    run = TimerRun(command="x", tried_at=tried, unfinished_since=tried)
    assert not is_due(timer, run, tried + AGAIN - timedelta(minutes=1))
    assert is_due(timer, run, tried + AGAIN)


def test_a_clock_that_jumped_and_was_put_back_keeps_no_timer_from_running() -> None:
    timer = Timer("x", MINUTELY, "")
    run = TimerRun(command="x", tried_at=NOON + timedelta(days=3653))
    assert is_due(timer, run, NOON)
    run.tried_at = NOON + timedelta(seconds=20)  # put right by some seconds
    assert not is_due(timer, run, NOON)


# --- what runs, and in which order


class Alone:
    """Leads as long as it is told to."""

    def __init__(self) -> None:
        self.may = True

    def leads(self) -> bool:
        return self.may

    def resign(self) -> None:
        self.may = False


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


# --- beside


@pytest.fixture
def one_child(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Clockwork]]:
    """A clockwork whose long timers are this piece of Python instead."""
    made: list[Clockwork] = []
    popen = subprocess.Popen

    def begin(script: str) -> Clockwork:
        started = lambda words: popen([sys.executable, "-c", script])  # noqa: E731
        fake = SimpleNamespace(Popen=started, TimeoutExpired=subprocess.TimeoutExpired)
        monkeypatch.setattr(clockwork, "subprocess", fake)
        made.append(Clockwork(Alone(), lambda line: None))
        return made[-1]

    yield begin
    for works in made:
        works.end_beside()


A, B = (
    Timer(name, DailyRecurrence("03:20"), "") for name in ("erase_due", "write_facts")
)


@pytest.mark.django_db
def test_long_timers_run_one_at_a_time(
    one_child: Callable[[str], Clockwork],
) -> None:
    works = one_child("import time; time.sleep(60)")
    works.run_beside(A)
    works.run_beside(B)
    assert works.is_busy_beside()
    assert TimerRun.objects.get(command=A.command).tried_at is not None
    assert not TimerRun.objects.filter(command=B.command).exists()


@pytest.mark.django_db
def test_a_long_timer_that_is_killed_leaves_the_place_to_the_next(
    one_child: Callable[[str], Clockwork],
) -> None:
    works = one_child("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    works.run_beside(A)
    assert works.beside is not None
    works.beside.wait()
    works.run_beside(B)
    assert TimerRun.objects.get(command=A.command).unfinished_since is not None
    assert TimerRun.objects.get(command=B.command).tried_at is not None


@pytest.mark.django_db
def test_a_long_timer_ends_with_the_process(
    one_child: Callable[[str], Clockwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clockwork, "FAREWELL", timedelta(seconds=1))
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    works = one_child(f"{deaf}; time.sleep(60)")
    works.run_beside(A)
    child = works.beside
    assert child is not None
    time.sleep(0.3)
    works.end_beside()
    assert child.poll() is not None


@pytest.mark.django_db
def test_a_short_timer_ends_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had begun is undone, and tried again."""
    monkeypatch.setattr(clockwork, "FAREWELL", timedelta(seconds=0.1))
    said: list[timedelta] = []
    works = Clockwork(Alone(), print, lambda within: said.append(within))

    def told_to_stop(command: str) -> None:
        works.stop()
        time.sleep(30)

    monkeypatch.setattr(clockwork, "call_command", told_to_stop)
    claim(A, timezone.now())
    works.run_here(A)

    assert "TookTooLong" in TimerRun.objects.get(command=A.command).error
    assert said == [clockwork.SHORT + clockwork.ROUND, clockwork.ROUND]


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
