"""What can be done about where to begin: answer, and count as known what one chose."""

from collections.abc import Collection, Mapping
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from amana.academy.courses import actions as learning
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import lesson_order, marking
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.events import learned
from amana.academy.courses.models import Enrolment, Event, LearningVerb
from amana.academy.courses.rules import learn
from amana.academy.practice.placement.placement_status import find_placed
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def record_placement(
    enrolment: Enrolment,
    sector: str,
    answers: Mapping[str, Given],
    *,
    by: User,
    id: UUID,
) -> Event:
    """Record answers to the questions of one sector; what is left out isn't known."""
    learn.require(by, enrolment)
    about = lesson_order.build_placement(load_content(enrolment.version))
    asked = about.sector(sector) if about else None
    if about is None or asked is None:
        raise Refused(_("This sector is not in the course."))
    names = {ask.question for ask in asked.asks}
    for name, given in answers.items():
        if name not in names or not marking.is_answer(about.questions[name], given):
            raise Refused(_("This is not an answer to that question."))
    result = {"answers": dict(answers)}
    event, new = learning.record_event(
        id, enrolment, LearningVerb.PLACED, sector, result
    )
    if new:
        log.record("took placement", enrolment, by=by)
    return event


@transaction.atomic
def record_known_lessons(
    enrolment: Enrolment, lessons: Collection[str], *, by: User, id: UUID
) -> None:
    """Count as read the lessons that the learner chose, of those whose questions were
    right."""
    learn.require(by, enrolment)
    standing = find_placed(enrolment)
    known = standing.proposal.known if standing else frozenset()
    if not lessons:
        raise Refused(_("Choose at least one lesson."))
    if not known.issuperset(lessons):
        raise Refused(_("Your answers don’t show that you know all of these."))
    kept = [
        # The ids follow from that of the form, so the same form counts once, however
        # often it is sent.
        learning.record_event(
            uuid5(id, path), enrolment, LearningVerb.READ, path, {"known": True}
        )
        for path in sorted(lessons)
    ]
    if any(new for _event, new in kept):
        log.record("counted as known", enrolment, by=by)
        learned.send(Enrolment, enrolment=enrolment)
