"""What people needed in a year, and the outcome, from the protected tables of
`measure`.

Small groups are suppressed in one place, for all figures together (ADR 24). So nothing
is counted here: a number is one that a protected table shows, or is estimated from
several that do, and is marked as such. Whatever is calculated from them, a ratio or a
rank, reveals no more than they do (ADR 27).

Where the need of an area is suppressed, or not counted as there are too few
observations for it, it is estimated: that of the country, times the area's part of all
needs (of this need, where that is shown), and no more than the areas that are shown
leave over. So is that of a group, by its part of the people of whom a need is known.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from amana.design.directory.coverage import PopulationGroup
from amana.insight.gaps.package import PACKAGE
from amana.insight.measure import country, figure_years
from amana.insight.measure.engine.counting import COUNTED, OTHERS
from amana.insight.measure.engine.protected_tables import build_figure_name
from amana.insight.measure.engine.visible_figures import ShownValue
from amana.insight.measure.figure_years import FigureYear
from amana.insight.measure.library.reading import load_library

NEEDS = tuple(need.code for need in PACKAGE)
NEED, ACCEPTED, MET, TIME, CHILD_CARE = "I26", "I20", "I23", "I24", "I36"
"""The indicators from which it is read."""
ROUNDED = 5
CHILDREN, ADULTS = ("0-11", "12-17"), ("18-24", "25-59", "60+")

type At = tuple[tuple[str, str], ...]
type Count = Callable[[At], float | None]
"""How many there are in a cell of the sheet of needs, as far as it shows them."""


@dataclass(frozen=True)
class ShownNumber:
    """How many people in the year, as it may be shown; None: too few to be shown, or
    hidden for the sake of such."""

    value: float | None
    estimated: bool = False

    @property
    def low(self) -> float:
        """Between what the number lies that chance might have made."""
        return (
            compute_byar_limit(max(0.0, self.value - 2), low=True)
            if self.value
            else 0.0
        )

    @property
    def middle(self) -> float:
        return self.value or 0.0

    @property
    def high(self) -> float:
        # A hidden number may be anything below the smallest that is shown; 2 is how far
        # rounding to 5 can be off.
        return compute_byar_limit(
            (country.SMALLEST if self.value is None else self.value) + 2
        )


def compute_byar_limit(n: float, *, low: bool = False) -> float:
    """Compute a 95 % limit of a Poisson count, by Byar's approximation."""
    if low:
        return n * (1 - 1 / (9 * n) - 1.96 / (3 * sqrt(n))) ** 3 if n > 0 else 0.0
    n += 1
    return float(n * (1 - 1 / (9 * n) + 1.96 / (3 * sqrt(n))) ** 3)


def round_estimate(value: float | None, *, estimated: bool) -> ShownNumber:
    """Round an estimate like a count: it is no more precise than one."""
    if value is None:
        return ShownNumber(None, estimated)
    near = ROUNDED * round(value / ROUNDED) if estimated else value
    return ShownNumber(near if near >= country.SMALLEST else None, estimated)


def limit_estimate(
    most: ShownNumber | None, number: ShownNumber | None
) -> ShownNumber | None:
    """Limit an estimate to what is known of all; a count is left as it is."""
    if not number or not number.estimated or number.value is None:
        return number
    if not most or most.value is None:
        return number
    return ShownNumber(min(number.value, most.value), estimated=True)


@dataclass(frozen=True)
class NeedCounts:
    """Needs in a cell of the protected table: unmet, met, and together."""

    unmet: float | None
    met: float | None
    both: float | None
    """Where that is counted by itself."""

    @property
    def all(self) -> float | None:
        """A sum of which a part is hidden is not all of them."""
        if self.both is not None:
            return self.both
        # A sum of which a part is suppressed is not all of them, and would look like
        # it.
        if self.unmet is None or self.met is None:
            return None
        return self.unmet + self.met

    @property
    def least(self) -> float | None:
        if self.both is not None:
            return self.both
        shown = [number for number in (self.unmet, self.met) if number is not None]
        return float(sum(shown)) if shown else None


@dataclass(frozen=True)
class Demand:
    year: FigureYear | None
    """None while no sheet has been drawn up."""
    regions: tuple[str, ...]
    known: dict[tuple[str, str, At], ShownValue] = field(default_factory=dict)
    seen: dict[At, NeedCounts] = field(default_factory=dict)

    @property
    def months(self) -> int:
        """So many are in it."""
        if self.year is None or self.year.is_over:
            return 12
        return max(1, self.year.until.month - 1)

    def shown(self, code: str, part: str = "", at: At = ()) -> ShownValue:
        key = code, part, at
        if key not in self.known:
            of = load_library()[code].part(part)
            self.known[key] = (
                self.year.sheets.shown(code, of, at) if self.year else ShownValue()
            )
        return self.known[key]

    # --- people in need

    def parts(self, at: At) -> NeedCounts:
        if at not in self.seen:
            self.seen[at] = self.read(at)
        return self.seen[at]

    def read(self, at: At) -> NeedCounts:
        if self.year is None:
            return NeedCounts(None, None, None)
        part = load_library()[NEED].part()
        page, name = (
            self.year.sheets.page(part.chosen.kind),
            build_figure_name(NEED, part),
        )
        return NeedCounts(
            page.count((*at, (name, COUNTED))),
            page.count((*at, (name, OTHERS))),
            page.count(at),
        )

    def unmet(self, at: At) -> float | None:
        return self.parts(at).unmet

    def needs(self, at: At) -> float | None:
        return self.parts(at).all

    def least(self, at: At) -> float | None:
        """Get how many there are at least, if a part is suppressed: the weight for
        estimates."""
        return self.parts(at).least

    def part_of(self, dim: str, codes: tuple[str, ...], of: tuple[str, ...]) -> float:
        """Compute the part of these codes in all needs, as far as that may be shown."""
        counts = {code: self.least(((dim, code),)) or 0.0 for code in of}
        total = sum(counts.values())
        return sum(counts[code] for code in codes) / total if total else 0.0

    @cached_property
    def of_areas(self) -> dict[str, float]:
        return {a: self.part_of("area", (a,), self.regions) for a in self.regions}

    @cached_property
    def of_groups(self) -> dict[str, float | None]:
        """None: observations don't show it."""
        children = self.part_of("age_band", CHILDREN, (*CHILDREN, *ADULTS))
        women = self.part_of("sex", ("female",), ("female", "male"))
        people = ("trafficking", "smuggling", "both", "other")
        return {
            PopulationGroup.WOMEN: (1 - children) * women,
            PopulationGroup.MEN: (1 - children) * (1 - women),
            PopulationGroup.CHILDREN: children,
            PopulationGroup.FAMILIES: None,
            PopulationGroup.DISABILITY: self.part_of(
                "disability", ("yes",), ("yes", "no")
            ),
            PopulationGroup.SMUGGLED: self.part_of(
                "status", ("smuggling", "both"), people
            ),
        }

    def in_area(self, need: str, area: str, count: Count) -> tuple[float | None, bool]:
        """Count or estimate a need in an area ("": all of them). Returns whether it is
        an estimate too."""
        topic = "topic", need
        if not area:
            return count((topic,)), False
        shown = {a: count((topic, ("area", a))) for a in self.regions}
        if shown.get(area) is not None:
            return shown[area], False
        whole = count((topic,))
        if whole is None:
            return None, True
        # What the shown areas leave over is public anyway: an estimate above it would
        # contradict the page.
        left = whole - sum(n for n in shown.values() if n is not None)
        return min(whole * self.weight(need, area), max(0.0, left)), True

    def weight(self, need: str, area: str) -> float:
        """Get an area's part of a need, if both are shown; else its part of all
        needs."""
        here = self.needs((("topic", need), ("area", area)))
        whole = self.needs((("topic", need),))
        if here is None or not whole:
            return self.of_areas.get(area, 0.0)
        return min(1.0, here / whole)

    def of(self, need: str, area: str, group: str, count: Count) -> ShownNumber | None:
        """Compute a number as exactly as possible, and so for other figures alone."""
        share = self.of_groups[group] if group else 1.0
        if share is None:
            return None
        known, estimated = self.in_area(need, area, count)
        value = None if known is None else known * share
        return ShownNumber(value, estimated or bool(group))

    def people(
        self, need: str, area: str = "", group: str = "", *, unmet: bool = False
    ) -> ShownNumber | None:
        """Count people in need for an area ("": all of them) and a group ("":
        everyone), as it may be shown; None for what observations do not contain."""
        found = self.of(need, area, group, self.needs)
        if unmet:
            found = limit_estimate(found, self.of(need, area, group, self.unmet))
        return found and round_estimate(found.value, estimated=found.estimated)

    def at_least(self, need: str, area: str, group: str) -> ShownNumber | None:
        """Count as above, with as many as are shown where a part of them is
        suppressed."""
        return self.of(need, area, group, self.least)

    @cached_property
    def monthly(self) -> dict[str, NDArray[np.float64]]:
        """People in need a month, [need, region, group]: "low", "middle" and "high"."""
        shape = (len(NEEDS), len(self.regions), len(PopulationGroup))
        found = {limit: np.zeros(shape) for limit in ("low", "middle", "high")}
        for n, need in enumerate(NEEDS):
            for r, region in enumerate(self.regions):
                for g, group in enumerate(PopulationGroup):
                    # With its lower bound rather than nothing: a suppressed part would
                    # make places look plentiful.
                    if number := self.at_least(need, region, group):
                        for limit, numbers in found.items():
                            numbers[n, r, g] = getattr(number, limit) / self.months
        return found

    # --- what became of it

    def share(self, code: str, part: str, need: str, area: str) -> "DemandShare":
        """Get a share for a need in an area; where that isn't shown, in the whole
        country."""
        topic: At = (("topic", need),)
        here = self.shown(code, part, (*topic, ("area", area)))
        if here.value is not None:
            return DemandShare(here.value, here=True)
        return DemandShare(self.shown(code, part, topic).value, here=False)

    def unmet_share(self, need: str, area: str) -> "DemandShare":
        return self.share(NEED, "", need, area)

    def accepted(self, need: str, area: str) -> "DemandShare":
        return self.share(ACCEPTED, "accepted", need, area)

    def met(self, need: str, area: str) -> "DemandShare":
        return self.share(MET, "", need, area)

    def hours_waited(self, need: str) -> float | None:
        """Get the median wait, in the whole country."""
        return self.shown(TIME, "", (("topic", need),)).value

    def children_suited(self, area: str) -> float | None:
        return self.shown(CHILD_CARE, "", (("area", area),)).value


@dataclass(frozen=True)
class DemandShare:
    """None: not shown. `here`: of the area itself, else of the country."""

    value: float | None
    here: bool

    def below(self, least: float) -> bool:
        return self.value is not None and self.value < least


def list_years() -> list[int]:
    return figure_years.list_years()


def load_demand(year: int | None, regions: tuple[str, ...]) -> Demand:
    return Demand(figure_years.load_year(year) if year is not None else None, regions)
