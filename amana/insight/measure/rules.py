"""Who reads figures, and who says what the country is like. None is of a person."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule

READERS = (
    Role.ANALYST,
    Role.COORDINATOR,
    Role.AUTHORITY,
    Role.DATA_PROTECTION_OFFICER,
)
SAYERS = (Role.COORDINATOR,)


@rule
def read_figures(user: User) -> Q:
    """Of sheets, which hold no small group."""
    return EVERYTHING if holds(user, READERS) else NOTHING


@rule
def say_country_number(user: User) -> Q:
    return EVERYTHING if holds(user, SAYERS) else NOTHING
