"""What people needed in a year, and what became of it, by the sheets of `measure`.

A sheet is the one place at which small groups are hidden, for all figures together
(ADR 24). So nothing is counted here: a number is one that stands on a sheet, or is
estimated from several that do, and says so. Whatever is worked out of them, a ratio or
a rank, tells no more than they do (ADR 27).

Where a need is not counted area by area, as there are too few facts for it, the need
of an area is estimated: that of the country, times the area's part of all needs. So is
that of a group, by its part of the people of whom a need is known.
"""

from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from amana.design.directory.coverage import Group
from amana.insight.gaps.package import PACKAGE
from amana.insight.measure import country, looking
from amana.insight.measure.engine.counting import COUNTED, OTHERS
from amana.insight.measure.engine.sheets import name_of
from amana.insight.measure.engine.shown import Shown
from amana.insight.measure.library.reading import library
from amana.insight.measure.looking import Year

NEEDS = tuple(need.code for need in PACKAGE)
NEED, ACCEPTED, MET, TIME, CHILD_CARE, TREATED = (
    *("I26", "I20", "I23"),
    *("I24", "I36", "I45"),
)
"""The indicators from which it is read."""
SAFE = "safe"
ROUNDED = 5
CHILDREN, ADULTS = ("0-11", "12-17"), ("18-24", "25-59", "60+")

type At = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Number:
    """How many people in the year, as it may be shown; None: too few to be shown, or
    hidden for the sake of such."""

    value: float | None
    estimated: bool = False

    @property
    def low(self) -> float:
        """Between what the number lies that chance might have made."""
        return byar(max(0.0, self.value - 2), low=True) if self.value else 0.0

    @property
    def middle(self) -> float:
        return self.value or 0.0

    @property
    def high(self) -> float:
        return byar((country.SMALLEST if self.value is None else self.value) + 2)


def byar(n: float, *, low: bool = False) -> float:
    """The 95 % limits of a Poisson count, by Byar's approximation."""
    if low:
        return n * (1 - 1 / (9 * n) - 1.96 / (3 * sqrt(n))) ** 3 if n > 0 else 0.0
    n += 1
    return float(n * (1 - 1 / (9 * n) + 1.96 / (3 * sqrt(n))) ** 3)


def roughly(value: float | None, *, estimated: bool) -> Number:
    """An estimate is rounded like a count, and no more precise than one."""
    if value is None:
        return Number(None, estimated)
    near = ROUNDED * round(value / ROUNDED) if estimated else value
    return Number(near if near >= country.SMALLEST else None, estimated)


@dataclass(frozen=True)
class Demand:
    year: Year | None
    """None while no sheet has been drawn up."""
    regions: tuple[str, ...]
    known: dict[tuple[str, str, At], Shown] = field(default_factory=dict)

    @property
    def months(self) -> int:
        """So many are in it."""
        if self.year is None or self.year.is_over:
            return 12
        return max(1, self.year.until.month - 1)

    def shown(self, code: str, part: str = "", at: At = ()) -> Shown:
        key = code, part, at
        if key not in self.known:
            of = library()[code].part(part)
            self.known[key] = (
                self.year.sheets.shown(code, of, at) if self.year else Shown()
            )
        return self.known[key]

    # --- people in need

    def parts(self, at: At) -> tuple[float | None, float | None]:
        """As they stand on the sheet: the unmet needs, and the met ones."""
        if self.year is None:
            return None, None
        part = library()[NEED].part()
        page, name = self.year.sheets.page(part.chosen.kind), name_of(NEED, part)
        unmet = page.count((*at, (name, COUNTED)))
        return unmet, page.count((*at, (name, OTHERS)))

    def needs(self, at: At, *, unmet: bool = False) -> float | None:
        """Those unmet, or all: a sum of which a part is hidden is not all of them."""
        counted, others = self.parts(at)
        if unmet or counted is None:
            return counted
        return None if others is None else float(counted + others)

    def least(self, at: At) -> float | None:
        """So many at least, if a part is hidden: what estimates weigh by."""
        shown = [number for number in self.parts(at) if number is not None]
        return float(sum(shown)) if shown else None

    @cached_property
    def by_area(self) -> bool:
        """Whether needs are counted in each area, and not only in all."""
        if self.year is None:
            return False
        part = library()[NEED].part()
        return bool(self.year.sheets.splits(NEED, part, ["area", "topic"]))

    def part_of(self, dim: str, codes: tuple[str, ...], of: tuple[str, ...]) -> float:
        """Of all needs, the part of these codes, as far as that may be shown."""
        counts = {code: self.least(((dim, code),)) or 0.0 for code in of}
        total = sum(counts.values())
        return sum(counts[code] for code in codes) / total if total else 0.0

    @cached_property
    def of_areas(self) -> dict[str, float]:
        return {a: self.part_of("area", (a,), self.regions) for a in self.regions}

    @cached_property
    def of_groups(self) -> dict[str, float | None]:
        """None: facts don't say it."""
        children = self.part_of("age_band", CHILDREN, (*CHILDREN, *ADULTS))
        women = self.part_of("sex", ("female",), ("female", "male"))
        people = ("trafficking", "smuggling", "both", "other")
        return {
            Group.WOMEN: (1 - children) * women,
            Group.MEN: (1 - children) * (1 - women),
            Group.CHILDREN: children,
            Group.FAMILIES: None,
            Group.DISABILITY: self.part_of("disability", ("yes",), ("yes", "no")),
            Group.SMUGGLED: self.part_of("status", ("smuggling", "both"), people),
        }

    def weigh(self, need: str, area: str, group: str) -> tuple[At, float, bool] | None:
        """The cell of the sheet that says most, the part of it that is meant, and
        whether that is an estimate."""
        at: At = (("topic", need),)
        share = self.of_groups[group] if group else 1.0
        if share is None:
            return None
        if area and self.by_area:
            return (*at, ("area", area)), share, bool(group)
        if area:
            return at, share * self.of_areas.get(area, 0.0), True
        return at, share, bool(group)

    def people(
        self, need: str, area: str = "", group: str = "", *, unmet: bool = False
    ) -> Number | None:
        """For a need, an area ("": all of them) and a group ("": everybody), as people
        are shown it; None for what facts do not say at all."""
        weighed = self.weigh(need, area, group)
        if weighed is None:
            return None
        at, share, estimated = weighed
        known = self.needs(at, unmet=unmet)
        return roughly(None if known is None else known * share, estimated=estimated)

    def at_least(self, need: str, area: str, group: str) -> Number | None:
        """The same with so many as are shown, where a part of them is hidden; as exact
        as it can be worked out, and so for other figures alone."""
        weighed = self.weigh(need, area, group)
        if weighed is None:
            return None
        at, share, estimated = weighed
        known = self.least(at)
        return Number(None if known is None else known * share, estimated)

    @cached_property
    def monthly(self) -> dict[str, NDArray[np.float64]]:
        """People in need a month, [need, region, group]: "low", "middle" and "high"."""
        shape = (len(NEEDS), len(self.regions), len(Group))
        found = {limit: np.zeros(shape) for limit in ("low", "middle", "high")}
        for n, need in enumerate(NEEDS):
            for r, region in enumerate(self.regions):
                for g, group in enumerate(Group):
                    if number := self.at_least(need, region, group):
                        for limit, numbers in found.items():
                            numbers[n, r, g] = getattr(number, limit) / self.months
        return found

    # --- what became of it

    def share(self, code: str, part: str, need: str, area: str) -> "Share":
        """Of a need in an area; where that isn't shown, in the whole country."""
        topic: At = (("topic", need),)
        here = self.shown(code, part, (*topic, ("area", area)))
        if here.value is not None:
            return Share(here.value, here=True)
        return Share(self.shown(code, part, topic).value, here=False)

    def unmet_share(self, need: str, area: str) -> "Share":
        return self.share(NEED, "", need, area)

    def accepted(self, need: str, area: str) -> "Share":
        return self.share(ACCEPTED, "accepted", need, area)

    def met(self, need: str, area: str) -> "Share":
        return self.share(MET, "", need, area)

    def hours_waited(self, need: str) -> float | None:
        """The median, in the whole country."""
        return self.shown(TIME, "", (("topic", need),)).value

    def children_suited(self, area: str) -> float | None:
        return self.shown(CHILD_CARE, "", (("area", area),)).value

    def felt_safe(self) -> float | None:
        """Of all who were asked, in the whole country."""
        return self.shown(TREATED, "", (("topic", SAFE),)).value


@dataclass(frozen=True)
class Share:
    """None: not shown. `here`: of the area itself, else of the country."""

    value: float | None
    here: bool

    def below(self, least: float) -> bool:
        return self.value is not None and self.value < least


def years() -> list[int]:
    return looking.years()


def of(year: int | None, regions: tuple[str, ...]) -> Demand:
    return Demand(looking.year(year) if year is not None else None, regions)
