"""For how long somebody took part: from what happened, never typed in twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from amana.academy.sessions.engine.room import Happened, Verb


@dataclass
class Stay:
    """One seat: when it was taken and left, and how that is known."""

    since: datetime | None = None
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    listed: int = 0
    ways: set[str] = field(default_factory=set)
    """`joined`, `arrived`, `listed`."""


def stays(
    events: Iterable[Happened], *, until: datetime, seen: Mapping[int, datetime]
) -> dict[int, Stay]:
    """Compute each seat's stay. `until`: when the session ended, or now. `seen`: when a
    seat was last heard of; a person who vanished without leaving was there until then,
    and no longer.
    """
    found: dict[int, Stay] = defaultdict(Stay)
    at_the_door = set()
    for event in events:
        if event.seat is None:
            if event.verb == Verb.CLOSED:
                until = min(until, event.at)
            continue
        stay = found[event.seat]
        match event.verb:
            case Verb.JOINED | Verb.ARRIVED:
                stay.ways.add(event.verb)
                stay.since = stay.since or event.at
                if event.verb == Verb.ARRIVED:
                    at_the_door.add(event.seat)
            case Verb.LEFT:
                close(stay, event.at)
            case Verb.LISTED:
                stay.ways.add(event.verb)
                stay.listed = int(event.data["minutes"])
    for seat, stay in found.items():
        # Who came by the code at the door has no page that reports: they stay to the
        # end.
        heard_of = until if seat in at_the_door else seen.get(seat, until)
        close(stay, min(until, heard_of))
    return dict(found)


def close(stay: Stay, at: datetime) -> None:
    if stay.since is not None and at > stay.since:
        stay.spans.append((stay.since, at))
    stay.since = None


def minutes_of(stay: Stay, *, starts: datetime, ends: datetime) -> int:
    """Count minutes within the session's own time; what is on the paper list counts
    too.
    """
    total = timedelta()
    reached = starts
    for begin, end in sorted(stay.spans):
        # From where the last one ended: a person with two browsers is there once.
        begin, end = max(begin, reached), min(end, ends)
        if end > begin:
            total += end - begin
            reached = end
    return max(round(total / timedelta(minutes=1)), stay.listed)
