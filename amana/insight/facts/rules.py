"""Who reads how facts arise."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

READERS = (
    Role.ANALYST,
    Role.COORDINATOR,
    Role.AUTHORITY,
    Role.DATA_PROTECTION_OFFICER,
)


@define_rule
def read_definitions(user: User) -> Q:
    return EVERYTHING if has_role(user, READERS) else NOTHING
