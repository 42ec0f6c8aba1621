"""Who plans what is asked of those who decide, and who may read it."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

WRITERS = (Role.ANALYST, Role.COORDINATOR)
READERS = (*WRITERS, Role.DATA_PROTECTION_OFFICER)
FOLLOWERS = (*READERS, Role.AUTHORITY)
"""Of recommendations: the authorities to whom they are made, too. What is planned about
an office is not for that office to read."""


@define_rule
def read_advocacy(user: User) -> Q:
    """Allow it for plans and all that belongs to them."""
    return EVERYTHING if has_role(user, READERS) else NOTHING


@define_rule
def write_advocacy(user: User) -> Q:
    return EVERYTHING if has_role(user, WRITERS) else NOTHING


@define_rule
def follow_recommendation(user: User) -> Q:
    """Allow it for what monitors recommend: it is public."""
    return EVERYTHING if has_role(user, FOLLOWERS) else NOTHING
