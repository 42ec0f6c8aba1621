"""Offices on a map, words of survivors with their safeguards, promises with what shows
that they were kept, and recommendations that the figures count once."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from amana.errors import Refused
from amana.insight.advocacy import actions
from amana.insight.advocacy.models import (
    Commitment,
    Message,
    Office,
    PolicyPlan,
    Recommendation,
    Window,
)
from amana.insight.facts.models import Observation
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent

PLACED = {"side": "ally", "power": "much", "view": "for"}


def test_a_plan_is_changed_by_those_who_plan(plan, coordinator, authority):
    aim = actions.PolicyTarget(
        plan.goal, plan.seen_by, plan.why, plan.due_on, state="reached"
    )
    with pytest.raises(Denied):
        actions.change_plan(plan, aim, by=authority)
    actions.change_plan(plan, replace(aim, risks="None known"), by=coordinator)

    plan.refresh_from_db()
    assert (plan.state, plan.risks) == (PolicyPlan.State.REACHED, "None known")


def test_an_office_named_again_moves_on_the_map(plan, coordinator):
    actions.place_office(plan, "Ministry of Finance", **PLACED, by=coordinator)
    moved = PLACED | {"side": "blocker", "view": "against"}
    office = actions.place_office(plan, "Ministry of Finance", **moved, by=coordinator)

    assert plan.offices.get() == office
    assert office.view == Office.View.AGAINST
    actions.remove_office(office, by=coordinator)
    assert not plan.offices.exists()


SAFE: dict[str, Any] = {"paid": True, "informed": True, "agreed_on": date(2026, 11, 1)}


@pytest.mark.parametrize("lacking", SAFE)
def test_no_survivor_speaks_without_pay_knowledge_and_consent(
    plan, coordinator, lacking
):
    said: dict[str, Any] = {**SAFE, lacking: None if lacking == "agreed_on" else False}
    with pytest.raises(Refused, match="choose another messenger"):
        actions.write_message(
            plan,
            "Rest came first.",
            audience="parliament",
            messenger="survivor",
            **said,
            by=coordinator,
        )
    assert not Message.objects.exists()


def test_survivors_take_their_words_back_and_the_words_are_gone(plan, coordinator):
    message = actions.write_message(
        plan,
        "Rest came first.",
        audience="parliament",
        messenger="survivor",
        **SAFE,
        by=coordinator,
    )
    actions.withdraw_message(message, by=coordinator)

    message.refresh_from_db()
    assert message.words == ""
    assert message.withdrawn_at
    with pytest.raises(Refused, match="already"):
        actions.withdraw_message(message, by=coordinator)


def test_a_promise_is_settled_by_what_shows_it(plan, coordinator):
    promise = actions.record_commitment(
        plan,
        "A line for shelters in the budget",
        office="Ministry of Finance",
        made_on=date(2026, 2, 1),
        due_on=date(2026, 3, 1),
        by=coordinator,
    )
    assert promise.is_late
    with pytest.raises(Refused, match="what shows it"):
        actions.settle_commitment(
            promise, Commitment.State.KEPT, evidence=" ", by=coordinator
        )
    actions.settle_commitment(
        promise, "broken", evidence="Budget law 2026", by=coordinator
    )

    promise.refresh_from_db()
    assert promise.state == Commitment.State.BROKEN
    assert not promise.is_late


def test_occasions_of_the_next_two_months_are_told(plan, coordinator, authority):
    today = timezone.localdate()

    def window(title, opens, closes, by=coordinator):
        return actions.plan_window(
            title,
            kind="budget",
            opens_on=today + timedelta(days=opens),
            closes_on=today + timedelta(days=closes),
            by=by,
        )

    window("over", -10, -1)
    soon = window("soon", 50, 70)
    window("later", 90, 100)
    assert list(Window.objects.soon()) == [soon]
    with pytest.raises(Refused, match="ends before"):
        window("wrong", 2, 1)
    with pytest.raises(Denied):
        window("not theirs", 1, 2, by=authority)


def in_force():
    facts = Observation.objects.in_force().filter(kind="recommendation")
    return list(facts.values_list("result", flat=True))


def test_figures_count_a_recommendation_once_as_it_stands_now(
    recommendation, coordinator
):
    assert in_force() == ["open"]

    actions.update_recommendation(
        recommendation, "partly", how="A draft", by=coordinator
    )
    actions.update_recommendation(
        recommendation, "partly", how="A second draft", by=coordinator
    )
    actions.update_recommendation(
        recommendation, "implemented", how="An act", by=coordinator
    )

    assert in_force() == ["implemented"]
    assert Observation.objects.filter(kind="recommendation").count() == 3
    settled = AuditEvent.objects.filter(did="settled recommendation")
    assert settled.count() == 3


def test_the_version_that_honours_it_has_that_line_of_law(
    recommendation, version, coordinator
):
    def follow(provision, version=version):
        actions.update_recommendation(
            recommendation,
            "implemented",
            how="The time to rest depends on nothing.",
            version=version,
            provision=provision,
            by=coordinator,
        )

    for wrong in ("no_such_line", "trafficking_stay"):
        with pytest.raises(Refused, match="does not contain that legal provision"):
            follow(wrong, version if wrong == "no_such_line" else None)
    follow("trafficking_stay")
    kept = Recommendation.objects.get()
    assert (kept.version, kept.provision) == (version, "trafficking_stay")


def test_what_was_done_has_to_be_said(recommendation, coordinator):
    with pytest.raises(Refused, match="what was done"):
        actions.update_recommendation(recommendation, "implemented", by=coordinator)
    assert in_force() == ["open"]
