"""Find gaps: where supply falls short of need, of which kind, and why.

A cell is a need, a region and a group of people. What is found in it comes from the
directory and from figures that may be shown, and from nothing else. Groups for whom the
same is true share one gap, and so do all regions, where nothing is there at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db import models
from django.utils.translation import gettext_lazy as _

from amana.design.directory.coverage import CoverageStage, PopulationGroup, Supply
from amana.insight.gaps.demand import NEEDS, Demand, DemandShare, ShownNumber
from amana.insight.gaps.package import PACKAGE, PackageNeed, PackageStep
from amana.insight.measure import country

type Cell = tuple[int, int, int]

EVERYBODY, EVERYWHERE = "all", "all"


class GapKind(models.TextChoices):
    """What is wrong, the gravest first: a gap is named after its first."""

    ABSENT = "absent", _("Absent")
    INACCESSIBLE = "inaccessible", _("Out of reach")
    INSUFFICIENT = "insufficient", _("Too little")
    UNSAFE = "unsafe", _("Unsafe")
    POOR = "poor", _("Poor quality")
    UNFUNDED = "unfunded", _("Funding ends soon")

    @property
    def sign(self) -> str:
        """Its letter, where there is little room."""
        return SIGNS[self]


SIGNS = {
    GapKind.ABSENT: "A",
    GapKind.INACCESSIBLE: "R",
    GapKind.INSUFFICIENT: "L",
    GapKind.UNSAFE: "U",
    GapKind.POOR: "P",
    GapKind.UNFUNDED: "F",
}

UNMET_FROM = 0.2
"""So large a share of unmet needs is too many, whatever places are counted."""
ACCEPTED_LEAST = 0.6
MET_LEAST = 0.6
FRESH_LEAST = 0.5
WAIT_MOST = 720
"""Hours: 30 days, in which half of the people should have begun."""
SUITED_LEAST = 0.8
"""Of the children: live where it suits them."""
ENDING_FROM = 0.5
"""So large a part of the places loses its funding soon."""


@dataclass(frozen=True)
class SupplyAndDemand:
    """Supply compared with demand."""

    supply: Supply
    demand: Demand

    @cached_property
    def ratio(self) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
        """Places for each person in need: "low", "middle" and "high"."""
        # The most people make the fewest places for each.
        limits = {"low": "high", "middle": "middle", "high": "low"}
        return {
            name: self.supply.ratio(self.demand.monthly[limit])
            for name, limit in limits.items()
        }

    def kinds(self, cell: Cell) -> list[GapKind]:
        """List all that is wrong in a cell, the gravest first."""
        if not self.supply.usable[cell]:
            there = self.supply.left[CoverageStage.THERE][cell]
            # Where nothing can be used, no other question has an answer: there is no
            # place to count and no service to judge.
            return [GapKind.INACCESSIBLE if there else GapKind.ABSENT]
        tests = {
            GapKind.INSUFFICIENT: self.too_few(cell) or self.many_unmet(cell),
            GapKind.UNSAFE: self.unsafe(cell),
            GapKind.POOR: bool(self.poor(cell)),
            GapKind.UNFUNDED: self.ending(cell),
        }
        return [kind for kind, found in tests.items() if found]

    def barrier(self, cell: Cell) -> CoverageStage | None:
        """Find the stage at which the last service is lost."""
        left = self.supply.left[(slice(None), *cell)]
        lost = (stage for stage in CoverageStage if not left[stage])
        return next(lost, None)

    def names(self, cell: Cell) -> tuple[str, str, str]:
        need, region, group = cell
        return NEEDS[need], self.supply.regions[region], list(PopulationGroup)[group]

    def is_counted(self, cell: Cell) -> bool:
        """Check whether every service that can be used counts its places."""
        usable, counted = self.supply.usable[cell], self.supply.counted[cell]
        return bool(usable and usable == counted)

    def too_few(self, cell: Cell) -> bool:
        need = self.demand.at_least(*self.names(cell))
        known = need is not None and need.middle >= country.SMALLEST
        # A service that counts no places may have enough of them, and fewer people than
        # are ever shown prove no shortage.
        return known and self.is_counted(cell) and self.ratio["middle"][cell] < 1

    def unmet(self, cell: Cell) -> DemandShare:
        return self.demand.unmet_share(*self.names(cell)[:2])

    def many_unmet(self, cell: Cell) -> bool:
        return (self.unmet(cell).value or 0) >= UNMET_FROM

    def unsafe(self, cell: Cell) -> bool:
        return self.locked(cell) or self.suited(cell).below(SUITED_LEAST)

    def locked(self, cell: Cell) -> bool:
        """Check whether people can't go out freely, wherever they might be taken in."""
        return bool(self.supply.locked[cell] == self.supply.usable[cell])

    def suited(self, cell: Cell) -> DemandShare:
        """Get the share of the area's children who live in a suitable place, where the
        need is housing for children."""
        need, region, group = self.names(cell)
        if not need.startswith("SH") or group != PopulationGroup.CHILDREN:
            return DemandShare(None, here=True)
        return DemandShare(self.demand.children_suited(region), here=True)

    def accepted(self, cell: Cell) -> DemandShare:
        return self.demand.accepted(*self.names(cell)[:2])

    def met(self, cell: Cell) -> DemandShare:
        return self.demand.met(*self.names(cell)[:2])

    def fresh(self, cell: Cell) -> float:
        return float(self.supply.fresh[cell] / self.supply.usable[cell])

    def waits_long(self, cell: Cell) -> bool:
        hours = self.demand.hours_waited(self.names(cell)[0])
        return hours is not None and hours > WAIT_MOST

    def poor(self, cell: Cell) -> list[str]:
        """List which marks of a good service are missing."""
        tests = {
            "accepted": self.accepted(cell).below(ACCEPTED_LEAST),
            "met": self.met(cell).below(MET_LEAST),
            "wait": self.waits_long(cell),
            "fresh": self.fresh(cell) < FRESH_LEAST,
        }
        return [name for name, found in tests.items() if found]

    def ending(self, cell: Cell) -> bool:
        supply = self.supply
        if supply.places[cell] > 0:
            ending = supply.ending_places[cell] / supply.places[cell]
            return bool(ending >= ENDING_FROM)
        return bool(supply.ending[cell] == supply.usable[cell])


@dataclass(frozen=True)
class Gap:
    """What is wrong with one need, in a region or all, for a group or everyone."""

    need: PackageNeed
    area: str
    group: str
    kind: GapKind
    barrier: CoverageStage | None
    also: tuple[GapKind, ...]
    cells: tuple[Cell, ...]
    """What it is found in."""
    facing: SupplyAndDemand

    @property
    def key(self) -> tuple[str, str, str]:
        return self.need.code, self.area, self.group

    @property
    def step(self) -> PackageStep:
        return self.need.step

    @property
    def people(self) -> ShownNumber | None:
        """Who needed it in the year."""
        return self.people_in(self.facing.demand)

    @property
    def unmet(self) -> ShownNumber | None:
        """For whom nothing acceptable was found."""
        return self.people_in(self.facing.demand, unmet=True)

    def people_in(self, demand: Demand, *, unmet: bool = False) -> ShownNumber | None:
        area = "" if self.area == EVERYWHERE else self.area
        group = "" if self.group == EVERYBODY else self.group
        return demand.people(self.need.code, area, group, unmet=unmet)


def list_gaps(supply: Supply, demand: Demand) -> list[Gap]:
    """List every gap, in the order of the package and of the regions."""
    facing = SupplyAndDemand(supply, demand)
    everywhere = {
        n: list_region_gaps(facing, n, need) for n, need in enumerate(PACKAGE)
    }
    return [gap for gaps in everywhere.values() for gap in merge_regions(gaps, supply)]


def list_region_gaps(facing: SupplyAndDemand, n: int, need: PackageNeed) -> list[Gap]:
    return [
        gap
        for region in range(len(facing.supply.regions))
        for gap in iterate_region_gaps(facing, n, need, region)
    ]


def iterate_region_gaps(
    facing: SupplyAndDemand, n: int, need: PackageNeed, region: int
) -> Iterator[Gap]:
    """Yield one gap for everyone where the same is true of all, else one for each
    group."""
    area = facing.supply.regions[region]
    cells = {
        group: (n, region, list(PopulationGroup).index(group)) for group in need.groups
    }
    wrong = {group: facing.kinds(cell) for group, cell in cells.items()}
    first = {kinds[0] if kinds else None for kinds in wrong.values()}
    barriers = {facing.barrier(cell) for cell in cells.values()}

    def gap(group: str, kinds: list[GapKind], at: Iterable[Cell]) -> Gap:
        at = tuple(at)
        barrier = facing.barrier(at[0])
        return Gap(need, area, group, kinds[0], barrier, tuple(kinds[1:]), at, facing)

    # Only if all have the same first kind and fail at the same stage: otherwise the
    # reason given would be wrong for some of them.
    if len(first) == len(barriers) == 1 and None not in first:
        every = [k for k in GapKind if any(k in kinds for kinds in wrong.values())]
        yield gap(EVERYBODY, every, cells.values())
        return
    for group, kinds in wrong.items():
        if kinds:
            yield gap(group, kinds, [cells[group]])


def merge_regions(gaps: list[Gap], supply: Supply) -> Iterator[Gap]:
    """Merge the gaps of all regions into one for the whole country, where nothing can
    be used in any region."""
    alike: dict[object, list[Gap]] = {}
    for gap in gaps:
        alike.setdefault((gap.group, gap.kind, gap.barrier), []).append(gap)
    for same in alike.values():
        one = same[0]
        if len(same) > 1 and len(same) == len(supply.regions) and can_merge(one):
            cells = tuple(cell for gap in same for cell in gap.cells)
            yield Gap(
                one.need,
                EVERYWHERE,
                one.group,
                one.kind,
                one.barrier,
                one.also,
                cells,
                one.facing,
            )
        else:
            yield from same


def can_merge(gap: Gap) -> bool:
    if gap.kind == GapKind.ABSENT:
        return True
    # Distance differs from region to region; the other barriers are the same rules.
    return gap.kind == GapKind.INACCESSIBLE and gap.barrier != CoverageStage.NEAR
