"""Who may open what a device has sent."""

from django.db.models import Q

from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.rules import define_rule, find_team_ids


@define_rule
def take_meeting(user: User) -> Q:
    """Permit, for meetings, keyholders of the team that it was sent to."""
    return Q(team__in=find_team_ids(user, *KEYHOLDERS))


@define_rule
def set_meeting_aside(user: User) -> Q:
    """Permit, for meetings, supervisors of the team that it was sent to."""
    return Q(team__in=find_team_ids(user, Role.SUPERVISOR))
