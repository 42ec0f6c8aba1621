"""The local clock of a service, in minutes of the week, through changes of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = 7 * 24 * 60
"""In minutes; the first is Monday 0:00."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def iterate_stretches(
    start: datetime, end: datetime, zone: str
) -> Iterator[tuple[int, int]]:
    """Yield the minutes of the week that the clock there shows from `start` to `end`.

    One stretch, first and last minute included, for each time between two changes of
    the clock: an hour that is left out in spring is in none, and one that comes twice
    in autumn is in two. A stretch may reach into the next week. After a whole week
    every minute has been shown."""
    place = ZoneInfo(zone)
    # In UTC, where no minute is left out and none comes twice.
    first = start.astimezone(UTC).replace(second=0, microsecond=0)
    end = min(end.astimezone(UTC), first + timedelta(minutes=WEEK))
    while first <= end:
        last = find_last_minute(first, end, place)
        minute = compute_week_minute(first, place)
        yield minute, minute + (last - first) // MINUTE
        first = last + MINUTE


def find_last_minute(first: datetime, end: datetime, place: ZoneInfo) -> datetime:
    """Find the last full minute, counted from `first`, until `end` or a change of
    clock."""
    offset = first.astimezone(place).utcoffset()
    # By hours, then by minutes: the library can't be asked for its next change.
    last, step = first, HOUR
    while last + step <= end or step > MINUTE:
        if last + step <= end and (last + step).astimezone(place).utcoffset() == offset:
            last += step
        elif step > MINUTE:
            step = MINUTE
        else:
            break
    return last


def compute_week_minute(moment: datetime, place: ZoneInfo) -> int:
    local = moment.astimezone(place)
    return local.weekday() * 24 * 60 + local.hour * 60 + local.minute
