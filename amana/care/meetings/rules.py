"""Who may open what a device has sent."""

from django.db.models import Q

from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.rules import rule, teams_of


@rule
def take_meeting(user: User) -> Q:
    """For meetings: sent to a team whose key the person holds."""
    return Q(team__in=teams_of(user, *KEYHOLDERS))


@rule
def set_meeting_aside(user: User) -> Q:
    """For meetings: sent to a team that the person supervises."""
    return Q(team__in=teams_of(user, Role.SUPERVISOR))
