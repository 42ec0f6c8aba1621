"""Gaps as they are now: the directory of this moment compared with a year's figures."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils import timezone

from amana.design.directory import coverage
from amana.design.directory.catalogue import open_catalogue
from amana.design.directory.coverage import CoverageAssumptions, Regions, Supply
from amana.design.directory.matching import Point
from amana.design.directory.models import Area, Service
from amana.insight.gaps import demand
from amana.insight.gaps.demand import NEEDS, Demand
from amana.insight.gaps.finding import EVERYWHERE, Gap, list_gaps
from amana.insight.gaps.models import Key
from amana.insight.measure.figure_years import FigureYear, choose_default_year


@dataclass(frozen=True)
class GapView:
    """All that pages show, worked out once for a request."""

    assumed: CoverageAssumptions
    supply: Supply
    demand: Demand
    before: Demand

    @property
    def year(self) -> int | None:
        return self.demand.year.number if self.demand.year else None

    @cached_property
    def gaps(self) -> list[Gap]:
        return list_gaps(self.supply, self.demand)

    @cached_property
    def by_key(self) -> dict[Key, Gap]:
        return {gap.key: gap for gap in self.gaps}

    @cached_property
    def areas(self) -> dict[str, Area]:
        return {area.code: area for area in list_regions()}

    def at(self, need: str, area: str) -> list[Gap]:
        """List the gaps of a need in a region, with those of the whole country."""
        return [
            gap
            for gap in self.gaps
            if gap.need.code == need and gap.area in (area, EVERYWHERE)
        ]


def list_regions() -> list[Area]:
    # Without their shapes: only the map draws these, and they are by far the largest
    # column.
    return list(Area.objects.filter(level=1).defer("geometry").order_by("code"))


def compute_supply(assumed: CoverageAssumptions) -> Supply:
    middles = {area.code: Point(area.lat, area.lon) for area in list_regions()}
    with open_catalogue() as catalogue:
        # A service that only its team sees has no location in here at all: travel times
        # would otherwise reveal it (ADR 27).
        unplaced = catalogue.visibility.number == catalogue.visibility.place.get(
            Service.Visibility.RESTRICTED, -1
        )
        return coverage.compute_supply(
            catalogue.directory,
            NEEDS,
            Regions(middles),
            now=timezone.now(),
            assumed=assumed,
            unplaced=np.asarray(unplaced, np.bool),
        )


def load_year_demand(year: int | None) -> Demand:
    return demand.load_demand(year, list_region_codes())


def build_demand(year: FigureYear) -> Demand:
    """Build the demand from figures of a year that are kept elsewhere, as in a
    release."""
    return Demand(year, list_region_codes())


def list_region_codes() -> tuple[str, ...]:
    return tuple(area.code for area in list_regions())


def build_look(
    year: int | None = None, assumed: CoverageAssumptions | None = None
) -> GapView:
    """Build what the pages show, with the figures of `year`, or of the latest of which
    there are enough."""
    assumed, known = assumed or CoverageAssumptions(), demand.list_years()
    if year not in known:
        year = choose_default_year(known) if known else None
    before = year - 1 if year is not None and year - 1 in known else None
    return GapView(
        assumed,
        compute_supply(assumed),
        load_year_demand(year),
        load_year_demand(before),
    )
