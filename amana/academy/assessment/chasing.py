"""The clock of what is handed in: what was kept too long goes back to the queue, what
is late is told to coordinators, a certificate that wasn't issued is tried again."""

from amana.academy.assessment import actions, tasks
from amana.academy.assessment.models import HandIn, Status
from amana.academy.courses.models import Enrolment
from amana.errors import Changed


def chase() -> tuple[int, int]:
    """How many went back, and how many were found late."""
    released = sum(let_go(hand_in) for hand_in in HandIn.objects.kept_too_long())
    late = HandIn.objects.late().filter(escalated_at=None)
    return released, sum(actions.escalate(hand_in) for hand_in in late)


def let_go(hand_in: HandIn) -> bool:
    """Not where somebody has judged it a moment ago."""
    try:
        actions.release(hand_in)
    except Changed:
        return False
    return True


def catch_up() -> int:
    """Of everybody who has passed work and said which name they want; what is issued
    already is issued once."""
    passed = HandIn.objects.filter(status=Status.PASSED).values("enrolment")
    found = Enrolment.objects.filter(pk__in=passed, wish__isnull=False).order_by("pk")
    for pk in found.values_list("pk", flat=True):
        tasks.certify.enqueue(pk)
    return len(found)
