"""Gaps to be closed: what is agreed about three of them, and what was found the
year before."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from amana.demo.country import DemoCountry
from amana.design.directory.coverage import CoverageAssumptions
from amana.insight.gaps import actions, gap_view
from amana.insight.gaps.finding import Gap
from amana.insight.gaps.models import GapPlan
from amana.insight.gaps.ranking import RankWeights, sort_gaps

AGREED = {
    "SH1": (
        "Harbour House",
        GapPlan.Status.STARTED,
        Decimal(9_500),
        45,
        "A second line of staff at night; two are being trained.",
    ),
    "HE1": (
        "Central Hospital",
        GapPlan.Status.PLANNED,
        Decimal(48_000),
        120,
        "A mobile team that drives at night too, from the next budget.",
    ),
    "MH2": (
        "Stillwater Counselling",
        GapPlan.Status.STARTED,
        Decimal(6_000),
        -20,
        "A counsellor who travels to three regions every week.",
    ),
}
"""Of the first gap of each of these needs."""


def close_gaps(country: DemoCountry) -> str:
    """Plan how three gaps are closed; return the line of progress."""
    by, look = country.coordinator, gap_view.build_look()
    order = [gap for gap, _rank in sort_gaps(look.gaps, RankWeights())]
    # Reversed, so that of several gaps for one need the first in order stays.
    first = {gap.need.code: gap for gap in reversed(order)}
    for need, (name, status, cost, days, note) in AGREED.items():
        if need not in first:
            continue
        actions.record_plan(
            first[need],
            status=status,
            owner=country.teams[name].organisation,
            cost=cost,
            currency="EUR",
            due_on=timezone.localdate() + timedelta(days=days),
            note=note,
            by=by,
        )
    if look.year is not None and order:
        actions.record_year_gaps(look.year - 1, list_earlier_gaps(look.gaps), by=by)
    return "Gaps, and who closes them"


def list_earlier_gaps(now: list[Gap]) -> list[Gap]:
    """List the same gaps except a few that are new, and add two that have closed
    since."""
    keys = {gap.key for gap in now}
    # A stricter assumption finds more gaps than there are: these look like closed ones.
    stricter = gap_view.build_look(assumed=CoverageAssumptions(reach=1)).gaps
    closed = [gap for gap in stricter if gap.key not in keys][:2]
    return now[3:] + closed
