"""Who may read the log. It holds ids and codes, and not a word of any case."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import holds, rule

OVERSEERS = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})


@rule
def read_log(user: User) -> Q:
    """Auditors and data-protection officers, all of it."""
    return Q() if holds(user, OVERSEERS) else Q(pk__in=())
