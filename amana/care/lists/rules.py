"""Who may read and change a saved view. What it shows is decided by the list's own
rule, for whoever opens it."""

from django.db.models import Q

from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.rules import rule, teams_of


@rule
def read_view(user: User) -> Q:
    """One's own, and those of one's teams, whose key opens the name."""
    own = Q(team=None, owner=user)
    return own | Q(team__in=teams_of(user, *KEYHOLDERS))


@rule
def change_view(user: User) -> Q:
    """A team's view: whoever saved it, and the team's supervisors."""
    own = Q(team=None, owner=user)
    shared = Q(owner=user, team__in=teams_of(user, *KEYHOLDERS))
    return own | shared | Q(team__in=teams_of(user, Role.SUPERVISOR))


@rule
def share_views(user: User) -> Q:
    """For teams: with which one may share a view."""
    return Q(pk__in=teams_of(user, *KEYHOLDERS))
