"""Who leads an exercise, and who plays in it: the cohort's people, and no one else."""

from django.db.models import Q

from amana.academy.cohorts import rules as cohorts
from amana.academy.cohorts.models import Cohort
from amana.academy.exercises.models import PlayMode
from amana.trust.access.models import User
from amana.trust.access.rules import define_rule

open_exercise = cohorts.lead_cohort
"""Of cohorts: to open an exercise for one."""

take_part = cohorts.take_part | cohorts.facilitate_cohort
"""Of cohorts: to see what is offered to play."""

play_alone = cohorts.take_part | cohorts.lead_cohort
"""Of cohorts: to open an exercise for oneself."""


@define_rule
def lead(user: User) -> Q:
    """Match the exercises of the cohorts that one leads, and those that one plays
    alone."""
    led = cohorts.lead_cohort.among(Cohort.objects.all(), user)
    return Q(cohort__in=led.values("pk")) | Q(mode=PlayMode.ALONE, opened_by=user)


@define_rule
def join(user: User) -> Q:
    """Match the exercises of the cohorts in which one has a place, but for those that
    others play alone."""
    mine = cohorts.take_part.among(Cohort.objects.all(), user)
    return Q(cohort__in=mine.values("pk")) & ~Q(mode=PlayMode.ALONE)


see = join | lead


def match_led_in_register(user: User) -> Q:
    """Match what the register holds of the exercises that one leads."""
    led = cohorts.lead_cohort.among(Cohort.objects.all(), user)
    return Q(played__cohort__in=led.values("pk"))
