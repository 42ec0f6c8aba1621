"""Lengths of time, and the moments that they end at by the calendar of a place."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import ClassVar

ONE_DAY = timedelta(days=1)
NO_DAY_LEFT = timedelta(days=400)


class UnworkableCalendar(ValueError):
    """A calendar without a working day, or with hours that end before they begin."""


@dataclass(frozen=True)
class Calendar:
    """When people work at a place. Days count from Monday, which is 0."""

    zone: tzinfo = UTC
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: Container[date] = frozenset()
    opens: time = time(8)
    closes: time = time(16)

    def __post_init__(self) -> None:
        if self.opens >= self.closes or self.weekend >= set(range(7)):
            raise UnworkableCalendar

    def works(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """Find the first working day after `day`. Raises `UnworkableCalendar` when
        there is
        none.
        """
        # Holidays may be listed so that no working day is left: the search has to end.
        last = day + NO_DAY_LEFT
        while day < last:
            day += ONE_DAY
            if self.works(day):
                return day
        raise UnworkableCalendar

    def last_working_day(self, day: date) -> date:
        """Find the last working day before `day`. Raises `UnworkableCalendar` when
        there is
        none.
        """
        first = day - NO_DAY_LEFT
        while day > first:
            day -= ONE_DAY
            if self.works(day):
                return day
        raise UnworkableCalendar

    def working(self, at: datetime) -> datetime:
        """Return `at`, or when people are next at work if they aren't then."""
        local = at.astimezone(self.zone)
        if self.works(local.date()):
            if local.time() < self.opens:
                return self.opening(local.date())
            if local.time() <= self.closes:
                return local
        return self.opening(self.next_working_day(local.date()))

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.opens, self.zone)


@dataclass(frozen=True)
class TimeSpan:
    """A length of time that a calendar turns into a moment."""

    amount: int
    code: ClassVar[str]
    unit: ClassVar[str]

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        raise NotImplementedError

    def before(self, end: datetime, calendar: Calendar) -> datetime:
        """Compute the moment so long before `end`: when to remind of it."""
        raise NotImplementedError

    @property
    def written(self) -> str:
        """As an author writes it: PT24H, P10B."""
        return self.code.format(self.amount)

    @property
    def words(self) -> tuple[str, int]:
        """The unit, to be named in the reader's language, and how many of it."""
        return self.unit, self.amount

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.amount} {unit.removesuffix('s') if self.amount == 1 else unit}"


class Minutes(TimeSpan):
    """By the clock, day and night."""

    code, unit = "PT{}M", "minutes"

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        # In UTC: on the day that clocks change, local arithmetic would make an hour too
        # many or too few.
        return start.astimezone(UTC) + timedelta(minutes=self.amount)

    def before(self, end: datetime, calendar: Calendar) -> datetime:
        return end.astimezone(UTC) - timedelta(minutes=self.amount)


class Hours(TimeSpan):
    """By the clock, day and night."""

    code, unit = "PT{}H", "hours"

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        return start.astimezone(UTC) + timedelta(hours=self.amount)

    def before(self, end: datetime, calendar: Calendar) -> datetime:
        return end.astimezone(UTC) - timedelta(hours=self.amount)


class Days(TimeSpan):
    """The same time of day, so many dates later, weekends and holidays counted."""

    code, unit = "P{}D", "days"

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        # In local time: a deadline at ten o'clock stays at ten when clocks change.
        local = start.astimezone(calendar.zone)
        return (local + timedelta(days=self.amount)).astimezone(UTC)

    def before(self, end: datetime, calendar: Calendar) -> datetime:
        local = end.astimezone(calendar.zone)
        return (local - timedelta(days=self.amount)).astimezone(UTC)


class WorkingDays(TimeSpan):
    """The same time of day, so many working days later; what comes when no one is at
    work counts as having come when they next are."""

    code, unit = "P{}B", "working_days"

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        local = calendar.working(start)
        day = local.date()
        for _ in range(self.amount):
            day = calendar.next_working_day(day)
        return datetime.combine(day, local.time(), calendar.zone).astimezone(UTC)

    def before(self, end: datetime, calendar: Calendar) -> datetime:
        local = end.astimezone(calendar.zone)
        day = local.date()
        for _ in range(self.amount):
            day = calendar.last_working_day(day)
        return datetime.combine(day, local.time(), calendar.zone).astimezone(UTC)


class InvalidTimeSpan(ValueError):
    """These words are not a length of time."""


UNITS: dict[str, type[TimeSpan]] = {
    "TM": Minutes,
    "TH": Hours,
    "D": Days,
    "B": WorkingDays,
}
WRITTEN = re.compile(r"P(T(?=\d+[MH]))?([1-9]\d{0,3})([MHDB])", re.ASCII)
LONGEST = 3660
"""Days; ten years. What is longer is a slip of the pen."""


def parse_span(words: object) -> TimeSpan:
    """Parse PT30M, PT24H, P5D, P10B: minutes, hours, days, working days. Raises
    `InvalidTimeSpan`.
    """
    found = WRITTEN.fullmatch(words) if isinstance(words, str) else None
    unit = UNITS.get((found[1] or "") + found[3]) if found else None
    if not found or not unit:
        raise InvalidTimeSpan(words)
    amount = int(found[2])
    if unit in (Days, WorkingDays) and amount > LONGEST:
        raise InvalidTimeSpan(words)
    return unit(amount)
