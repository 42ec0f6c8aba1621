"""Who leads a table or a clinic, who sits at it, and that no one else knows of it."""

from django.db.models import Q

from amana.academy.cohorts import rules as cohorts
from amana.trust.access.models import User
from amana.trust.access.rules import define_rule

open_lab = cohorts.lead_cohort
"""Of cohorts: to open a table for one."""

open_case = cohorts.facilitate_cohort
"""Of cohorts: to read the course's cases, and to open a clinic on one."""

take_part = cohorts.take_part | cohorts.facilitate_cohort
"""Of cohorts: to sit at their tables, to bring a case to their circle."""


lead = cohorts.lead_its_cohort
join = cohorts.be_in_its_cohort
see = join | lead

# Not `lead`: a coordinator as such isn't in the circle, and holds no key.
be_in_circle = cohorts.be_in_its_cohort | cohorts.facilitate_its_cohort
"""Of clinics: to hear a case of one's cohort."""


@define_rule
def sit(user: User) -> Q:
    """Allow the labs in which one has a seat, while one is in the cohort or leads
    it."""
    return see.where(user) & Q(pk__in=user.lab_seats.values("lab"))


@define_rule
def present(user: User) -> Q:
    """Allow, for clinics, one's own case, and the course's in one's own cohorts."""
    # Those who lead hold the answers: so another facilitator can take over.
    own = Q(case="", presenter=user, presenter__is_active=True)
    return own | ~Q(case="") & cohorts.facilitate_its_cohort.where(user)


hear = be_in_circle | present
"""Of clinics: to see one, and to speak in it."""
