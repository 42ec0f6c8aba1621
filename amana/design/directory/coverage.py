"""How far the services reach: for each need, in each region, for each group of people.

A service passes one stage after another (`CoverageStage`): it works for the region,
takes the
group, is near enough, asks for no papers, costs nothing, is understood, is open. What
is left at the end is what people there can really use, and where nothing is left, the
stage that took the last one is the reason.

Places are shared: a house for the whole country is not there for each region again. So
`Supply.ratio` divides each service's places among all needs that it may meet, in
proportion to their size, and adds up in each region what its people get of them: the
"two-step floating catchment area" (Luo and Wang, 2003).

Of a hidden place nothing finer than its region is used here; of one that only its own
team sees, no place at all. So nothing finer can result."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import models
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from amana.design.directory.hours import is_always_open
from amana.design.directory.matching import Ages, Directory, MatchRule, Person, Point
from amana.design.directory.matching.columns import EARTH_KM, Truths, compute_vector
from amana.design.directory.matching.rules import RULES
from amana.design.directory.taxonomy import (
    Accessibility,
    CapacityUnit,
    LegalStatus,
    PersonGroup,
    PlaceTrait,
    RequiredDocument,
    ServiceType,
    Sex,
)

type Numbers = NDArray[np.float64]

MONTH = 30.4375
"""Days."""


class PopulationGroup(models.TextChoices):
    """The people for whom supply is computed. The first three share all people between
    them."""

    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    CHILDREN = "children", _("Children")
    FAMILIES = "families", _("Families")
    DISABILITY = "disability", _("People with disabilities")
    SMUGGLED = "smuggled", _("Smuggled migrants")


SHARING = (PopulationGroup.WOMEN, PopulationGroup.MEN, PopulationGroup.CHILDREN)


class CoverageStage(IntEnum):
    """The stage that a service has passed, and all before it."""

    THERE = 0
    TAKES_GROUP = 1
    NEAR = 2
    NO_CONDITIONS = 3
    FREE_OF_CHARGE = 4
    UNDERSTOOD = 5
    OPEN = 6


@dataclass(frozen=True)
class CoverageAssumptions:
    """Assumptions where nothing was measured; each can be replaced."""

    speed: int = 40
    """Kilometres an hour, by bus and on foot, on ordinary roads."""
    detour: float = 1.4
    """Roads are longer than the straight line by this (Ballou and others, 2002)."""
    reach: int = 2
    """Hours of travel, one way, that people can be expected to make."""
    ends_within: int = 180
    """Days."""
    language: str = ""
    """For a person who speaks only this."""


LONG: dict[CapacityUnit, int] = {
    CapacityUnit.BEDS: 45,
    CapacityUnit.FLATS: 180,
    CapacityUnit.CASES: 120,
    CapacityUnit.CHILDREN: 120,
    CapacityUnit.SEATS: 90,
}
"""Days for which one person takes a place; other places are free again each month."""
LONGER: dict[ServiceType, int] = {
    ServiceType.SH1: 7,
    ServiceType.SH4: 365,
    ServiceType.SH7: 180,
    ServiceType.SH12: 270,
    ServiceType.SH14: 5,
    ServiceType.CP1: 365,
    ServiceType.CP2: 15,
    ServiceType.ED1: 270,
}
AT_NIGHT = frozenset(
    {ServiceType.SH1, ServiceType.HE1, ServiceType.HE3, ServiceType.MH7}
    | {ServiceType.PR1, ServiceType.SO1}
)
"""What cannot wait until morning."""
LEAST_HOURS = 10
"""A week; what is open for less can hardly be reached."""

TAKES = (
    *(MatchRule.SEX, MatchRule.AGE, MatchRule.GROUP, MatchRule.NOT_FOR),
    *(MatchRule.CHILDREN, MatchRule.ACCESS, MatchRule.EXPLOITATION),
)
ASKS = (MatchRule.POLICE, MatchRule.IDENTIFIED, MatchRule.DOCUMENTS, MatchRule.STATUS)
EXCLUDING = (*TAKES, *ASKS, MatchRule.COST)

ANYTHING = (frozenset({"anything"}),)

BANDS = (1, 2, 4)
"""Hours of travel, up to which a band reaches."""
UNKNOWN = len(BANDS) + 1
NOBODY = UNKNOWN + 1


def estimate_days(kind: ServiceType) -> float:
    """Estimate how long one person takes a place of this kind, where the service
    doesn't say."""
    return float(LONGER.get(kind) or LONG.get(kind.unit) or MONTH)


def build_person(group: PopulationGroup, now: datetime) -> Person:
    """Build a person of the group, of whom nothing else is known."""
    adult = Ages(18, 59)
    anybody = partial(Person, needs=ANYTHING, at=now)
    people: dict[PopulationGroup, Person] = {
        PopulationGroup.WOMEN: anybody(sex=Sex.FEMALE, ages=adult),
        PopulationGroup.MEN: anybody(sex=Sex.MALE, ages=adult),
        PopulationGroup.CHILDREN: anybody(ages=Ages(0, 17)),
        PopulationGroup.FAMILIES: anybody(
            ages=adult, children=1, groups=frozenset({PersonGroup.FAMILY})
        ),
        PopulationGroup.DISABILITY: anybody(
            groups=frozenset({PersonGroup.DISABILITY}),
            access_needs=frozenset({Accessibility.STEP_FREE}),
        ),
        PopulationGroup.SMUGGLED: anybody(
            groups=frozenset({PersonGroup.SMUGGLED}),
            not_groups=frozenset({PersonGroup.TRAFFICKED}),
            exploitation=frozenset(),
        ),
    }
    return people[group]


def build_person_without_means(now: datetime, language: str) -> Person:
    """Build a person with no papers, no decision, no money, and no wish to meet the
    police."""
    return Person(
        needs=ANYTHING,
        at=now,
        statuses=frozenset({LegalStatus.UNDOCUMENTED}),
        no_documents=frozenset(RequiredDocument.values),
        works_with_police=False,
        identified=False,
        pays=False,
        languages=frozenset({language}),
        needs_language=bool(language),
    )


@dataclass(frozen=True)
class Regions:
    """The first level below the country, and the middle of each."""

    middles: Mapping[str, Point]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.middles)

    def of(self, directory: Directory) -> list[int]:
        """List for each area that services name the number of its region, or -1."""
        place = {code: number for number, code in enumerate(self.codes)}
        return [
            max((place.get(code, -1) for code in directory.above(area)), default=-1)
            for area in directory.area.known
        ]


@dataclass(frozen=True)
class Supply:
    """Services by need, region and group. Arrays are [need, region, group]."""

    needs: tuple[str, ...]
    regions: tuple[str, ...]
    left: NDArray[np.int64]
    """[stage, need, region, group]: how many services are left."""
    excluded: NDArray[np.int64]
    """[reason of `EXCLUDING`, need, region, group]: of those that work there."""
    places: Numbers
    """People who may be taken in a month, by what can be used."""
    counted: NDArray[np.int64]
    """Of the services that can be used: how many count their places, are full today,
    were verified in time, lose their funding soon, come to people, let no one out."""
    full: NDArray[np.int64]
    fresh: NDArray[np.int64]
    ending: NDArray[np.int64]
    coming: NDArray[np.int64]
    locked: NDArray[np.int64]
    ending_places: Numbers
    nearest: NDArray[np.int64]
    """The band of travel to the nearest that takes the group: see `BANDS`."""
    shares: "CapacitySharing"

    @property
    def usable(self) -> NDArray[np.int64]:
        return np.asarray(self.left[CoverageStage.OPEN], np.int64)

    def ratio(self, monthly: Numbers) -> Numbers:
        """Compute places for each person in need, where `monthly` people need it;
        infinite where no one does, by the needs of the groups that share all people."""
        return self.shares.ratio(monthly)


@dataclass(frozen=True)
class CapacitySharing:
    """The needs that each service may meet: the pairs of a service and a need."""

    shape: tuple[int, int, int]
    service: NDArray[np.intp]
    need: NDArray[np.intp]
    usable: Truths
    """[pair, region, group]."""
    places: Numbers
    """Of each service, in a month."""

    def ratio(self, monthly: Numbers) -> Numbers:
        # Only groups that share all people; the others overlap with them, and would
        # count a need twice.
        sharing = [list(PopulationGroup).index(group) for group in SHARING]
        wanted = (self.usable * monthly[self.need])[..., sharing].sum(axis=(1, 2))
        of_service = np.bincount(self.service, wanted, len(self.places))
        # Places without any need are infinite, which distinguishes them from a need
        # without places.
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.where(self.places > 0, self.places / of_service, 0.0)
        found = np.zeros(self.shape)
        for region in range(self.shape[1]):
            for group in range(self.shape[2]):
                at = self.usable[:, region, group]
                found[:, region, group] = np.bincount(
                    self.need[at], each[self.service[at]], self.shape[0]
                )
        return found


def compute_supply(
    directory: Directory,
    needs: Sequence[str],
    regions: Regions,
    *,
    now: datetime,
    assumed: CoverageAssumptions = CoverageAssumptions(),
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


def count_weekly_hours(spans: Iterable[tuple[int, int]]) -> float:
    return sum(end - start for start, end in spans) / 60
