"""Who sees where help is missing, and who decides what is done about it."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

READERS = (
    *(Role.ANALYST, Role.COORDINATOR),
    *(Role.AUTHORITY, Role.DATA_PROTECTION_OFFICER),
)
PLANNERS = (Role.COORDINATOR,)


@define_rule
def see_gaps(user: User) -> Q:
    """Allow those who read figures to see plans; and the gaps themselves, which are
    stored nowhere."""
    return EVERYTHING if has_role(user, READERS) else NOTHING


@define_rule
def plan_gaps(user: User) -> Q:
    return EVERYTHING if has_role(user, PLANNERS) else NOTHING
