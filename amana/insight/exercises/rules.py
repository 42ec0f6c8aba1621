"""Who writes down exercises, and who may read what they led to."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

WRITERS = (Role.COORDINATOR,)
READERS = (*WRITERS, Role.ANALYST, Role.AUTHORITY, Role.DATA_PROTECTION_OFFICER)


@define_rule
def read_exercise(user: User) -> Q:
    """Allow it for exercises, and for the steps that were agreed after them."""
    return EVERYTHING if has_role(user, READERS) else NOTHING


@define_rule
def write_exercise(user: User) -> Q:
    return EVERYTHING if has_role(user, WRITERS) else NOTHING
