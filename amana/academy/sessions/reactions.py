"""What we do when something happens in other rooms."""

from django.dispatch import receiver
from django.utils import timezone

from amana.academy.cohorts.events import cohort_cancelled
from amana.academy.cohorts.models import Cohort
from amana.academy.sessions import actions
from amana.trust.access.models import User


@receiver(cohort_cancelled)
def react_to_cancelled_cohort(cohort: Cohort, by: User, **kwargs: object) -> None:
    """Cancel what is still to come; sessions at which people have met stay as they
    were.
    """
    standing = cohort.sessions.standing().filter(ends_at__gt=timezone.now())
    for session in standing:
        actions.cancel(session, by=by)
