"""A learner's account is the learner's alone."""

from django.db.models import Q

from amana.trust.access.models import User
from amana.trust.access.rules import define_rule


@define_rule
def is_own_account(user: User) -> Q:
    """Match one's own account, if it is a learner's."""
    return Q(pk=user.pk, is_active=True, learner_since__isnull=False)
