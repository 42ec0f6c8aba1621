"""What the leader of a session does with its kit: slides, what is for groups, the
feedback form; and how that form is filled in."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.sessions import kits
from amana.academy.sessions.actions.keeping import get_open_room
from amana.academy.sessions.actions.leading import lead_room
from amana.academy.sessions.engine.room_state import RoomState, RoomVerb
from amana.academy.sessions.models import FeedbackCount, FeedbackGiven, Session
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.rules import attend_session, lead_session
from amana.errors import Refused
from amana.trust.access.models import User

OPEN, CLOSED = "open", "closed"
FEEDBACK_FOR = timedelta(days=7)
"""After the end of a session, its form takes no more answers."""
SMALLEST_GROUP = 11
"""Of fewer answers to a question nothing is shown."""


@transaction.atomic
def show_slide(session: Session, number: int, *, by: User, id: UUID) -> None:
    """Show a slide of the kit to everyone in the room; 0 takes it away."""
    lead_session.require(by, session)
    get_open_room(session)
    if not 0 <= number <= kits.count_slides(session):
        raise Refused(_("The session kit has no such slide."))
    lead_room(session, RoomVerb.SHOWED, by=by, id=id, object=str(number))


@transaction.atomic
def share_with_groups(
    session: Session, part: str, groups: Collection[int], *, by: User, id: UUID
) -> None:
    """Hand a piece of the kit to some of the groups; no other group can read it."""
    lead_session.require(by, session)
    room = get_open_room(session)
    if not kits.is_for_groups(session, part):
        raise Refused(_("This piece of the session kit is not for groups."))
    # After they were gathered, a number names a group that no longer meets.
    if not room.divided or not groups:
        raise Refused(_("Divide people into groups first, and choose a group."))
    if not set(groups) <= set(range(1, len(room.groups) + 1)):
        raise Refused(_("There is no group with this number."))
    data = {"part": part, "groups": sorted(set(groups))}
    lead_room(session, RoomVerb.HANDED, by=by, id=id, object="kit", data=data)


@transaction.atomic
def open_feedback(session: Session, *, by: User, id: UUID) -> None:
    """Open the kit’s feedback form for those who take part."""
    lead_session.require(by, session)
    get_open_room(session)
    if not kits.list_questions(session):
        raise Refused(_("The kit of this session has no questions to ask on screen."))
    # Who answers after it was closed could answer twice, and take away from the counts
    # what is known: then they show what one other person said.
    if FeedbackCount.objects.filter(session=session).exists():
        raise Refused(_("It was answered and closed already, so it stays closed."))
    lead_room(session, RoomVerb.FEEDBACK, by=by, id=id, object=OPEN)


@transaction.atomic
def close_feedback(session: Session, *, by: User, id: UUID) -> None:
    """Close the form; who filled it in is deleted, and the counts can be read."""
    lead_session.require(by, session)
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
    if get_room(session.pk).feedback != OPEN:
        raise Refused(_("The feedback form is not open."))
    # From now on nothing tells who answered: it was kept so that no one did so twice.
    FeedbackGiven.objects.filter(session=session).delete()
    lead_room(session, RoomVerb.FEEDBACK, by=by, id=id, object=CLOSED)


@transaction.atomic
def forget_who_gave_feedback() -> int:
    """Forget who filled in forms that take no more answers, closed or not; return how
    many that were."""
    over = Session.objects.filter(ends_at__lt=timezone.now() - FEEDBACK_FOR)
    forgotten, _by_model = FeedbackGiven.objects.filter(session__in=over).delete()
    return forgotten


@transaction.atomic
def give_feedback(session: Session, choices: Mapping[int, int], *, by: User) -> None:
    """Count a person’s answers, by question and option; what they chose is not kept
    with who they are. Questions may be left out."""
    attend_session.require(by, session)
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
    if not is_feedback_open(session, get_room(session.pk)):
        raise Refused(_("The feedback form is not open."))
    questions = kits.list_questions(session)
    for question, option in choices.items():
        known = 0 <= question < len(questions)
        if not known or not 0 <= option < len(questions[question].options):
            raise Refused(_("This is not an answer to that question."))
    # Before anything is counted: a form that was sent twice must not count twice.
    _given, is_new = FeedbackGiven.objects.get_or_create(session=session, person=by)
    if not is_new:
        raise Refused(_("You have filled it in already."))
    for question, option in choices.items():
        count, _new = FeedbackCount.objects.get_or_create(
            session=session, question=question, option=option
        )
        # In the database, so that two who hand in at once are both counted.
        FeedbackCount.objects.filter(pk=count.pk).update(count=F("count") + 1)


def is_feedback_open(session: Session, room: RoomState) -> bool:
    """Check whether the form can be filled in now."""
    return room.feedback == OPEN and timezone.now() < session.ends_at + FEEDBACK_FOR


def list_shown_counts(session: Session) -> dict[int, list[int]]:
    """List the counts of each question’s options, of those questions that enough people
    answered."""
    counts: dict[int, dict[int, int]] = {}
    rows = FeedbackCount.objects.filter(session=session)
    for question, option, count in rows.values_list("question", "option", "count"):
        counts.setdefault(question, {})[option] = count
    return {
        number: [counts[number].get(at, 0) for at in range(len(question.options))]
        for number, question in enumerate(kits.list_questions(session))
        if sum(counts.get(number, {}).values()) >= SMALLEST_GROUP
    }
