"""What we do when something happens in other rooms."""

from django.dispatch import receiver
from django.utils import timezone

from amana.academy.cohorts.events import cohort_cancelled
from amana.academy.cohorts.models import Cohort
from amana.academy.learners.events import address_changed, learner_closing
from amana.academy.sessions import actions
from amana.trust.access.events import learner_admitted
from amana.trust.access.models import User


@receiver([address_changed, learner_admitted, learner_closing])
def end_calendar_address(learner: User, **kwargs: object) -> None:
    """End the address of a learner's calendar: who once read their mailbox may know
    it."""
    actions.end_calendar(by=learner)


@receiver(cohort_cancelled)
def react_to_cancelled_cohort(cohort: Cohort, by: User, **kwargs: object) -> None:
    """Cancel what is still to come; sessions at which people have met stay as they
    were.
    """
    standing = cohort.sessions.standing().filter(ends_at__gt=timezone.now())
    for session in standing:
        actions.cancel(session, by=by)
