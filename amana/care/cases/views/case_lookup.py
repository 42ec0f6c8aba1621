"""What several pages look for first: a case, a thing of a case, one's own teams."""

from uuid import UUID

from django.db.models import QuerySet

from amana.care.cases.models import Case, FollowUp, Need
from amana.care.cases.rules import (
    open_cases_in,
    see_case,
    see_thing_of_case,
    work_on_case,
)
from amana.trust.access.http import Request
from amana.trust.access.models import Team, User


def case_seen(request: Request, pk: UUID) -> Case:
    """Find a case that the reader may see; for others it doesn't exist."""
    return see_case.find(find_cases(), request.user, pk=pk)


def case_worked_on(request: Request, pk: UUID) -> Case:
    return work_on_case.find(find_cases(), request.user, pk=pk)


def find_cases() -> QuerySet[Case]:
    return Case.objects.select_related("team__organisation")


def need_seen(request: Request, pk: UUID) -> Need:
    needs = Need.objects.select_related("case__team__organisation")
    return see_thing_of_case.find(needs, request.user, pk=pk)


def follow_up_seen(request: Request, pk: UUID) -> FollowUp:
    found = FollowUp.objects.select_related("case__team__organisation")
    return see_thing_of_case.find(found, request.user, pk=pk)


def list_teams_to_open_in(user: User) -> list[Team]:
    teams = Team.objects.select_related("organisation").order_by("name")
    return list(open_cases_in.among(teams, user))
