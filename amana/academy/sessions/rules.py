"""Who leads a session and who takes part in it; others don't learn that it exists."""

from django.db.models import Q

from amana.academy.cohorts import rules as cohorts
from amana.academy.cohorts.models import Cohort
from amana.trust.access.models import User
from amana.trust.access.rules import define_rule

plan_session = cohorts.lead_cohort
"""Of cohorts: to plan their sessions."""


@define_rule
def lead_session(user: User) -> Q:
    """Allow steering its room, seeing names and recording attendance."""
    led = cohorts.lead_cohort.among(Cohort.objects.all(), user)
    return Q(cohort__in=led.values("pk"))


@define_rule
def attend_session(user: User) -> Q:
    """Allow those who have a place in its cohort."""
    mine = cohorts.take_part.among(Cohort.objects.all(), user)
    return Q(cohort__in=mine.values("pk"))


see_session = attend_session | lead_session
