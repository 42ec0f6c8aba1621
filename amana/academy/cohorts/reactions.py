"""Reactions to what happens in other rooms."""

from django.dispatch import receiver

from amana.academy.cohorts import actions
from amana.academy.courses.events import learned
from amana.academy.courses.models import Enrolment
from amana.academy.learners.events import learner_closing
from amana.trust.access.models import User


@receiver(learner_closing)
def erase_with_the_account(learner: User, **kwargs: object) -> None:
    actions.erase_learner(learner, by=learner)


@receiver(learned)
def complete_with_the_course(enrolment: Enrolment, **kwargs: object) -> None:
    actions.complete_cohort(enrolment)
