"""What the leader of a session does in its room."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.sessions.actions.keeping import add_event, get_open_room
from amana.academy.sessions.engine import captions, groups
from amana.academy.sessions.engine.room_state import RoomVerb
from amana.academy.sessions.labels import WRONG_WITH_CAPTIONS
from amana.academy.sessions.models import Captions, Session
from amana.academy.sessions.plans import get_plan
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.rules import lead_session
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def open_room(session: Session, *, by: User, id: UUID) -> None:
    """Open the room; also again, if it was closed by mistake."""
    lead_session.require(by, session)
    if session.cancelled_at:
        raise Refused(_("This session is cancelled."))
    if not get_room(session.pk).is_open:
        lead_room(session, RoomVerb.OPENED, by=by, id=id)


@transaction.atomic
def close_room(session: Session, *, by: User, id: UUID) -> None:
    lead_session.require(by, session)
    get_open_room(session)
    # Stays end now, so that minutes are counted; a closed room takes no more events.
    for seat in session.seats.filter(present=True):
        add_event(session, RoomVerb.LEFT, id=_derived(id, seat.number), seat=seat)
    session.seats.filter(present=True).update(present=False)
    lead_room(session, RoomVerb.CLOSED, by=by, id=id)


@transaction.atomic
def go_to_step(session: Session, place: int, *, by: User, id: UUID) -> None:
    """Go to a step, with the time that the plan gives it, counted from now."""
    lead_session.require(by, session)
    room = get_open_room(session)
    plan = get_plan(session)
    if not 0 <= place < len(plan.steps):
        raise Refused(_("This step is not in the plan."))
    until = timezone.now() + timedelta(minutes=plan.steps[place].minutes)
    # Groups stay together only over steps in groups.
    if room.divided and plan.steps[place].kind != "breakout":
        lead_room(session, RoomVerb.GATHERED, by=by, id=_derived(id, 0))
    _step(session, place, until.isoformat(), by=by, id=id)


@transaction.atomic
def extend_step(session: Session, minutes: int, *, by: User, id: UUID) -> None:
    """Add a few minutes to the step in which everyone is."""
    lead_session.require(by, session)
    room = get_open_room(session)
    if room.step is None or not 1 <= minutes <= 60:
        raise Refused(_("No step is under way that time could be added to."))
    # From now on, if the time is over already: two minutes more must not be in the
    # past.
    begins = max(room.until or timezone.now(), timezone.now())
    until = begins + timedelta(minutes=minutes)
    _step(session, room.step, until.isoformat(), by=by, id=id)


@transaction.atomic
def ask(session: Session, poll: str, *, by: User, id: UUID) -> None:
    """Publish a poll of the plan; everyone in the room sees it at once."""
    lead_session.require(by, session)
    get_open_room(session)
    if poll not in get_plan(session).poll_by_key:
        raise Refused(_("This poll is not in the plan."))
    lead_room(session, RoomVerb.ASKED, by=by, id=id, object=poll)


@transaction.atomic
def stop_asking(session: Session, poll: str, *, by: User, id: UUID) -> None:
    lead_session.require(by, session)
    room = get_open_room(session)
    if poll not in room.polls:
        raise Refused(_("This poll is not in the plan."))
    lead_room(session, RoomVerb.STOPPED, by=by, id=id, object=poll)


@transaction.atomic
def divide(session: Session, size: int, *, by: User, id: UUID) -> None:
    """Divide everyone who is there into groups of about this size, by lot."""
    lead_session.require(by, session)
    room = get_open_room(session)
    if not 2 <= size <= 30:
        raise Refused(_("A group must have from 2 to 30 people."))
    if len(room.present) < 2:
        raise Refused(_("There are not enough people in the room for groups."))
    made = groups.divide(room.present, size, str(id))
    data = {"groups": [list(members) for members in made]}
    lead_room(session, RoomVerb.DIVIDED, by=by, id=id, data=data)


@transaction.atomic
def gather(session: Session, *, by: User, id: UUID) -> None:
    """Bring everyone back into the one room."""
    lead_session.require(by, session)
    get_open_room(session)
    lead_room(session, RoomVerb.GATHERED, by=by, id=id)


@transaction.atomic
def add_captions(
    session: Session, language: str, file: bytes, *, by: User, id: UUID
) -> Captions:
    """Add captions of what was said, as WebVTT; a later file replaces an earlier
    one.
    """
    lead_session.require(by, session)
    try:
        captions.read(file)
    except captions.FaultyCaptions as faulty:
        raise Refused(
            WRONG_WITH_CAPTIONS[faulty.what] % {"line": faulty.line}
        ) from faulty
    said = {
        "text": file.decode("utf-8-sig"),
        "added_by": by,
        "added_at": timezone.now(),
    }
    kept, _new = Captions.objects.update_or_create(
        session=session, language=language, defaults=said
    )
    lead_room(session, RoomVerb.CAPTIONED, by=by, id=id, object=language)
    return kept


def _step(session: Session, place: int, until: str, *, by: User, id: UUID) -> None:
    data = {"until": until}
    lead_room(session, RoomVerb.STEPPED, by=by, id=id, object=str(place), data=data)


def lead_room(
    session: Session, verb: RoomVerb, *, by: User, id: UUID, **said: Any
) -> None:
    """Add what a leader does to the room, and to the log."""
    if add_event(session, verb, id=id, **said):
        log.record("led session", session, by=by, what=verb.value)


def _derived(id: UUID, number: int) -> UUID:
    """Derive another id for what goes along with an event, the same each time it is
    sent.
    """
    return uuid5(id, str(number))
