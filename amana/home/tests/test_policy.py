"""Money that ends, occasions and broken promises stand on a coordinator's page, and on
nobody else's."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from amana import given
from amana.academy.held_exercises import actions as exercises
from amana.home import today as days
from amana.insight.advocacy import actions as advocacy
from amana.insight.briefs import actions as briefs
from amana.insight.briefs.models import Brief
from amana.insight.costing import actions as costing
from amana.trust.access.models import Role, User


def what_waits(user: User) -> list[str]:
    return [task.title for task in days.build_day(user).tasks]


def test_a_coordinator_is_told_in_time_what_ends_and_what_begins(db: Any) -> None:
    by, analyst = (given.make_worker(role=r) for r in (Role.COORDINATOR, Role.ANALYST))
    today = timezone.localdate()
    fund = costing.add_fund("Trust fund", kind="un_trust_fund", domestic=False, by=by)
    for days_left in (30, 200):
        grant = costing.GrantValues(
            fund, "Beds", "EUR", today, today + timedelta(days=days_left)
        )
        costing.record_grant(grant, by=by)
    plan = advocacy.begin_plan(
        advocacy.PolicyTarget("Rest", "An act", "Time", today), by=by
    )
    advocacy.plan_window(
        "Budget", kind="budget", opens_on=today, closes_on=today, by=by
    )
    advocacy.record_commitment(
        plan,
        "Twelve beds",
        office="Ministry",
        made_on=today - timedelta(days=20),
        due_on=today - timedelta(days=1),
        by=by,
    )

    assert what_waits(by) == [
        "Check whether a commitment was kept",
        "Advocacy occasion coming up",
        "Funding ends: plan what follows",
    ]
    assert what_waits(analyst) == []


def test_a_brief_waits_for_a_look_with_those_who_publish(db: Any) -> None:
    of = {
        role: given.make_worker(role=role)
        for role in (Role.ANALYST, Role.COORDINATOR, Role.DATA_PROTECTION_OFFICER)
    }
    analyst = of[Role.ANALYST]
    brief = Brief.objects.create(about="I26", year=2026, begun_by=analyst)
    assert what_waits(of[Role.COORDINATOR]) == []

    briefs.request_review(brief, by=analyst)
    for role, waits in ((Role.ANALYST, 0), (Role.COORDINATOR, 1)):
        assert what_waits(of[role]) == ["Review a brief"] * waits
    [task] = days.build_day(of[Role.DATA_PROTECTION_OFFICER]).tasks
    assert (task.about, task.due_at) == ("Policy brief · 2026", brief.asked_at)

    briefs.discard_brief(brief, by=analyst)
    assert what_waits(of[Role.COORDINATOR]) == []


def test_a_step_after_an_exercise_waits_when_it_is_due(db: Any) -> None:
    by, analyst = (given.make_worker(role=r) for r in (Role.COORDINATOR, Role.ANALYST))
    today = timezone.localdate()
    held = exercises.ExerciseReport("A boat", "table", today, ["border"], "Much")
    exercise = exercises.record_exercise(held, by=by)
    for due_in in (-1, 1):
        due_on = today + timedelta(days=due_in)
        exercises.agree_step(exercise, "A list", office="Guard", due_on=due_on, by=by)

    assert what_waits(by) == ["Complete a follow-up to an exercise"]
    assert what_waits(analyst) == []
