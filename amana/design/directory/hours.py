"""Opening hours: spans of minutes since Monday 0:00, by the local clock."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.ui.labels import format_list

DAY = 24 * 60
WEEK = 7 * DAY
ALWAYS = [[0, WEEK]]
MONDAY = date(2024, 1, 1)

type Span = tuple[int, int]


def validate_hours(hours: object) -> None:
    good = isinstance(hours, list) and all(map(is_span, hours))
    if not good:
        raise ValidationError(gettext_lazy("These opening hours can’t be read."))


def is_span(span: object) -> bool:
    """Check for a start within the week, and an end after it, at most a week later."""
    if not isinstance(span, list | tuple) or len(span) != 2:
        return False
    start, end = span
    # Not isinstance: True and False are ints too, and JSON has them.
    if not (type(start) is int and type(end) is int):
        return False
    return 0 <= start < WEEK and start < end <= start + WEEK


def build_span(day: int, opens: int, closes: int) -> Span:
    """Build a span from minutes of a day; it ends past midnight when it closes before
    it opens."""
    start = day * DAY + opens
    return (start, day * DAY + closes + (DAY if closes <= opens else 0))


def label_day(day: int) -> str:
    return date_format(MONDAY + timedelta(days=day), "D")


def format_day_name(day: int) -> str:
    return date_format(MONDAY + timedelta(days=day), "l")


def format_clock(minute: int) -> str:
    hour, minute = divmod(minute % DAY, 60)
    return f"{hour:02}:{minute:02}"


def format_hours(hours: Iterable[Iterable[int]] | None) -> list[str]:
    """Format one line for each run of days with the same hours: "Mon – Thu
    08:30–16:00"."""
    if hours is None:
        return []
    spans = sorted((start, end) for start, end in hours)
    if is_always_open(spans):
        return [_("Day and night, all week")]
    by_day: dict[int, list[str]] = {}
    for start, end in spans:
        words = f"{format_clock(start)}–{format_clock(end)}"
        by_day.setdefault(start // DAY, []).append(words)
    lines: list[tuple[list[int], str]] = []
    for day, words_of_day in sorted(by_day.items()):
        words = format_list(words_of_day)
        if lines and lines[-1][1] == words and lines[-1][0][-1] == day - 1:
            lines[-1][0].append(day)
        else:
            lines.append(([day], words))
    return [f"{format_days(days)} {words}" for days, words in lines]


def format_days(days: list[int]) -> str:
    if len(days) == 1:
        return label_day(days[0])
    return f"{label_day(days[0])} – {label_day(days[-1])}"


def is_open(hours: Iterable[Iterable[int]], zone: str, now: datetime) -> bool:
    """Check whether it is open at this moment, by the local clock there."""
    local = now.astimezone(ZoneInfo(zone))
    minute = local.weekday() * DAY + local.hour * 60 + local.minute
    return any(
        # A week later as well, for hours that reach from Sunday into Monday.
        start <= minute < end or start <= minute + WEEK < end
        for start, end in hours
    )


def find_next_opening(
    hours: Iterable[Iterable[int]], zone: str, now: datetime
) -> datetime | None:
    """Find when it opens after this moment; None where no hours are listed."""
    place = ZoneInfo(zone)
    local = now.astimezone(place)
    monday = datetime.combine(local.date(), datetime.min.time())
    monday -= timedelta(days=local.weekday())
    opens = (
        # Local time first, the zone afterwards: on the day of a clock change minutes
        # added in UTC would be an hour off.
        (monday + timedelta(minutes=start + week)).replace(tzinfo=place).astimezone(UTC)
        for start, _end in hours
        for week in (0, WEEK)
    )
    return min((at for at in opens if at > now), default=None)


def is_always_open(spans: list[Span]) -> bool:
    reached = 0
    for start, end in spans:
        if start > reached:
            return False
        reached = max(reached, end)
    return reached >= WEEK
