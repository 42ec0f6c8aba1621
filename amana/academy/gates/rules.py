"""Who sees who lacks a certificate, and decides for how long they go on without."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import NOTHING, define_rule, has_role


@define_rule
def decide_for(user: User) -> Q:
    """Allow any person but oneself, for who coordinates."""
    return ~Q(pk=user.pk) if has_role(user, [Role.COORDINATOR]) else NOTHING
