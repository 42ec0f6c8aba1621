"""Who leads an exercise, and who plays in it: the cohort's people, and no one else."""

from django.db.models import Q

from amana.academy.cohorts import rules as cohorts
from amana.academy.exercises.models import Exercise, PlayMode
from amana.trust.access.models import User
from amana.trust.access.rules import define_rule

open_exercise = cohorts.lead_cohort
"""Of cohorts: to open an exercise for one."""

take_part = cohorts.take_part | cohorts.facilitate_cohort
"""Of cohorts: to see what is offered to play."""

play_alone = cohorts.take_part | cohorts.lead_cohort
"""Of cohorts: to open an exercise for oneself."""


@define_rule
def record(user: User) -> Q:
    """Match the exercises of which one records what was learned: the figures count
    those, and neither what a learner plays alone nor another way of the same."""
    counted = Q(replays=None) & ~Q(mode=PlayMode.ALONE)
    return cohorts.lead_its_cohort.where(user) & counted


@define_rule
def play_own(user: User) -> Q:
    """Match what one plays alone, as long as one is in the cohort or leads it."""
    here = cohorts.be_in_its_cohort.where(user) | cohorts.lead_its_cohort.where(user)
    return Q(mode=PlayMode.ALONE, opened_by=user) & here


lead = cohorts.lead_its_cohort | play_own


@define_rule
def join(user: User) -> Q:
    """Match the exercises of the cohorts in which one has a place, but for those that
    others play alone."""
    return cohorts.be_in_its_cohort.where(user) & ~Q(mode=PlayMode.ALONE)


see = join | lead


def match_led_in_register(user: User) -> Q:
    """Match what the register holds of the exercises whose cohort one leads."""
    led = record.among(Exercise.objects.all(), user)
    return Q(played__in=led.values("pk"))
