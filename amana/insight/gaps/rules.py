"""Who sees where help is missing, and who decides what is done about it."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule

READERS = (
    *(Role.ANALYST, Role.COORDINATOR),
    *(Role.AUTHORITY, Role.DATA_PROTECTION_OFFICER),
)
PLANNERS = (Role.COORDINATOR,)


@rule
def see_gaps(user: User) -> Q:
    """Allow those who read figures to see plans; and the gaps themselves, which are
    stored nowhere."""
    return EVERYTHING if holds(user, READERS) else NOTHING


@rule
def plan_gaps(user: User) -> Q:
    return EVERYTHING if holds(user, PLANNERS) else NOTHING
