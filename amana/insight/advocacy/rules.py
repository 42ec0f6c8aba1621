"""Who plans what is asked of those who decide, and who may read it."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule

WRITERS = (Role.ANALYST, Role.COORDINATOR)
READERS = (*WRITERS, Role.DATA_PROTECTION_OFFICER)
FOLLOWERS = (*READERS, Role.AUTHORITY)
"""Of recommendations: the authorities to whom they are made, too. What is planned about
an office is not for that office to read."""


@rule
def read_advocacy(user: User) -> Q:
    """Allow it for plans and all that belongs to them."""
    return EVERYTHING if holds(user, READERS) else NOTHING


@rule
def write_advocacy(user: User) -> Q:
    return EVERYTHING if holds(user, WRITERS) else NOTHING


@rule
def follow_recommendation(user: User) -> Q:
    """Allow it for what monitors recommend: it is public."""
    return EVERYTHING if holds(user, FOLLOWERS) else NOTHING
