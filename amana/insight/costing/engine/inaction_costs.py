"""What it costs to do nothing: needs that stay unmet, times the share of them that
leads to something that has to be paid for, times its price; year by year.

    a year = unmet needs × growth since they were counted × share × price × inflation

The unmet needs are those that were counted in the last year that is over, and grow
from there: in that year itself there are as many as were counted. No other
country's costs are taken over, and nothing is claimed of what help would save: of those
who are helped, some come to the same cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from amana.insight.costing.engine.ingredients import (
    Assumptions,
    CostDriver,
    round_amount,
)


@dataclass(frozen=True)
class PricedConsequence:
    name: str
    price: Decimal
    share: Mapping[str, Decimal]
    """By scenario: of the needs that stay unmet, so many lead to it."""


def compute_one(
    what: PricedConsequence, scenario: str, given: Assumptions, year: int
) -> Fraction:
    """Compute what one unmet need costs in a year (0 is the first), if things are as
    assumed."""
    dearer = (1 + Fraction(given[CostDriver.INFLATION])) ** year
    change = 1 + Fraction(given[CostDriver.PRICES])
    return Fraction(what.share[scenario]) * Fraction(what.price) * change * dearer


def compute_year(
    what: PricedConsequence,
    unmet: int,
    scenario: str,
    given: Assumptions,
    year: int,
    *,
    since: int,
) -> Decimal:
    """Compute what all of them cost: as many as were counted, with the growth of the
    years since then (0 in the year in which they were counted; fewer before it, if they
    grow)."""
    grown = (1 + Fraction(given[CostDriver.GROWTH])) ** since
    return round_amount(unmet * grown * compute_one(what, scenario, given, year))
