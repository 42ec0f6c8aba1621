"""What may be planned, and by whom."""

from decimal import Decimal

import pytest

from amana import given
from amana.errors import Refused
from amana.insight.gaps import actions, looking
from amana.insight.gaps.models import KeptGap, Plan
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from tests.worlds import kept


@kept
def gap(regions):
    return looking.look().by_key["HE1", "all", "all"]


def test_only_a_coordinator_plans(gap, analyst):
    with pytest.raises(Denied):
        actions.plan(gap, status=Plan.Status.LEFT, by=analyst)
    assert not Plan.objects.exists()


def test_a_plan_is_in_the_log(gap, coordinator):
    plan = actions.plan(gap, status=Plan.Status.LEFT, by=coordinator)
    did = AuditEvent.objects.latest("pk")
    assert (did.did, did.thing) == ("planned for a gap", f"gaps.plan:{plan.pk}")


def test_a_sum_has_a_currency(gap, coordinator):
    with pytest.raises(Refused, match="currency"):
        actions.plan(gap, status=Plan.Status.LEFT, cost=Decimal(5), by=coordinator)


def test_nobody_outside_the_mechanism_sees_to_a_gap(gap, coordinator):
    owner = given.an_organisation(admitted_at=None)
    with pytest.raises(Refused, match="not part of the mechanism"):
        actions.plan(gap, status=Plan.Status.PLANNED, owner=owner, by=coordinator)


def test_the_gaps_of_a_year_are_kept_once(gap, coordinator):
    assert actions.keep(2025, [gap], by=coordinator) == 1
    with pytest.raises(Refused, match="already saved"):
        actions.keep(2025, [gap], by=coordinator)
    assert KeptGap.objects.count() == 1
