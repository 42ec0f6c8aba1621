"""Rules: who tries out a form that they write."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import holds, rule

AUTHORS = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""Those who bring a mechanism here, with its forms."""


@rule
def try_form(user: User) -> Q:
    """Match oneself, for people who write forms."""
    # Not for all: a form computes whatever its author likes, on this server.
    return Q(pk=user.pk) if holds(user, AUTHORS) else Q(pk__in=[])
