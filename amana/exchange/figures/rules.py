"""Who loads the classification that a country reports in."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule

KEEPERS = frozenset({Role.ANALYST, Role.COORDINATOR})


@rule
def keep_classification(user: User) -> Q:
    return EVERYTHING if holds(user, KEEPERS) else NOTHING
