"""Who may open what a device has sent."""

from django.db.models import Q

from amana.trust.access.models import KEYHOLDERS, User
from amana.trust.access.rules import rule, teams_of


@rule
def take_meeting(user: User) -> Q:
    """For meetings: sent to a team whose key the person holds."""
    return Q(team__in=teams_of(user, *KEYHOLDERS))
