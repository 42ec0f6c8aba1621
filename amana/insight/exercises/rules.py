"""Who writes down exercises, and who may read what they led to."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule

WRITERS = (Role.COORDINATOR,)
READERS = (*WRITERS, Role.ANALYST, Role.AUTHORITY, Role.DATA_PROTECTION_OFFICER)


@rule
def read_exercise(user: User) -> Q:
    """Allow it for exercises, and for the steps that were agreed after them."""
    return EVERYTHING if holds(user, READERS) else NOTHING


@rule
def write_exercise(user: User) -> Q:
    return EVERYTHING if holds(user, WRITERS) else NOTHING
