"""What a participant does in the room. A raised hand or an answer is kept in the room's
own record, which is only added to; the log records who came in and what was
written."""

from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.sessions.actions.keeping import add_event, get_open_room
from amana.academy.sessions.engine import groups
from amana.academy.sessions.engine.plan import LARGEST_MESH
from amana.academy.sessions.engine.room_state import ALL, PACES, RoomState, RoomVerb
from amana.academy.sessions.models import (
    SILENT_AFTER,
    CallSignal,
    Note,
    Participant,
    Session,
    VideoService,
)
from amana.academy.sessions.plans import get_plan
from amana.academy.sessions.rules import attend_session, lead_session, see_session
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log

LONGEST_TICKET = 500
LONGEST_NOTE = 20_000


def get_seat(session: Session, person: User) -> Participant:
    """Get the person's number in this session, given when they come the first time."""
    if found := session.seats.filter(person=person).first():
        return found
    # Two who come at once must not get one number.
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
    last = session.seats.aggregate(last=Max("number"))["last"] or 0
    seat, _new = Participant.objects.get_or_create(
        session=session, person=person, defaults={"number": last + 1}
    )
    return seat


@transaction.atomic
def enter_room(session: Session, *, by: User) -> Participant:
    """Enter the open room, or return to it."""
    attend_session.require(by, session)
    room = get_open_room(session)
    seat = get_seat(session, by)
    if not seat.present:
        Participant.objects.filter(pk=seat.pk).update(
            present=True, seen_at=timezone.now()
        )
        add_event(session, RoomVerb.JOINED, id=uuid4(), seat=seat)
        log.record("joined session", session, by=by)
        if room.divided and room.group_of(seat.number) is None:
            made = groups.add_latecomer(room.groups, seat.number)
            data = {"groups": [list(members) for members in made], "late": True}
            add_event(session, RoomVerb.DIVIDED, id=uuid4(), data=data)
        seat.present = True
    return seat


def record_presence(session: Session, *, by: User) -> None:
    """Record, each minute, by the page itself, that a person is there: a person who
    sends nothing any more has left.
    """
    see_session.require(by, session)
    silent = session.seats.silent()
    mine = silent.filter(person=by).first() or session.seats.filter(person=by).first()
    if mine and mine.present and mine.seen_at > timezone.now() - SILENT_AFTER:
        Participant.objects.filter(pk=mine.pk).update(seen_at=timezone.now())
    # Any page that is open does this for all: no timer has to.
    for seat in silent:
        _end_stay(session, seat)
    if mine:
        enter_room(session, by=by)


@transaction.atomic
def leave(session: Session, *, by: User) -> None:
    """Leave the room, for now or for good."""
    attend_session.require(by, session)
    seat = _seat(session, by)
    if Participant.objects.filter(pk=seat.pk, present=True).update(present=False):
        add_event(session, RoomVerb.LEFT, id=uuid4(), seat=seat)
        log.record("left session", session, by=by)


@transaction.atomic
def _end_stay(session: Session, seat: Participant) -> None:
    """End a stay as of when the seat was last heard of."""
    # Compared in the update: a page that reports at this moment keeps its seat.
    free = Participant.objects.filter(pk=seat.pk, present=True, seen_at=seat.seen_at)
    if free.update(present=False):
        add_event(session, RoomVerb.LEFT, id=uuid4(), seat=seat, at=seat.seen_at)


@transaction.atomic
def answer_poll(
    session: Session, poll: str, choice: int, *, by: User, id: UUID
) -> None:
    """Answer a poll with one of its options; while it is open, a person may change the
    answer.
    """
    attend_session.require(by, session)
    room = get_open_room(session)
    asked = get_plan(session).poll_by_key.get(poll)
    if asked is None or not 0 <= choice < len(asked.options):
        raise Refused(_("This is not an answer to that question."))
    if poll not in room.polls or not room.polls[poll].open:
        raise Refused(_("This poll is not open for answers."))
    _keep(session, RoomVerb.ANSWERED, by, id, poll, {"choice": choice})


@transaction.atomic
def raise_hand(session: Session, up: bool, *, by: User, id: UUID) -> None:
    attend_session.require(by, session)
    get_open_room(session)
    _keep(session, RoomVerb.HAND, by, id, data={"up": up})


@transaction.atomic
def signal_pace(session: Session, pace: str, *, by: User, id: UUID) -> None:
    """Signal slower, faster, or as it is."""
    attend_session.require(by, session)
    get_open_room(session)
    if pace not in PACES:
        raise Refused(_("This signal does not exist."))
    _keep(session, RoomVerb.PACE, by, id, pace)


@transaction.atomic
def submit_ticket(session: Session, text: str, *, by: User, id: UUID) -> None:
    """Submit what a person takes along; the facilitator sees it without a name."""
    attend_session.require(by, session)
    get_open_room(session)
    text = text.strip()
    if not text or len(text) > LONGEST_TICKET:
        raise Refused(
            _("Write a sentence or two, up to %(most)s characters.")
            % {"most": LONGEST_TICKET}
        )
    _keep(session, RoomVerb.TICKET, by, id, data={"text": text})


@transaction.atomic
def write_note(session: Session, board: str, text: str, *, seen: int, by: User) -> Note:
    """Write the whole text again, unless another person wrote since: then both texts
    are shown.
    """
    see_session.require(by, session)
    room = get_open_room(session)
    seat = session.seats.filter(person=by).first()
    if not may_write(session, room, board, seat, by):
        raise Refused(_("These notes belong to another group."))
    if len(text) > LONGEST_NOTE:
        raise Refused(_("The notes are too long."))
    newest = session.notes.filter(board=board).newest()
    if (newest.version if newest else 0) != seen:
        raise Changed(_("Someone else has written in these notes in the meantime."))
    note = Note.objects.create(
        session=session, board=board, version=seen + 1, text=text, written_by=by
    )
    add_event(
        session,
        RoomVerb.NOTED,
        id=uuid4(),
        seat=seat,
        object=board,
        data={"version": note.version},
    )
    log.record("wrote session notes", session, by=by)
    return note


@transaction.atomic
def report_back(session: Session, board: str, *, by: User, id: UUID) -> None:
    """Show a group's notes to everyone."""
    see_session.require(by, session)
    room = get_open_room(session)
    seat = session.seats.filter(person=by).first()
    if board == ALL or not may_write(session, room, board, seat, by):
        raise Refused(_("These notes belong to another group."))
    if add_event(session, RoomVerb.REPORTED, id=id, seat=seat, object=board):
        log.record("wrote session notes", session, by=by)


@transaction.atomic
def send_signal(session: Session, to: int, text: str, *, by: User, id: UUID) -> None:
    """Send a signal from browser to browser, within a group of up to five."""
    attend_session.require(by, session)
    room = get_open_room(session)
    seat = _seat(session, by)
    group = room.group_of(seat.number)
    members = room.groups[group - 1] if group else ()
    if (
        session.video != VideoService.MESH
        or not room.divided
        or len(members) > LARGEST_MESH
    ):
        raise Refused(_("There are no calls in this group."))
    if to not in members or to == seat.number:
        raise Refused(_("This person is not in your group."))
    if not text or len(text) > LONGEST_NOTE:
        raise Refused(_("This signal does not exist."))
    # Signals hold network addresses: they are deleted as soon as they can't be of use.
    CallSignal.objects.old().delete()
    receiver = session.seats.get(number=to)
    if add_event(session, RoomVerb.RANG, id=id, seat=seat, object=str(to)):
        CallSignal.objects.create(session=session, sender=seat, to=receiver, text=text)


def may_write(
    session: Session,
    room: RoomState,
    board: str,
    seat: Participant | None,
    person: User,
) -> bool:
    """Return whether a person may write: everyone in the notes of all; in a group's,
    its members and the facilitators.
    """
    if board == ALL or board in room.boards:
        group = room.group_of(seat.number) if seat else None
        own = room.board_of(group) if group else ""
        return board in (ALL, own) or lead_session.permits(person, session)
    return False


def _seat(session: Session, person: User) -> Participant:
    seat = session.seats.filter(person=person).first()
    if seat is None:
        raise Refused(_("You are not in the room."))
    return seat


def _keep(
    session: Session,
    verb: RoomVerb,
    by: User,
    id: UUID,
    object: str = "",
    data: dict[str, object] | None = None,
) -> None:
    """Add an event of this person, which is a sign of life too."""
    seat = _seat(session, by)
    Participant.objects.filter(pk=seat.pk).update(seen_at=timezone.now())
    add_event(session, verb, id=id, seat=seat, object=object, data=data)
