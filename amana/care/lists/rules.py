"""Who may read and change a saved view. What it shows is decided by the list's own
rule, for each person who opens it."""

from django.db.models import Q

from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.rules import define_rule, find_team_ids


@define_rule
def read_view(user: User) -> Q:
    """Allow one's own views, and those of one's teams, whose key opens the name."""
    own = Q(team=None, owner=user)
    return own | Q(team__in=find_team_ids(user, *KEYHOLDERS))


@define_rule
def change_view(user: User) -> Q:
    """Allow those who saved a team's view, and the team's supervisors; else the
    owner."""
    own = Q(team=None, owner=user)
    shared = Q(owner=user, team__in=find_team_ids(user, *KEYHOLDERS))
    return own | shared | Q(team__in=find_team_ids(user, Role.SUPERVISOR))


@define_rule
def share_views(user: User) -> Q:
    """Allow the teams with which one may share a view."""
    return Q(pk__in=find_team_ids(user, *KEYHOLDERS))
