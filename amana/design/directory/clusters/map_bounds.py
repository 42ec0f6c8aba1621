"""What part of the world a map shows, and counts by area."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import atan2, degrees, hypot
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from django.utils.translation import ngettext

from amana.design.directory import facets
from amana.design.directory.catalogue import Catalogue, open_catalogue
from amana.design.directory.facets import FacetChoice, FacetFilters
from amana.design.directory.matching.columns import Truths
from amana.design.directory.models import Area
from amana.trust.access.models.organisations import User

MOST = 60
"""Marks on a map at a time."""


MOST_LISTED = 150
"""Areas in the list next to it."""


APART = 92.0, 28.0
"""Pixels from name to name that keep them readable, across and down."""


MARK, LETTER, MOST_LETTERS = 44.0, 7.0, 22
"""Pixels of a number and of a letter of its name; letters before a name is cut."""


CROWDED = 0.4
"""If a larger share of a level's names overlap, the level above is shown."""


NEAR = 12.0
"""From this zoom on, single places are shown."""


MOST_LOOKED_AT = 2000
"""Services in view, before the filters are applied to them."""


AS_NUMBER = "\N{LEFT-TO-RIGHT ISOLATE}+{}\N{POP DIRECTIONAL ISOLATE}"
"""In Arabic the sign would otherwise come after its number."""


TILE = 256


NORTHERNMOST = 85.0511


@dataclass(frozen=True)
class MapBounds:
    """The part of the world that a map shows."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, said: str) -> "MapBounds | None":
        """Read west,south,east,north; None where it isn't that."""
        try:
            west, south, east, north = map(float, said.split(","))
        except ValueError:
            return None
        box = cls(west, south, east, north)
        # also refuses "nan", which is neither less nor more
        return box if west < east and south < north else None

    def holds(self, lat: float, lon: float) -> bool:
        # A box over the date line has an east of more than 180°.
        turned = self.west + (lon - self.west) % 360
        return self.south <= lat <= self.north and turned <= self.east


WORLD = MapBounds(-180, -90, 180, 90)


@dataclass(frozen=True)
class Cluster:
    """One mark: an area with the number of its services, or a single place."""

    name: str
    count: int
    lat: float
    lon: float
    url: str
    code: str = ""
    is_place: bool = False

    @property
    def words(self) -> str:
        """Its number as it is read out; of a place, nothing."""
        if self.is_place:
            return ""
        words = ngettext("%(count)s service", "%(count)s services", self.count)
        return words % {"count": self.count}

    def plain(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "count": self.count,
            "words": self.words,
            "url": self.url,
            "latitude": round(self.lat, 5),
            "longitude": round(self.lon, 5),
            "place": self.is_place,
        }


@dataclass(frozen=True)
class AreaCounts:
    """The services found, by area."""

    total: int
    by_area: Mapping[str, int]
    """Of the areas that services name; a whole country is no place on a map."""
    points: list[tuple[float, float]]
    """Of services that have a location, but no area."""
    without_place: int
    areas: Mapping[str, Area]
    """Those areas and the ones around them."""
    wanted: FacetFilters

    def url(self, code: str = "") -> str:
        asked = {name: value for name, value in vars(self.wanted).items() if value}
        if code:
            asked["area"] = code
        return f"{reverse('directory:services')}?{urlencode(asked)}"

    def at_level(self, level: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for code, count in self.by_area.items():
            chain = self.areas[code].codes
            found[chain[min(level, len(chain) - 1)]] += count
        return found

    @property
    def levels(self) -> list[int]:
        """The finest first."""
        return sorted({area.level for area in self.areas.values()}, reverse=True)


def count_services(wanted: FacetFilters, *, user: User) -> AreaCounts:
    """Count what is wanted and `user` may see, by area. At most five queries."""
    with open_catalogue() as catalogue:
        found = facets.find_fitting(catalogue, wanted, catalogue.visible(user))
        return count_by_area(catalogue, found, wanted)


def list_choices(wanted: FacetFilters, *, user: User) -> dict[str, list[FacetChoice]]:
    with open_catalogue() as catalogue:
        return facets.list_choices(catalogue, wanted, catalogue.visible(user))


def count_by_area(
    catalogue: Catalogue, found: Truths, wanted: FacetFilters
) -> AreaCounts:
    directory = catalogue.directory
    numbers = np.bincount(
        directory.area.number[found], minlength=len(directory.area.known)
    )
    counts = {
        code: int(count)
        for code, count in zip(directory.area.known, numbers, strict=True)
        if count
    }
    codes = frozenset[str]().union(*map(directory.above, counts))
    areas = {
        area.code: area
        for area in Area.objects.filter(code__in=codes).defer("geometry")
    }
    placed = {
        code: count
        for code, count in counts.items()
        if code in areas and areas[code].level > 0
    }
    elsewhere = directory.area.where(
        [code not in placed for code in directory.area.known], np.arange(len(found))
    )
    x, y, z = (directory[name][found & elsewhere] for name in "xyz")
    points = [
        (degrees(atan2(c, hypot(a, b))), degrees(atan2(b, a)))
        for a, b, c in zip(x.tolist(), y.tolist(), z.tolist(), strict=True)
        if a == a  # not a number: its location is not known
    ]
    return AreaCounts(
        total=int(found.sum()),
        by_area=placed,
        points=points,
        without_place=len(x) - len(points),
        areas=areas,
        wanted=wanted,
    )
