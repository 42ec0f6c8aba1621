"""Who may read the log and the register of data incidents, and who keeps the register.
The log holds ids and codes, and not a word of any case."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

OVERSEERS = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})
KEEPERS = frozenset({Role.DATA_PROTECTION_OFFICER})


@define_rule
def read_log(user: User) -> Q:
    """Allow auditors and data-protection officers all of it."""
    return Q() if has_role(user, OVERSEERS) else Q(pk__in=())


@define_rule
def read_breach(user: User) -> Q:
    return EVERYTHING if has_role(user, OVERSEERS) else NOTHING


@define_rule
def keep_breach(user: User) -> Q:
    return EVERYTHING if has_role(user, KEEPERS) else NOTHING
