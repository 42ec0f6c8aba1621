"""Each rule says the same of one referral and of the list, for the whole cast."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases.models import Need
from amana.care.referrals import actions, rota
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import (
    answer_for_outsider,
    answer_in_team,
    answer_referral,
    arrange_team,
    cover_for_sender,
    follow_referral,
    may_answer,
    refer_need,
    see_cover,
    see_referral,
    speak_for_sender,
    supervise_referral,
    watch_referral,
)
from amana.trust.access.models import Role, Team, User
from tests.worlds import kept

TODAY = timezone.now().date


@kept
def cast(
    worker: User,
    team: Team,
    supervisor: User,
    shelter_worker: User,
    shelter_team: Team,
    stranger: User,
    coordinator: User,
) -> dict[str, User]:
    return {
        "worker": worker,
        "colleague": given.make_worker(of=team),
        "supervisor": supervisor,
        "focal point": shelter_worker,
        "their screener": given.make_worker(of=shelter_team, role=Role.SCREENER),
        "their analyst": given.make_worker(of=shelter_team, role=Role.ANALYST),
        "stranger": stranger,
        "coordinator": coordinator,
        "administrator": given.make_worker(of=team, role=Role.ADMINISTRATOR),
    }


ALLOWED = {
    answer_referral: {"focal point"},
    follow_referral: {"worker"},
    supervise_referral: {"supervisor"},
    watch_referral: {"coordinator"},
    cover_for_sender: set(),
    answer_for_outsider: set(),
    may_answer: {"focal point"},
    speak_for_sender: {"worker", "supervisor"},
    see_referral: {"worker", "supervisor", "focal point"},
}


@pytest.mark.parametrize("rule", ALLOWED, ids=lambda rule: rule.name[:30])
def test_a_rule_lets_in_exactly_these(
    rule: object, cast: dict[str, User], referral: Referral
) -> None:
    for name, user in cast.items():
        permits = rule.permits(user, referral)  # type: ignore[attr-defined]
        among = rule.among(Referral.objects.all(), user)  # type: ignore[attr-defined]
        assert permits == (referral in among), name
        assert permits == (name in ALLOWED[rule]), name  # type: ignore[index]


def test_needs_are_referred_by_who_works_on_the_case(
    cast: dict[str, User], need: Need
) -> None:
    let_in = {name for name, user in cast.items() if refer_need.permits(user, need)}
    assert let_in == {"worker"}


def test_teams_are_arranged_by_those_who_lead_them(
    cast: dict[str, User], team: Team, shelter_team: Team
) -> None:
    leads = {n for n, u in cast.items() if arrange_team.permits(u, shelter_team)}
    opens = {n for n, u in cast.items() if answer_in_team.permits(u, shelter_team)}
    assert leads == opens == {"focal point"}
    assert arrange_team.permits(cast["supervisor"], team)


def test_who_left_or_was_switched_off_is_let_in_nowhere(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    worker.memberships.update(ended_at=timezone.now())
    User.objects.filter(pk=shelter_worker.pk).update(is_active=False)
    assert not follow_referral.permits(worker, referral)
    assert not answer_referral.permits(shelter_worker, referral)


def test_whoever_covers_sees_what_is_sent_only_on_those_days(
    referral: Referral, cast: dict[str, User], team: Team, worker: User
) -> None:
    colleague = cast["colleague"]
    tomorrow = TODAY() + timedelta(days=1)
    for first_on, sees in ((tomorrow, False), (TODAY(), True)):
        cover = actions.arrange_cover(
            team,
            away=worker,
            covered_by=colleague,
            first_on=first_on,
            last_on=tomorrow,
            by=worker,
        )
        assert cover_for_sender.permits(colleague, referral) == sees
        assert see_cover.permits(colleague, cover)
        assert not see_cover.permits(cast["stranger"], cover)
        actions.end_cover(cover, by=worker)
    assert not see_referral.permits(colleague, referral)


# --- the rota


def covers(team: Team, away: User, covered_by: User) -> None:
    actions.arrange_cover(
        team,
        away=away,
        covered_by=covered_by,
        first_on=TODAY(),
        last_on=TODAY(),
        by=away,
    )


def test_without_a_rota_the_focal_points_answer(
    shelter_team: Team, shelter_worker: User
) -> None:
    given.make_worker(of=shelter_team, role=Role.CASE_WORKER)
    assert rota.list_people_answering(shelter_team, TODAY()) == [shelter_worker]


def test_who_has_duty_answers_that_day_and_no_other(
    shelter_team: Team, shelter_worker: User
) -> None:
    colleague = given.make_worker(of=shelter_team)
    today = TODAY()
    actions.set_duty(
        shelter_team, weekday=today.weekday(), workers=[colleague], by=shelter_worker
    )
    assert rota.list_people_answering(shelter_team, today) == [colleague]
    tomorrow = today + timedelta(days=1)
    assert rota.list_people_answering(shelter_team, tomorrow) == [shelter_worker]


def test_whoever_is_away_is_covered_also_by_a_chain(
    shelter_team: Team, shelter_worker: User
) -> None:
    one, other = given.make_worker(of=shelter_team), given.make_worker(of=shelter_team)
    covers(shelter_team, shelter_worker, one)
    covers(shelter_team, one, other)
    assert rota.list_people_answering(shelter_team, TODAY()) == [other]


def test_two_who_cover_each_other_leave_it_to_the_next_group(
    shelter_team: Team, shelter_worker: User
) -> None:
    other = given.make_worker(of=shelter_team, role=Role.FOCAL_POINT)
    third = given.make_worker(of=shelter_team, role=Role.CASE_WORKER)
    covers(shelter_team, shelter_worker, other)
    covers(shelter_team, other, shelter_worker)
    assert rota.list_people_answering(shelter_team, TODAY()) == [third]


def test_the_sender_s_leave_leaves_nobody_waiting(
    referral: Referral, team: Team, worker: User, supervisor: User
) -> None:
    assert rota.list_people_of_sender(referral, TODAY()) == [worker]
    covers(team, worker, supervisor)
    assert rota.list_people_of_sender(referral, TODAY()) == [supervisor]


def test_when_nobody_works_on_the_case_any_more_the_supervisor_is_told(
    referral: Referral, worker: User, supervisor: User
) -> None:
    worker.assignments.update(ended_at=timezone.now())
    assert rota.list_people_of_sender(referral, TODAY()) == [supervisor]


def test_of_a_restricted_case_only_those_named_are_told(
    referral: Referral, team: Team, worker: User, supervisor: User
) -> None:
    covers(team, worker, supervisor)
    referral.case.restricted = True
    assert rota.list_people_of_sender(referral, TODAY()) == [worker]
