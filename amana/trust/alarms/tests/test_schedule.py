"""When each timer is due, and what a server that was off runs later (P40)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
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
from amana.trust.alarms.clockwork import AGAIN, is_due
from amana.trust.alarms.models import TimerRun

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
