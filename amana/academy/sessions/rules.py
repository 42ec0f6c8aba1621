"""Who leads a session and who takes part in it; others don't learn that it exists."""

from django.db.models import Q

from amana.academy.cohorts import rules as cohorts
from amana.academy.cohorts.models import Cohort
from amana.trust.access.models import User
from amana.trust.access.rules import define_rule

plan_session = cohorts.lead_cohort
"""Of cohorts: to plan their sessions."""

lead_session = cohorts.lead_its_cohort
"""Steer its room, see names and record attendance."""

attend_session = cohorts.be_in_its_cohort

see_session = attend_session | lead_session


@define_rule
def read_kit(user: User) -> Q:
    """Match the versions of courses whose session kits a person may read: all for the
    staff, who prepare before a session is planned; else those of one's own cohorts."""
    led = plan_session.among(Cohort.objects.all(), user)
    return cohorts.open_cohort.where(user) | Q(pk__in=led.values("version"))
