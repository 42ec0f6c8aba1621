"""A clock says in words what is due, what is late and what was done in time."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from amana.ui import clocks


@pytest.mark.parametrize(
    ("left", "tone", "words"),
    [
        (timedelta(seconds=30), "due", "due in less than a minute"),
        (timedelta(minutes=59, seconds=30), "due", "due in 59 min"),
        (timedelta(hours=3, minutes=59), "due", "due in 3 h"),
        (timedelta(hours=23, minutes=30), "due", "due in 23 h"),
        (timedelta(hours=47, minutes=30), "plain", "due in 1 day"),
        (timedelta(days=2, minutes=1), "plain", "due in 2 days"),
        (-timedelta(minutes=1, seconds=5), "late", "1 min late"),
        (-timedelta(hours=23), "late", "23 h late"),
        (-timedelta(hours=43), "late", "1 day late"),
        (-timedelta(days=9), "late", "9 days late"),
    ],
)
def test_a_running_clock_says_how_long(left: timedelta, tone: str, words: str) -> None:
    reading = clocks.read_clock(timezone.now() + left)
    assert (reading.tone, reading.words) == (tone, words)


def test_a_met_clock_says_whether_it_was_in_time() -> None:
    now = timezone.now()
    assert clocks.read_clock(now, now) == clocks.ClockReading("good", "done on time")
    late = clocks.read_clock(now, now + timedelta(hours=2))
    assert late == clocks.ClockReading("plain", "done 2 h late")


def test_there_may_be_no_deadline() -> None:
    assert clocks.read_clock(None).words == "no deadline"


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "ساعة"), (2, "ساعتين"), (3, "3 ساعات"), (11, "11 ساعة")]
)
def test_arabic_counts_as_arabic_does(hours: int, words: str) -> None:
    with translation.override("ar"):
        assert clocks.format_duration(timedelta(hours=hours)) == words
