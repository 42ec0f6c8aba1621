"""Who keeps the list of other systems, and that a link is the learner's own."""

from django.db.models import Q

from amana.exchange.lti.models import Link
from amana.trust.access.models import ADMINISTRATORS, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule


def keeps_platforms(user: User) -> bool:
    return holds(user, ADMINISTRATORS)


@rule
def keep_platform(user: User) -> Q:
    """Allow coordinators and administrators."""
    return EVERYTHING if keeps_platforms(user) else NOTHING


@rule
def own_link(user: User) -> Q:
    return Q(person=user, person__is_active=True)


def has_link(user: User) -> bool:
    return own_link.among(Link.objects.all(), user).exists()
