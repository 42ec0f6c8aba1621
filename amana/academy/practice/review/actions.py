"""What can be done with what was missed: answer it again, and say how hard it was."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from fsrs import Rating

from amana.academy.courses import actions as learning
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import marking
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.models import Enrolment, Event, LearningVerb
from amana.academy.courses.rules import learn
from amana.academy.practice.review.review_status import get_standing
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def review(
    enrolment: Enrolment,
    question: str,
    given: Given,
    rating: Rating,
    *,
    by: User,
    id: UUID,
) -> Event:
    """Record an answer to a question that is asked today. A wrong one comes back soon,
    whatever rating the learner gives. Raises `Refused`.
    """
    learn.require(by, enrolment)
    asked = load_content(enrolment.version).practice.get(question)
    if asked is None or not marking.is_answer(asked, given):
        raise Refused(_("This is not an answer to that question."))
    # The same answer may be sent twice, by a device that had no network: the second
    # time it is no longer due, and still no error.
    told = enrolment.events.filter(pk=id).exists()
    if not told and question not in get_standing(enrolment).today:
        raise Refused(_("This question is not asked today."))
    said = rating if marking.is_right(asked, given) else Rating.Again
    result = {"given": given, "rating": said.value}
    event, new = learning.record_event(
        id, enrolment, LearningVerb.REVIEWED, question, result
    )
    if new:
        log.record("reviewed question", enrolment, by=by)
    return event
