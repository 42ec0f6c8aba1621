"""Who reads what the mechanism costs and who pays, and who writes it. None of it
reveals anything about a person who is helped."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

WRITERS = (Role.ANALYST, Role.COORDINATOR)
READERS = (*WRITERS, Role.AUTHORITY, Role.DATA_PROTECTION_OFFICER)


@define_rule
def read_costs(user: User) -> Q:
    """Permit to read costings, the ledger, and what was tried."""
    return EVERYTHING if has_role(user, READERS) else NOTHING


@define_rule
def write_costs(user: User) -> Q:
    return EVERYTHING if has_role(user, WRITERS) else NOTHING
