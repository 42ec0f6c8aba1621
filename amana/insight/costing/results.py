"""A costing, worked out: three scenarios, by what and by whom it is paid, what moves it
most. The same rows make the page, the CSV and the workbook."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from amana.design.simulation.charts import build_chart
from amana.insight.costing import ledger_sums
from amana.insight.costing.engine.ingredients import (
    NOTHING,
    Assumptions,
    CostSwing,
    PriceBasis,
    ScenarioCosts,
    compute_costs,
    compute_gap,
    list_swings,
)
from amana.insight.costing.engine.ingredients import CostDriver as EngineDriver
from amana.insight.costing.engine.ingredients import PricedIngredient as Priced
from amana.insight.costing.inaction import InactionCosts
from amana.insight.costing.models import Costing, Ingredient
from amana.insight.costing.result_labels import (
    build_exact_band,
    build_priced,
    convert_to_percent,
    get_scenario_names,
    label_centre,
    label_swing,
    round_tenths,
    round_units,
)
from amana.insight.costing.scenario_outcomes import format_number
from amana.ui.charts import RowChart

SCENARIOS = ("low", "likely", "high")
MOST_SWINGS = 10


type Rows = list[list[str | Decimal]]


@dataclass(frozen=True)
class CostTable:
    """A table of a costing: the first column names the row, the rest are numbers."""

    title: str
    columns: list[str]
    rows: Rows


class CostingResults:
    def __init__(self, costing: Costing) -> None:
        self.costing = costing
        self.currency = costing.currency
        self.ingredients = list(costing.ingredients.for_list())
        self.assumptions = {
            assumption.driver: assumption for assumption in costing.assumptions.all()
        }
        self.years = [costing.first_year + n for n in range(costing.years)]

    @cached_property
    def priced(self) -> list[Priced]:
        return [build_priced(ingredient) for ingredient in self.ingredients]

    def given(self, scenario: str) -> Assumptions:
        return {
            EngineDriver(driver): getattr(assumption, scenario)
            for driver, assumption in self.assumptions.items()
        }

    @cached_property
    def costs(self) -> dict[str, ScenarioCosts]:
        return {
            scenario: compute_costs(
                self.priced, self.given(scenario), years=self.costing.years
            )
            for scenario in SCENARIOS
        }

    @property
    def likely(self) -> ScenarioCosts:
        return self.costs["likely"]

    @property
    def unpriced(self) -> list[Ingredient]:
        return [
            ingredient
            for ingredient in self.ingredients
            if ingredient.basis != PriceBasis.REST
            and not ingredient.price
            and not ingredient.fixed
        ]

    @property
    def without_source(self) -> int:
        """Assumptions that have no source."""
        return sum(not assumption.source for assumption in self.assumptions.values())

    @property
    def is_invented(self) -> bool:
        """Whether some of it is still what a costing begins with: nothing to cite."""
        sources = (
            ingredient.source
            for ingredient in self.ingredients
            if ingredient.price or ingredient.fixed
        )
        return bool(self.unpriced or self.without_source) or not all(sources)

    @cached_property
    def committed(self) -> dict[tuple[str, int], Decimal]:
        return ledger_sums.map_committed(self.currency, self.years)

    def committed_in(self, year: int) -> Decimal:
        return sum((s for (_c, y), s in self.committed.items() if y == year), NOTHING)

    @cached_property
    def gap(self) -> Decimal:
        """Year by year: what is left over in one doesn't pay for the next."""
        return sum((self.gap_in(n) for n in range(len(self.years))), NOTHING)

    def gap_in(self, number: int) -> Decimal:
        return compute_gap(
            self.likely.of_year(number), self.committed_in(self.years[number])
        )

    @cached_property
    def swings(self) -> list[CostSwing]:
        every = list_swings(
            self.priced,
            *(self.given(scenario) for scenario in ("likely", "low", "high")),
            years=self.costing.years,
        )
        return [swing for swing in every if swing.width][:MOST_SWINGS]

    # -- as tables

    def by_scenario(self) -> CostTable:
        names = get_scenario_names()
        rows: Rows = [
            [
                names[scenario],
                *(costs.of_year(n) for n in range(len(self.years))),
                costs.total,
                costs.per_case or NOTHING,
                costs.per_night or NOTHING,
                costs.per_need or NOTHING,
            ]
            for scenario, costs in self.costs.items()
        ]
        each = [_("Per case"), _("Per safe night"), _("Per need met")]
        return CostTable(
            _("Three scenarios"),
            [_("Scenario"), *map(str, self.years), _("Total"), *each],
            rows,
        )

    def by_centre(self) -> CostTable:
        rows: Rows = [
            [
                label_centre(centre),
                *(self.likely.of_centre(centre, n) for n in range(len(self.years))),
                self.likely.of_centre(centre),
            ]
            for centre in self.likely.centres
            if self.likely.of_centre(centre)
        ]
        return self.with_total(_("What it is spent on"), _("Spent on"), rows)

    def by_payer(self) -> CostTable:
        rows: Rows = [
            [
                payer or _("No one yet"),
                *(self.likely.of_payer(payer, n) for n in range(len(self.years))),
                self.likely.of_payer(payer),
            ]
            for payer in self.likely.payers
            if self.likely.of_payer(payer)
        ]
        return self.with_total(_("Who would pay"), _("Ministry or donor"), rows)

    def by_gap(self) -> CostTable:
        every = range(len(self.years))
        needs = [self.likely.of_year(n) for n in every]
        there = [self.committed_in(year) for year in self.years]
        gaps = [self.gap_in(n) for n in every]
        rows: Rows = [
            [label, *of_years, sum(of_years, NOTHING)]
            for label, of_years in (
                (_("Needed"), needs),
                (_("Committed in the ledger"), there),
                (_("Shortfall"), gaps),
            )
        ]
        return CostTable(
            _("Funding shortfall"), ["", *map(str, self.years), _("Total")], rows
        )

    def people(self) -> CostTable:
        likely = self.likely.years
        nights = [
            ingredient
            for ingredient in self.priced
            if ingredient.basis is PriceBasis.NIGHT
        ]
        rows: Rows = [
            [_("People supported"), *(round_units(year.cases) for year in likely)],
            [_("Cases at a time"), *(round_units(year.active) for year in likely)],
            [_("Case workers"), *(round_tenths(year.workers) for year in likely)],
            [_("Supervisors"), *(round_tenths(year.workers / 6) for year in likely)],
            [
                _("Beds"),
                *(Decimal(sum(map(year.beds, nights))) for year in likely),
            ],
        ]
        return CostTable(_("People, posts and beds"), ["", *map(str, self.years)], rows)

    def by_swing(self) -> CostTable:
        return CostTable(
            _("What affects the total most"),
            [
                _("Changed on its own"),
                _("Total if low"),
                _("Total if high"),
                _("Between"),
            ],
            [
                [label_swing(swing), swing.low, swing.high, swing.width]
                for swing in self.swings
            ],
        )

    @cached_property
    def inaction(self) -> InactionCosts:
        return InactionCosts(self.costing, self.years, self.given)

    def by_inaction(self) -> CostTable:
        names = get_scenario_names()
        every, doing_nothing = range(len(self.years)), self.inaction
        rows: Rows = [
            [
                names[scenario],
                *(doing_nothing.in_year(scenario, n) for n in every),
                doing_nothing.total(scenario),
            ]
            for scenario in SCENARIOS
        ]
        return CostTable(
            _("Cost of doing nothing"),
            [_("Scenario"), *map(str, self.years), _("Total")],
            rows,
        )

    def by_consequence(self) -> CostTable:
        """Build the table of what that assumes, and where it comes from."""
        rows: Rows = [
            [
                counted.one.title,
                counted.need,
                _("Not shown") if counted.unmet is None else Decimal(counted.unmet),
                counted.one.price,
                *(convert_to_percent(getattr(counted.one, name)) for name in SCENARIOS),
                counted.one.source,
            ]
            for counted in self.inaction.counted
        ]
        year = self.inaction.year
        unmet = (
            _("Unmet in %(year)s") % {"year": year.number} if year else _("Unmet needs")
        )
        scenarios = get_scenario_names().values()
        return CostTable(
            _("Consequences of unmet needs"),
            [
                *(_("Consequence"), _("Kind of help"), unmet, _("Price")),
                *(_("%(scenario)s: share, %%") % {"scenario": s} for s in scenarios),
                _("Source"),
            ],
            rows,
        )

    def with_total(self, title: str, first: str, rows: Rows) -> CostTable:
        sums: list[str | Decimal] = [_("Total")]
        for n in range(1, len(self.years) + 2):
            cells = (row[n] for row in rows)
            sums.append(sum((c for c in cells if isinstance(c, Decimal)), NOTHING))
        return CostTable(
            title, [first, *map(str, self.years), _("Total")], [*rows, sums]
        )

    def tables(self) -> list[CostTable]:
        return [*self.of_doing(), *self.of_doing_nothing()]

    def of_doing(self) -> list[CostTable]:
        return [
            self.by_scenario(),
            self.by_gap(),
            self.by_payer(),
            self.by_centre(),
            self.people(),
            self.by_swing(),
        ]

    def of_doing_nothing(self) -> list[CostTable]:
        """Build the sums, where there are any, and what they assume."""
        sums = [self.by_inaction()] if self.inaction.told else []
        assumed = [self.by_consequence()] if self.inaction.counted else []
        return [*sums, *assumed]

    # -- as pictures

    def chart_of_centres(self) -> RowChart | None:
        likely = self.likely
        return build_chart(
            _("What it is spent on, in thousands"),
            (
                (label_centre(c), build_exact_band(likely.of_centre(c)), "")
                for c in likely.centres
            ),
        )

    def chart_of_swings(self) -> RowChart | None:
        return build_chart(
            _("What affects the total most, in thousands"),
            (
                (label_swing(swing), build_exact_band(swing.width), "")
                for swing in self.swings
            ),
        )


def format_cell(cell: str | Decimal) -> str:
    """Format a cell in whole units; a small number keeps its tenth, as posts need
    it."""
    if isinstance(cell, str):
        return cell
    small = cell < 1_000 and cell != int(cell)
    return format_number(float(cell), 1) if small else format_number(float(cell))


def iterate_headlines(results: CostingResults) -> Iterable[tuple[str, str]]:
    likely = results.likely
    for label, amount in (
        (_("Likely total"), likely.total),
        (_("Shortfall"), results.gap),
        (_("Per case"), likely.per_case),
        (_("Per safe night"), likely.per_night),
    ):
        if amount is not None:
            yield label, format_number(round(amount))
