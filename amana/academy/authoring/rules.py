"""Who writes courses: the academy's staff. Who publishes them stays as it was."""

from django.db.models import Q

from amana.academy.cohorts.rules import STAFF
from amana.trust.access.models import User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule


@rule
def write_course(user: User) -> Q:
    """Of drafts: any."""
    return EVERYTHING if holds(user, STAFF) else NOTHING
