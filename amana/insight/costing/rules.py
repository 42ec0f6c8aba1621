"""Who reads what the mechanism costs and who pays, and who writes it. None of it
reveals anything about a person who is helped."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule

WRITERS = (Role.ANALYST, Role.COORDINATOR)
READERS = (*WRITERS, Role.AUTHORITY, Role.DATA_PROTECTION_OFFICER)


@rule
def read_costs(user: User) -> Q:
    """Permit to read costings, the ledger, and what was tried."""
    return EVERYTHING if holds(user, READERS) else NOTHING


@rule
def write_costs(user: User) -> Q:
    return EVERYTHING if holds(user, WRITERS) else NOTHING
