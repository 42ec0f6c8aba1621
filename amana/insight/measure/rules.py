"""Who reads figures, and who enters numbers of the country. None is about a person."""

from django.db.models import Q

from amana.trust.access.models import Role, Team, User
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    define_rule,
    find_team_ids,
    has_role,
)

READERS = (
    Role.ANALYST,
    Role.COORDINATOR,
    Role.AUTHORITY,
    Role.DATA_PROTECTION_OFFICER,
)
SAYERS = (Role.COORDINATOR,)
WORKERS = (Role.SUPERVISOR, Role.CASE_WORKER)


@define_rule
def read_figures(user: User) -> Q:
    """Allow those who read figures to see protected tables, which hold no small
    group."""
    return EVERYTHING if has_role(user, READERS) else NOTHING


@define_rule
def read_own_line(user: User) -> Q:
    """Allow the organisations for which one works with people, or leads those who
    do."""
    teams = Team.objects.filter(pk__in=find_team_ids(user, *WORKERS))
    return Q(admitted_at__isnull=False, pk__in=teams.values("organisation"))


@define_rule
def enter_country_number(user: User) -> Q:
    return EVERYTHING if has_role(user, SAYERS) else NOTHING
