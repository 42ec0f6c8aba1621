"""For how long a participant was there: from what happened, never typed in twice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from amana.academy.sessions.engine.room_state import RoomAct, RoomVerb


@dataclass
class RoomStay:
    """One seat: when it was taken and left, and how that is known."""

    since: datetime | None = None
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    listed: int = 0
    ways: set[str] = field(default_factory=set)
    """`joined`, `arrived`, `listed`."""


def compute_stays(
    events: Iterable[RoomAct], *, until: datetime, seen: Mapping[int, datetime]
) -> dict[int, RoomStay]:
    """Compute each seat's stay. `until`: when the session ended, or now. `seen`: when a
    seat was last heard of; a person who vanished without leaving was there until then,
    and no longer.
    """
    found: dict[int, RoomStay] = defaultdict(RoomStay)
    at_the_door = set()
    for event in events:
        if event.seat is None:
            if event.verb == RoomVerb.CLOSED:
                until = min(until, event.at)
            continue
        stay = found[event.seat]
        match event.verb:
            case RoomVerb.JOINED | RoomVerb.ARRIVED:
                stay.ways.add(event.verb)
                stay.since = stay.since or event.at
                if event.verb == RoomVerb.ARRIVED:
                    at_the_door.add(event.seat)
            case RoomVerb.LEFT:
                close_stay(stay, event.at)
            case RoomVerb.LISTED:
                stay.ways.add(event.verb)
                stay.listed = int(event.data["minutes"])
    for seat, stay in found.items():
        # Who came by the code at the door has no page that reports: they stay to the
        # end.
        heard_of = until if seat in at_the_door else seen.get(seat, until)
        close_stay(stay, min(until, heard_of))
    return dict(found)


def close_stay(stay: RoomStay, at: datetime) -> None:
    if stay.since is not None and at > stay.since:
        stay.spans.append((stay.since, at))
    stay.since = None


def count_minutes(stay: RoomStay, *, starts: datetime, ends: datetime) -> int:
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
