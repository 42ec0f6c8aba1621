"""Who leads a table or a clinic, who sits at it, and that no one else knows of it."""

from django.db.models import Q

from amana.academy.cohorts import rules as cohorts
from amana.academy.cohorts.models import Cohort
from amana.trust.access.models import User
from amana.trust.access.rules import define_rule

open_lab = cohorts.lead_cohort
"""Of cohorts: to open a table for one."""

open_case = cohorts.facilitate_cohort
"""Of cohorts: to read the course's cases, and to open a clinic on one."""

take_part = cohorts.take_part | cohorts.facilitate_cohort
"""Of cohorts: to sit at their tables, to bring a case to their circle."""


def _among_mine(user: User) -> Q:
    mine = cohorts.take_part.among(Cohort.objects.all(), user)
    return Q(cohort__in=mine.values("pk"))


@define_rule
def lead(user: User) -> Q:
    """Allow, for labs and clinics, those of the cohorts that one leads."""
    led = cohorts.lead_cohort.among(Cohort.objects.all(), user)
    return Q(cohort__in=led.values("pk"))


@define_rule
def join(user: User) -> Q:
    """Allow, for labs and clinics, those of the cohorts in which one has a place."""
    return _among_mine(user)


see = join | lead


@define_rule
def be_in_circle(user: User) -> Q:
    """Allow the clinics of one's cohorts, and of those in which one facilitates."""
    # Not `lead_cohort`: a coordinator as such isn't in the circle, and holds no key.
    led = cohorts.facilitate_cohort.among(Cohort.objects.all(), user)
    return _among_mine(user) | Q(cohort__in=led.values("pk"))


@define_rule
def sit(user: User) -> Q:
    """Allow the labs in which one has a seat, while one is in the cohort or leads
    it."""
    led = cohorts.lead_cohort.among(Cohort.objects.all(), user)
    here = _among_mine(user) | Q(cohort__in=led.values("pk"))
    return here & Q(pk__in=user.lab_seats.values("lab"))


@define_rule
def present(user: User) -> Q:
    """Allow, for clinics, one's own case, and the course's in one's own cohorts."""
    # Those who lead hold the answers: so another facilitator can take over.
    led = cohorts.facilitate_cohort.among(Cohort.objects.all(), user)
    own = Q(case="", presenter=user, presenter__is_active=True)
    return own | ~Q(case="") & Q(cohort__in=led.values("pk"))


hear = be_in_circle | present
"""Of clinics: to see one, and to speak in it."""
