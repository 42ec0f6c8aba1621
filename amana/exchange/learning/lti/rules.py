"""Who keeps the list of other systems, and that a link is the learner's own."""

from django.db.models import Q

from amana.exchange.learning.lti.models import AccountLink
from amana.trust.access.models import ADMINISTRATORS, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role


def can_keep_platforms(user: User) -> bool:
    return has_role(user, ADMINISTRATORS)


@define_rule
def keep_platform(user: User) -> Q:
    """Allow coordinators and administrators."""
    return EVERYTHING if can_keep_platforms(user) else NOTHING


@define_rule
def is_own_link(user: User) -> Q:
    return Q(person=user, person__is_active=True)


def has_link(user: User) -> bool:
    return is_own_link.among(AccountLink.objects.all(), user).exists()
