"""What of the need is covered, stage by stage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amana.design.directory.coverage.supply import (
    ASKS,
    AT_NIGHT,
    BANDS,
    EXCLUDING,
    LEAST_HOURS,
    MONTH,
    NOBODY,
    TAKES,
    UNKNOWN,
    CapacitySharing,
    CoverageAssumptions,
    CoverageStage,
    Numbers,
    PopulationGroup,
    Regions,
    Supply,
    build_person,
    build_person_without_means,
    count_weekly_hours,
    estimate_days,
)
from amana.design.directory.hours import is_always_open
from amana.design.directory.matching import Directory, MatchRule, Person
from amana.design.directory.matching.columns import EARTH_KM, Truths, compute_vector
from amana.design.directory.matching.rules import RULES
from amana.design.directory.taxonomy.person_codes import PlaceTrait
from amana.design.directory.taxonomy.service_types import ServiceType

AS_USUAL = CoverageAssumptions()


def compute_supply(
    directory: Directory,
    needs: Sequence[str],
    regions: Regions,
    *,
    now: datetime,
    assumed: CoverageAssumptions = AS_USUAL,
    unplaced: Truths | None = None,
) -> Supply:
    """Compute what `directory` offers; no one else may know the location of those
    `unplaced`."""
    counting = CoverageCount(directory, tuple(needs), regions, now, assumed, unplaced)
    return counting.supply()


@dataclass(frozen=True)
class CoverageCount:
    directory: Directory
    needs: tuple[str, ...]
    regions: Regions
    now: datetime
    assumed: CoverageAssumptions
    unplaced: Truths | None

    @cached_property
    def at(self) -> NDArray[np.intp]:
        """Rows of services that work at all today."""
        d, today = self.directory, self.now.date().toordinal()
        works = ~d["ended"] & ~d["paused"] & (d["funded_until"] >= today)
        asked = d["accepts_referrals"] | d["walk_in"]
        return np.asarray(np.flatnonzero(works & asked), np.intp)

    @cached_property
    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        types = self.directory.codes["types"]
        found = [np.flatnonzero(types.any_of({n}, self.at)) for n in self.needs]
        number = [np.full(len(rows), n) for n, rows in enumerate(found)]
        empty = np.zeros(0, np.intp)
        return (
            np.concatenate([empty, *found]),
            np.concatenate([empty, *number]),
        )

    @cached_property
    def hours(self) -> Numbers:
        """Of travel, [service, region]: by no finer place than may be known."""
        d, middles = self.directory, list(self.regions.middles.values())
        points = np.stack([d[axis][self.at] for axis in "xyz"], axis=1)
        centre = np.array([compute_vector(middle) for middle in middles]).reshape(-1, 3)
        within = np.array(self.regions.of(d), np.intp)[d.area.number[self.at]]
        coarse = np.vstack([centre, np.full((1, 3), np.nan)])[within]
        hidden = d["hidden"][self.at]
        # Before any distance is computed: figures about travel could otherwise locate a
        # safe house by comparing regions.
        points[hidden] = coarse[hidden]
        if self.unplaced is not None:
            points[self.unplaced[self.at]] = np.nan
        chord = np.linalg.norm(points[:, None, :] - centre[None, :, :], axis=2)
        km = 2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1))
        return np.asarray(km * self.assumed.detour / self.assumed.speed, np.float64)

    @cached_property
    def serves(self) -> Truths:
        """[service, region]."""
        no = [self.directory.covered(code)[0] for code in self.regions.codes]
        kept = ~np.array(no, np.bool).reshape(
            len(no), len(self.directory.coverage.known)
        )
        return kept[:, self.directory.coverage.number[self.at]].T

    @cached_property
    def near(self) -> Truths:
        comes = self.directory["comes_to_you"][self.at]
        far = self.hours > self.assumed.reach
        return np.asarray(~far | comes[:, None], np.bool)

    def against(self, reason: MatchRule, person: Person) -> Truths:
        return RULES[reason](self.directory, person, self.at)[0]

    @cached_property
    def asks(self) -> dict[MatchRule, Truths]:
        bare = build_person_without_means(self.now, self.assumed.language)
        reasons = (*ASKS, MatchRule.COST, MatchRule.LANGUAGE)
        return {reason: self.against(reason, bare) for reason in reasons}

    def refuses(self, group: PopulationGroup) -> dict[MatchRule, Truths]:
        person = build_person(group, self.now)
        return {reason: self.against(reason, person) for reason in TAKES}

    @cached_property
    def hardly_open(self) -> tuple[Truths, Truths]:
        """Not day and night; not even for some hours a week. Unknown is not "no"."""
        d = self.directory
        # For each kept value, not for each service: many share their hours.
        always = [h is None or is_always_open(sorted(h)) for h in d.hours.known]
        enough = [
            h is None or count_weekly_hours(h) >= LEAST_HOURS for h in d.hours.known
        ]
        stays = d.codes["traits"].any_of({PlaceTrait.STAFF_24H}, self.at)
        night = d.hours.where(always, self.at) | stays
        return ~night, ~(d.hours.where(enough, self.at) | stays)

    def passed(self, group: PopulationGroup) -> list[Truths]:
        """Compute [service, region] for each stage but the last, which depends on the
        need."""
        there = self.serves
        takes = there & ~combine_any(self.refuses(group).values(), there)[:, None]
        near = takes & self.near
        asks = [self.asks[reason] for reason in ASKS]
        # In this order, so that each stage names the obstacle that a person meets
        # first.
        bare = near & ~combine_any(asks, near)[:, None]
        free = bare & ~self.asks[MatchRule.COST][:, None]
        understood = free & ~self.asks[MatchRule.LANGUAGE][:, None]
        return [there, takes, near, bare, free, understood]

    @cached_property
    def monthly(self) -> Numbers:
        """People whom each service may take in a month; 0 where it doesn't count."""
        d = self.directory
        days = np.full(len(self.at), MONTH)
        for kind in reversed(ServiceType):  # the first in the list decides
            days[d.codes["types"].any_of({kind}, self.at)] = estimate_days(kind)
        limit = d["stay_days"][self.at]
        days = np.where(limit > 0, np.minimum(days, limit), days)
        places = np.where(d["counts_places"][self.at], d["total"][self.at], 0)
        return np.asarray(places * MONTH / days, np.float64)

    def supply(self) -> Supply:
        service, need = self.pairs
        shape = (len(self.needs), len(self.regions.codes), len(PopulationGroup))
        left = np.zeros((len(CoverageStage), *shape), np.int64)
        excluded = np.zeros((len(EXCLUDING), *shape), np.int64)
        usable = np.zeros((len(service), *shape[1:]), np.bool)
        nearest = np.full(shape, NOBODY)
        night, closed = self.hardly_open
        urgent = np.isin(np.array(self.needs, object), list(AT_NIGHT))[need]
        awake = ~np.where(urgent, night[service], closed[service])
        bands = np.digitize(self.hours, BANDS, right=True)
        # Bands, not hours: exact times to several regions would locate a place.
        bands[np.isnan(self.hours)] = UNKNOWN
        bands[self.directory["comes_to_you"][self.at]] = 0

        def count(where: Truths) -> NDArray[np.int64]:
            return np.bincount(need[where], minlength=shape[0])

        for g, group in enumerate(PopulationGroup):
            stages, refuses = self.passed(group), self.refuses(group) | self.asks
            for a in range(shape[1]):
                passed = [stage[service, a] for stage in stages]
                passed.append(passed[-1] & awake)
                left[:, :, a, g] = [count(stage) for stage in passed]
                excluded[:, :, a, g] = [
                    count(passed[CoverageStage.THERE] & refuses[reason][service])
                    for reason in EXCLUDING
                ]
                usable[:, a, g] = passed[CoverageStage.OPEN]
                takes = passed[CoverageStage.TAKES_GROUP]
                np.minimum.at(nearest[:, a, g], need[takes], bands[service[takes], a])
        return self.summed(shape, left, excluded, usable, nearest)

    def summed(
        self,
        shape: tuple[int, int, int],
        left: NDArray[np.int64],
        excluded: NDArray[np.int64],
        usable: Truths,
        nearest: NDArray[np.int64],
    ) -> Supply:
        d, (service, need) = self.directory, self.pairs
        today = self.now.date().toordinal()
        soon = d["funded_until"][self.at] <= today + self.assumed.ends_within
        counts = d["counts_places"][self.at]

        parts = np.searchsorted(need, np.arange(shape[0] + 1))  # needs are in order

        def total(of_service: NDArray[Any]) -> Numbers:
            found = np.zeros(shape)
            for n, (start, end) in enumerate(pairwise(parts)):
                weights = of_service[service[start:end]].astype(np.float64)
                found[n] = np.tensordot(weights, usable[start:end], axes=1)
            return found

        def number(of_service: Truths) -> NDArray[np.int64]:
            return total(of_service).astype(np.int64)

        return Supply(
            needs=self.needs,
            regions=self.regions.codes,
            left=left,
            excluded=excluded,
            places=total(self.monthly),
            counted=number(counts),
            full=number(counts & (d["free"][self.at] == 0)),
            fresh=number(d["verify_by"][self.at] >= today),
            ending=number(soon),
            coming=number(d["comes_to_you"][self.at]),
            locked=number(d.codes["traits"].any_of({PlaceTrait.CLOSED}, self.at)),
            ending_places=total(np.where(soon, self.monthly, 0)),
            nearest=nearest,
            shares=CapacitySharing(shape, service, need, usable, self.monthly),
        )


def combine_any(masks: Iterable[Truths], like: Truths) -> Truths:
    found = np.zeros(len(like), np.bool)
    for mask in masks:
        found |= mask
    return found
