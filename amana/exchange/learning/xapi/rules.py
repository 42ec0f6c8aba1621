"""Each learner decides for themselves; no one sees who agreed."""

from django.db.models import Q

from amana.trust.access.models import User
from amana.trust.access.rules import define_rule


@define_rule
def manage_own_sharing(user: User) -> Q:
    return Q(person=user, person__is_active=True)
