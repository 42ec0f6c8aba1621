"""The register: all the teams that a person can be asked about."""

from django.db.models import Q, QuerySet

from amana.care.cases.models import Case
from amana.care.consent.rules import ask_about_team
from amana.trust.access.models import Team, User
from amana.trust.vault.models import TeamKey


def find_admitted_teams(case: Case, user: User) -> QuerySet[Team]:
    """Find admitted teams beyond one's own, in Amana or not; border services never."""
    return (
        ask_about_team.among(Team.objects.all(), user)
        .exclude(pk=case.team_id)
        .select_related("organisation")
        .order_by("organisation__name", "name")
    )


def find_teams_with_keys(case: Case, user: User) -> QuerySet[Team]:
    """Find those of them that can read here; the others get a referral on paper."""
    keyed = TeamKey.objects.filter(retired_at=None)
    return find_admitted_teams(case, user).filter(pk__in=keyed.values("team"))


def filter_by_name(teams: QuerySet[Team], words: str) -> QuerySet[Team]:
    """Filter teams whose name, or whose organisation's, contains these words."""
    for word in words.split()[:5]:
        teams = teams.filter(
            Q(name__icontains=word) | Q(organisation__name__icontains=word)
        )
    return teams
