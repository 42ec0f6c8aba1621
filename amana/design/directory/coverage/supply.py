"""What services offer, by need, region and group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import partial

import numpy as np
from django.db import models
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from amana.design.directory.matching import Ages, Directory, MatchRule, Person, Point
from amana.design.directory.matching.columns import Truths
from amana.design.directory.taxonomy.person_codes import (
    Accessibility,
    LegalStatus,
    PersonGroup,
    RequiredDocument,
    Sex,
)
from amana.design.directory.taxonomy.service_types import CapacityUnit, ServiceType

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


def count_weekly_hours(spans: Iterable[tuple[int, int]]) -> float:
    return sum(end - start for start, end in spans) / 60
