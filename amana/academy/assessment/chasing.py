"""The clock of what is handed in: what was kept too long goes back to the queue, what
is late is told to coordinators, a certificate that wasn't issued is tried again."""

from amana.academy.assessment import actions, tasks
from amana.academy.assessment.models import HandIn, WorkStatus
from amana.academy.courses.models import Enrolment
from amana.errors import Changed


def chase_late_work() -> tuple[int, int]:
    """Release what was kept too long and escalate what is late; count both."""
    released = sum(
        release_if_kept(hand_in) for hand_in in HandIn.objects.kept_too_long()
    )
    late = HandIn.objects.late().filter(escalated_at=None)
    return released, sum(actions.escalate_work(hand_in) for hand_in in late)


def release_if_kept(hand_in: HandIn) -> bool:
    """Release work, unless an assessor has judged it a moment ago."""
    try:
        actions.release_work(hand_in)
    except Changed:
        return False
    return True


def enqueue_certificates() -> int:
    """Try again for everyone who has passed work and chosen their name."""
    passed = HandIn.objects.filter(status=WorkStatus.PASSED).values("enrolment")
    found = Enrolment.objects.filter(pk__in=passed, wish__isnull=False).order_by("pk")
    # What was issued already is issued once, so nothing has to be left out here.
    for pk in found.values_list("pk", flat=True):
        tasks.certify.enqueue(pk)
    return len(found)
