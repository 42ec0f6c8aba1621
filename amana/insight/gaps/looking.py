"""Gaps as they are now: the directory of this moment compared with a year's figures."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils import timezone

from amana.design.directory import coverage
from amana.design.directory.catalogue import current
from amana.design.directory.coverage import Assumed, Regions, Supply
from amana.design.directory.matching import Point
from amana.design.directory.models import Area, Service
from amana.insight.gaps import demand
from amana.insight.gaps.demand import NEEDS, Demand
from amana.insight.gaps.finding import EVERYWHERE, Gap, found
from amana.insight.gaps.models import Key
from amana.insight.measure.looking import Year, usual


@dataclass(frozen=True)
class Look:
    """All that pages show, worked out once for a request."""

    assumed: Assumed
    supply: Supply
    demand: Demand
    before: Demand

    @property
    def year(self) -> int | None:
        return self.demand.year.number if self.demand.year else None

    @cached_property
    def gaps(self) -> list[Gap]:
        return found(self.supply, self.demand)

    @cached_property
    def by_key(self) -> dict[Key, Gap]:
        return {gap.key: gap for gap in self.gaps}

    @cached_property
    def areas(self) -> dict[str, Area]:
        return {area.code: area for area in regions()}

    def at(self, need: str, area: str) -> list[Gap]:
        """List the gaps of a need in a region, with those of the whole country."""
        return [
            gap
            for gap in self.gaps
            if gap.need.code == need and gap.area in (area, EVERYWHERE)
        ]


def regions() -> list[Area]:
    # Without their shapes: only the map draws these, and they are by far the largest
    # column.
    return list(Area.objects.filter(level=1).defer("geometry").order_by("code"))


def supply(assumed: Assumed) -> Supply:
    middles = {area.code: Point(area.lat, area.lon) for area in regions()}
    with current() as catalogue:
        # A service that only its team sees has no location in here at all: travel times
        # would otherwise reveal it (ADR 27).
        unplaced = catalogue.visibility.number == catalogue.visibility.place.get(
            Service.Visibility.RESTRICTED, -1
        )
        return coverage.of(
            catalogue.directory,
            NEEDS,
            Regions(middles),
            now=timezone.now(),
            assumed=assumed,
            unplaced=np.asarray(unplaced, np.bool),
        )


def demand_of(year: int | None) -> Demand:
    return demand.of(year, codes())


def demand_on(year: Year) -> Demand:
    """Build the demand from figures of a year that are kept elsewhere, as in a
    release."""
    return Demand(year, codes())


def codes() -> tuple[str, ...]:
    return tuple(area.code for area in regions())


def look(year: int | None = None, assumed: Assumed | None = None) -> Look:
    """Build what the pages show, with the figures of `year`, or of the latest of which
    there are enough."""
    assumed, known = assumed or Assumed(), demand.years()
    if year not in known:
        year = usual(known) if known else None
    before = year - 1 if year is not None and year - 1 in known else None
    return Look(assumed, supply(assumed), demand_of(year), demand_of(before))
