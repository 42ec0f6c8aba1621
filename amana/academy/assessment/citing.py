"""What decided a verdict: a passage of the text, a place in a file, or a test."""

from uuid import UUID

from amana.academy.assessment.engine import judging
from amana.academy.assessment.models import HandIn
from amana.academy.courses.models import Event, EventQuerySet, Verb
from amana.ui.typed import small_int

LONGEST = 2000


def cites(hand_in: HandIn, where: str, passage: str) -> bool:
    """Check whether what is cited is there: a verdict that nothing decided is none."""
    kind, _colon, id = where.partition(":")
    if len(passage) > LONGEST:
        return False
    if kind == "text":
        return judging.says(hand_in.words, passage)
    if kind == "file":
        number = small_int(id)
        there = number is not None and hand_in.files.filter(pk=number).exists()
        return there and bool(passage.strip())
    test = as_uuid(id) if kind == "event" else None
    return test is not None and tests_of(hand_in).filter(pk=test).exists()


def tests_of(hand_in: HandIn) -> EventQuerySet:
    """Find the tests on the same module that the learner handed in."""
    return Event.objects.filter(
        enrolment=hand_in.enrolment_id, object=hand_in.module, verb=Verb.SUBMITTED
    )


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
