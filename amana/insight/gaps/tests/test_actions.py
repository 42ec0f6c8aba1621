"""What may be planned, and by whom."""

from decimal import Decimal

import pytest

from amana import given
from amana.errors import Refused
from amana.insight.gaps import actions, gap_view
from amana.insight.gaps.models import GapPlan, KeptGap
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from tests.worlds import kept


@kept
def gap(regions):
    return gap_view.build_look().by_key["HE1", "all", "all"]


def test_only_a_coordinator_plans(gap, analyst):
    with pytest.raises(Denied):
        actions.record_plan(gap, status=GapPlan.Status.LEFT, by=analyst)
    assert not GapPlan.objects.exists()


def test_a_plan_is_in_the_log(gap, coordinator):
    plan = actions.record_plan(gap, status=GapPlan.Status.LEFT, by=coordinator)
    did = AuditEvent.objects.latest("pk")
    assert (did.did, did.thing) == ("planned for a gap", f"gaps.gapplan:{plan.pk}")


def test_a_sum_has_a_currency(gap, coordinator):
    with pytest.raises(Refused, match="currency"):
        actions.record_plan(
            gap, status=GapPlan.Status.LEFT, cost=Decimal(5), by=coordinator
        )


def test_nobody_outside_the_mechanism_sees_to_a_gap(gap, coordinator):
    owner = given.make_organisation(admitted_at=None)
    with pytest.raises(Refused, match="not part of the mechanism"):
        actions.record_plan(
            gap, status=GapPlan.Status.PLANNED, owner=owner, by=coordinator
        )


def test_the_gaps_of_a_year_are_kept_once(gap, coordinator):
    assert actions.record_year_gaps(2025, [gap], by=coordinator) == 1
    with pytest.raises(Refused, match="already saved"):
        actions.record_year_gaps(2025, [gap], by=coordinator)
    assert KeptGap.objects.count() == 1
