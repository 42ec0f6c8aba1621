"""Reactions to what happens in other rooms."""

from django.dispatch import receiver

from amana.academy.cohorts import actions
from amana.academy.courses.events import learned
from amana.academy.courses.models import Enrolment


@receiver(learned)
def complete_with_the_course(enrolment: Enrolment, **kwargs: object) -> None:
    actions.complete_cohort(enrolment)
