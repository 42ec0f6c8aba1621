"""Who came: by a code at the door, by a list on paper; and one's own calendar."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.sessions import doors
from amana.academy.sessions.actions.keeping import add_event
from amana.academy.sessions.actions.taking_part import get_seat
from amana.academy.sessions.engine.room_state import RoomVerb
from amana.academy.sessions.models import CalendarKey, RoomEvent, Session
from amana.academy.sessions.rules import attend_session, lead_session
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def arrive(session: Session, code: str, *, by: User) -> None:
    """Record that a person came, by what is shown at the door at this minute: the
    square, or the number. Raises `Refused`.
    """
    attend_session.require(by, session)
    if session.cancelled_at:
        raise Refused(_("This session is cancelled."))
    if not doors.is_valid_code(session, code):
        raise Refused(_("This code is no longer valid. Use the one shown now."))
    seat = get_seat(session, by)
    known = RoomEvent.objects.filter(seat=seat, verb=RoomVerb.ARRIVED)
    if not known.exists():
        add_event(session, RoomVerb.ARRIVED, id=uuid4(), seat=seat)
        log.record("arrived at session", session, by=by)


@transaction.atomic
def list_on_paper(
    session: Session, person: User, minutes: int, *, by: User, id: UUID
) -> None:
    """Record attendance as it is on the list that was signed; the last entry counts."""
    lead_session.require(by, session)
    if not attend_session.permits(person, session):
        raise Refused(_("This person has no place in the cohort."))
    length = (session.ends_at - session.starts_at).total_seconds() / 60
    if not 0 <= minutes <= length:
        raise Refused(_("The session did not last that long. Enter fewer minutes."))
    seat = get_seat(session, person)
    if add_event(session, RoomVerb.LISTED, id=id, seat=seat, data={"minutes": minutes}):
        log.record("noted attendance", session, by=by, seat=seat.number)


@transaction.atomic
def end_calendar(*, by: User) -> None:
    """End a calendar address, and make none."""
    if CalendarKey.objects.filter(person=by).delete()[0]:
        log.record("ended calendar address", by, by=by)


@transaction.atomic
def renew_calendar(*, by: User) -> CalendarKey:
    """Make a new calendar address; the old one shows nothing from now on."""
    made = {"key": uuid4(), "made_at": timezone.now()}
    key, _new = CalendarKey.objects.update_or_create(person=by, defaults=made)
    log.record("renewed calendar address", by, by=by)
    return key
