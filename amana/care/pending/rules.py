"""Who may see and undo a pending decision: only the user who made it."""

from django.db.models import Q

from amana.trust.access.models import User
from amana.trust.access.rules import define_rule


@define_rule
def see_own_decision(user: User) -> Q:
    """Allow one's own decisions."""
    return Q(by=user)
