"""What it costs to do nothing, worked out by hand."""

from decimal import Decimal as D
from fractions import Fraction

import pytest

from amana.insight.costing.engine.inaction_costs import (
    PricedConsequence,
    compute_one,
    compute_year,
)
from amana.insight.costing.engine.ingredients import CostDriver

HOSPITAL = PricedConsequence(
    "A stay in hospital",
    D(2_000),
    {"low": D("0.1"), "likely": D("0.25"), "high": D("0.4")},
)
GIVEN = {
    CostDriver.GROWTH: D("0.1"),
    CostDriver.INFLATION: D("0.02"),
    CostDriver.PRICES: D("0.5"),
}


def test_one_unmet_need_costs_its_share_of_the_price():
    assert compute_one(HOSPITAL, "likely", GIVEN, 0) == 750
    assert compute_one(HOSPITAL, "likely", GIVEN, 2) == Fraction("780.3")


@pytest.mark.parametrize(
    ("scenario", "year", "since", "amount"),
    [
        ("low", 0, 1, D("33000.00")),
        ("likely", 0, 1, D("82500.00")),
        ("high", 0, 1, D("132000.00")),
        ("likely", 0, 0, D("75000.00")),
        ("likely", 1, 2, D("92565.00")),
        ("likely", 1, 4, D("112003.65")),
        ("likely", 0, -1, D("68181.82")),
    ],
)
def test_a_year_has_as_many_as_were_counted_and_grew(scenario, year, since, amount):
    assert compute_year(HOSPITAL, 100, scenario, GIVEN, year, since=since) == amount


def test_of_nobody_there_is_no_cost():
    assert compute_year(HOSPITAL, 0, "high", GIVEN, 3, since=4) == 0
