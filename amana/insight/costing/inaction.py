"""What it costs to do nothing, as far as it can honestly be stated: of needs that were
counted as unmet, with prices that an analyst has a source for.

Nothing is estimated. Where the number of unmet needs may not be shown, the page states
this and there is no sum. It is no saving: no one knows how much of it help would
avoid."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _

from amana.insight.costing.engine import inaction_costs as engine
from amana.insight.costing.engine.ingredients import NOTHING, Assumptions, round_amount
from amana.insight.costing.models import Consequence, Costing
from amana.insight.measure import figure_years
from amana.insight.measure.library.reading import load_library

UNMET = "I26"
"""Needs without an acceptable service."""


def find_last_year() -> figure_years.FigureYear | None:
    """Find the last year that is over."""
    # A part of a year is not extrapolated to a whole one (ADR 34).
    found = (figure_years.load_year(number) for number in figure_years.list_years())
    return next((year for year in found if year and year.is_over), None)


@dataclass(frozen=True)
class CountedConsequence:
    """What follows from unmet needs, with how many there were."""

    one: Consequence
    unmet: int | None
    """As it may be shown; None: it may not, or nothing was counted."""

    @property
    def need(self) -> str:
        return self.one.get_need_display() if self.one.need else _("Any kind of help")

    @property
    def priced(self) -> engine.PricedConsequence:
        shares = {name: getattr(self.one, name) for name in ("low", "likely", "high")}
        return engine.PricedConsequence(self.one.title, self.one.price, shares)


class InactionCosts:
    def __init__(
        self,
        costing: Costing,
        years: Sequence[int],
        given: Callable[[str], Assumptions],
    ) -> None:
        self.costing, self.years, self.given = costing, years, given
        self.year = find_last_year()

    @cached_property
    def counted(self) -> list[CountedConsequence]:
        listed = self.costing.consequences.order_by("pk")
        return [
            CountedConsequence(consequence, self.unmet(consequence.need))
            for consequence in listed
        ]

    def unmet(self, need: str) -> int | None:
        if self.year is None:
            return None
        at = (("topic", need),) if need else ()
        # From the protected tables: a number that may not be shown gives no sum (ADR
        # 34).
        shown = self.year.sheets.shown(UNMET, load_library()[UNMET].part(), at)
        return None if shown.counted is None else int(shown.counted)

    @property
    def told(self) -> list[CountedConsequence]:
        return [counted for counted in self.counted if counted.unmet is not None]

    @property
    def not_told(self) -> list[CountedConsequence]:
        return [counted for counted in self.counted if counted.unmet is None]

    def in_year(self, scenario: str, number: int) -> Decimal:
        given, since = self.given(scenario), self.years_since(number)
        amounts = (
            engine.compute_year(
                counted.priced, counted.unmet or 0, scenario, given, number, since=since
            )
            for counted in self.told
        )
        return sum(amounts, NOTHING)

    def years_since(self, number: int) -> int:
        """Count the years from that in which the unmet needs were counted to one of the
        costing."""
        return self.years[number] - self.year.number if self.year else 0

    def total(self, scenario: str) -> Decimal:
        every = range(len(self.years))
        return sum((self.in_year(scenario, n) for n in every), NOTHING)

    def of_one(self, some: Iterable[CountedConsequence], scenario: str) -> Decimal:
        """Compute what one unmet need costs in the first year."""
        given = self.given(scenario)
        each = (
            engine.compute_one(counted.priced, scenario, given, 0) for counted in some
        )
        return round_amount(sum(each, Fraction()))
