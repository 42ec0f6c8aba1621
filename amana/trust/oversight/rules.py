"""Who may read the log and the register of data incidents, and who keeps the register.
The log holds ids and codes, and not a word of any case."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule

OVERSEERS = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})
KEEPERS = frozenset({Role.DATA_PROTECTION_OFFICER})


@rule
def read_log(user: User) -> Q:
    """Allow auditors and data-protection officers all of it."""
    return Q() if holds(user, OVERSEERS) else Q(pk__in=())


@rule
def read_breach(user: User) -> Q:
    return EVERYTHING if holds(user, OVERSEERS) else NOTHING


@rule
def keep_breach(user: User) -> Q:
    return EVERYTHING if holds(user, KEEPERS) else NOTHING
