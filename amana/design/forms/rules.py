"""Rules: who tries out a form that they write."""

from django.db.models import Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import define_rule, has_role

AUTHORS = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""Those who bring a mechanism here, with its forms."""


@define_rule
def try_form(user: User) -> Q:
    """Match oneself, for people who write forms."""
    # Not for all: a form computes whatever its author likes, on this server.
    return Q(pk=user.pk) if has_role(user, AUTHORS) else Q(pk__in=[])
