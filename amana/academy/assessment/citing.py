"""What decided a verdict: a passage of the text, a place in a file, or a test."""

from uuid import UUID

from amana.academy.assessment.engine import judging
from amana.academy.assessment.models import HandIn
from amana.academy.courses.models import Event, EventQuerySet, LearningVerb
from amana.ui.typed import parse_small_int

LONGEST = 2000


def has_citation(hand_in: HandIn, where: str, passage: str) -> bool:
    """Check whether what is cited is there: a verdict that nothing decided is none."""
    kind, _colon, id = where.partition(":")
    if len(passage) > LONGEST:
        return False
    if kind == "text":
        return judging.has_passage(hand_in.words, passage)
    if kind == "file":
        number = parse_small_int(id)
        there = number is not None and hand_in.files.filter(pk=number).exists()
        return there and bool(passage.strip())
    test = parse_uuid(id) if kind == "event" else None
    return test is not None and find_tests(hand_in).filter(pk=test).exists()


def find_tests(hand_in: HandIn) -> EventQuerySet:
    """Find the tests on the same module that the learner handed in."""
    return Event.objects.filter(
        enrolment=hand_in.enrolment_id,
        object=hand_in.module,
        verb=LearningVerb.SUBMITTED,
    )


def parse_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
