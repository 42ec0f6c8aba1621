"""Who covers for whom, and who is on duty."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana import given
from amana.care.referrals import actions
from amana.errors import Refused
from amana.trust.access.models import Role, Team, User


def test_members_arrange_their_own_cover_and_supervisors_everybody_s(
    team: Team, worker: User, supervisor: User
) -> None:
    today = timezone.now().date()
    days = {"first_on": today, "last_on": today}
    colleague = given.make_worker(of=team)
    actions.arrange_cover(team, away=worker, covered_by=colleague, by=worker, **days)
    cover = actions.arrange_cover(
        team, away=colleague, covered_by=supervisor, by=supervisor, **days
    )
    with pytest.raises(PermissionDenied):
        actions.arrange_cover(
            team, away=supervisor, covered_by=worker, by=colleague, **days
        )
    with pytest.raises(PermissionDenied):
        actions.end_cover(cover, by=worker)
    actions.end_cover(cover, by=colleague)
    assert team.covers.count() == 1


def test_only_members_of_the_team_stand_in(
    team: Team, worker: User, supervisor: User, stranger: User
) -> None:
    today = timezone.now().date()
    with pytest.raises(Refused, match="Only members"):
        actions.arrange_cover(
            team,
            away=worker,
            covered_by=stranger,
            first_on=today,
            last_on=today,
            by=supervisor,
        )


def test_duty_is_set_by_supervisors_and_focal_points(
    shelter_team: Team, shelter_worker: User, stranger: User
) -> None:
    colleague = given.make_worker(of=shelter_team, role=Role.CASE_WORKER)
    actions.set_duty(shelter_team, weekday=0, workers=[colleague], by=shelter_worker)
    actions.set_duty(
        shelter_team, weekday=0, workers=[shelter_worker], by=shelter_worker
    )
    assert [duty.worker for duty in shelter_team.duties.all()] == [shelter_worker]
    with pytest.raises(PermissionDenied):
        actions.set_duty(shelter_team, weekday=1, workers=[], by=colleague)
