"""Who reads how facts arise."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule

READERS = (
    Role.ANALYST,
    Role.COORDINATOR,
    Role.AUTHORITY,
    Role.DATA_PROTECTION_OFFICER,
)


@rule
def read_definitions(user: User) -> Q:
    return EVERYTHING if holds(user, READERS) else NOTHING
