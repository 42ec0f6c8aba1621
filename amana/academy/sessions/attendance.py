"""Who came to a session, and for how long: counted from what happened, by page, door
and paper alike."""

from collections.abc import Set
from dataclasses import dataclass

from django.utils import timezone

from amana.academy.courses.models import Enrolment
from amana.academy.sessions.engine import minutes
from amana.academy.sessions.engine.room_state import RoomAct
from amana.academy.sessions.models import Participant, RoomEvent, Session
from amana.trust.access.models import User

MOST_OF_IT = 2 / 3
"""Of a session's time: a participant who was there for so long has attended it."""


@dataclass(frozen=True)
class AttendanceRecord:
    person: User
    minutes: int
    ways: Set[str]
    listed: int | None


def list_participants(session: Session) -> list[User]:
    """List everyone who has a place in the cohort, by name."""
    seated = session.cohort.applications.taking_part().values("person")
    return list(User.objects.filter(pk__in=seated).order_by("name", "pk"))


def list_attendance(session: Session) -> list[AttendanceRecord]:
    """List, for the facilitator, a line for each person who has a place."""
    seats = {seat.person_id: seat for seat in session.seats.all()}
    events = RoomEvent.objects.since(session, 0)
    stays = compute_stays(session, list(seats.values()), events)
    lines = []
    for person in list_participants(session):
        seat = seats.get(person.pk)
        stay = stays.get(seat.number) if seat else None
        if stay is None:
            lines.append(AttendanceRecord(person, 0, frozenset(), None))
            continue
        # Within the session's own time: an early arrival doesn't make up for leaving
        # early.
        counted = minutes.count_minutes(
            stay, starts=session.starts_at, ends=session.ends_at
        )
        listed = stay.listed if "listed" in stay.ways else None
        lines.append(AttendanceRecord(person, counted, frozenset(stay.ways), listed))
    return lines


def compute_stays(
    session: Session, seats: list[Participant], events: list[RoomAct]
) -> dict[int, minutes.RoomStay]:
    return minutes.compute_stays(
        events,
        until=min(timezone.now(), session.ends_at),
        seen={seat.number: seat.seen_at for seat in seats},
    )


def find_attended_modules(enrolment: Enrolment) -> set[str]:
    """Find the modules in whose session this learner took part for most of its time."""
    seats = Participant.objects.filter(
        person=enrolment.person_id, session__cohort__version=enrolment.version_id
    ).select_related("session")
    return {seat.session.module for seat in seats if was_present(seat)}


def was_present(seat: Participant) -> bool:
    session = seat.session
    events = RoomEvent.objects.for_minutes_of(seat).since(session, 0)
    stay = compute_stays(session, [seat], events).get(seat.number)
    if stay is None:
        return False
    counted = minutes.count_minutes(
        stay, starts=session.starts_at, ends=session.ends_at
    )
    length = (session.ends_at - session.starts_at).total_seconds() / 60
    return counted >= MOST_OF_IT * length
