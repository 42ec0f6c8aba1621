"""Who sees who lacks a certificate, and decides for how long they go on without."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import NOTHING, holds, rule


@rule
def decide_for(user: User) -> Q:
    """Allow any person but oneself, for who coordinates."""
    return ~Q(pk=user.pk) if holds(user, [Role.COORDINATOR]) else NOTHING
