"""Which area something is in, by a code, a name or a point; and points that are right
only when they are turned: swapped, or with a wrong sign."""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum, auto
from threading import Lock, local

from django.db.models import Count, Max

from amana.design.directory.matching import Point
from amana.design.directory.models import Area
from amana.design.directory.polygons import (
    Geometry,
    Ring,
    Shape,
    ShapeIndex,
    build_shape,
    find_inner_point,
    is_within,
)

NULL_ISLAND = Point(0.0, 0.0)
"""Where a point lies that someone left empty."""


MOST_CORNERS = 100


class Turn(StrEnum):
    """A mistake that is made with coordinates, and by which they are mended."""

    SWAPPED = auto()
    LATITUDE_SIGN = auto()
    LONGITUDE_SIGN = auto()
    BOTH_SIGNS = auto()
    SWAPPED_SIGN = auto()
    """Swapped, and with a wrong sign."""


@dataclass(frozen=True)
class TurnedPoint:
    """Where a point lies when it is turned, and in which area that is."""

    turn: Turn
    at: Point
    area: str
    """Empty where no shapes of areas are known."""


class AreaFinder:
    """The areas in memory, by code, name and shape. `shapes` has each area's code,
    level and geometry."""

    def __init__(
        self, areas: Iterable[Area], shapes: Iterable[tuple[str, int, Geometry]]
    ) -> None:
        self.areas: dict[str, Area] = {}
        self.codes: dict[str, str] = {}
        self.named: dict[str, list[str]] = defaultdict(list)
        for area in areas:
            self.areas[area.code] = area
            self.codes[area.code.casefold()] = area.code
            for name in {fold_name(name) for name in list_names(area)}:
                self.named[name].append(area.code)
        built = [build_shape(*said) for said in shapes]
        self.shapes = ShapeIndex(built)
        self.shaped = frozenset(shape.code for shape in built if shape.polygons)

    def find_named(self, words: str) -> list[Area]:
        """Find the areas of this code, or of exactly this name."""
        said = words.strip()
        if code := self.codes.get(said.casefold()):
            return [self.areas[code]]
        # Two districts may share a name: to guess would send people to the wrong one.
        return [self.areas[code] for code in self.named.get(fold_name(said), ())]

    def find_at(self, at: Point) -> Area | None:
        """Find the smallest area that holds a point."""
        return self.areas.get(self.shapes.find(at.lat, at.lon))

    def holds(self, area: Area, at: Point) -> bool:
        """Return whether an area holds a point; one without a shape is not asked."""
        if area.code not in self.shaped:
            return True
        return area.code in self.shapes.iterate(at.lat, at.lon)

    def find_covered(self, geometry: Geometry) -> tuple[list[str], list[str]]:
        """Find the areas that a shape holds whole, and those that it holds in part; of
        an area that has parts, the parts are looked at."""
        shape = build_shape("", 0, geometry)
        whole, partly = [], []
        above = {code for area in self.areas.values() for code in area.codes[:-1]}
        for area in self.shapes.shapes:
            if area.code in above:
                continue
            share = compute_share(area, shape)
            if share == 1:
                whole.append(area.code)
            elif share or is_overlapping(shape, area):
                partly.append(area.code)
        return list_areas_within(self, whole), sorted(partly)

    def propose_turn(self, at: Point, within: Area | None = None) -> TurnedPoint | None:
        """Propose how a point is turned so that it lies in a known area, or in
        `within`; None where no way leads there, or several that are as simple."""
        for turns in TURNS:
            found = {
                point: TurnedPoint(turn, point, area)
                for turn, point in turns(at)
                if point != at
                and (area := self._find_target(point, within)) is not None
            }
            if found:
                return next(iter(found.values())) if len(found) == 1 else None
        return None

    def _find_target(self, at: Point, within: Area | None) -> str | None:
        if not is_on_globe(at):
            return None
        if not len(self.shapes):
            return ""
        found = list(self.shapes.iterate(at.lat, at.lon))
        if not found or (within is not None and within.code not in found):
            return None
        return found[0]


def compute_share(area: Shape, shape: Shape) -> float:
    """Compute which share of the corners of an area a shape holds."""
    corners = [
        any(is_within(around, lat, lon) for around in shape.polygons)
        for polygon in area.polygons
        for lon, lat in take_some(polygon[0])
    ]
    return sum(corners) / len(corners) if corners else 0


def is_overlapping(one: Shape, other: Shape) -> bool:
    """Return whether a corner of a shape, or a point inside it, is in another."""
    points = [
        (float(lat), float(lon))
        for polygon in one.polygons
        for lon, lat in take_some(polygon[0])
    ]
    points += [find_inner_point(polygon) for polygon in one.polygons]
    return any(
        is_within(around, lat, lon) for lat, lon in points for around in other.polygons
    )


def take_some(ring: Ring) -> Ring:
    """Take a hundred corners of a ring at most, evenly."""
    return ring[:: -(-len(ring) // MOST_CORNERS)]


def turn_once(at: Point) -> list[tuple[Turn, Point]]:
    return [
        (Turn.SWAPPED, Point(at.lon, at.lat)),
        (Turn.LATITUDE_SIGN, Point(-at.lat, at.lon)),
        (Turn.LONGITUDE_SIGN, Point(at.lat, -at.lon)),
    ]


def turn_twice(at: Point) -> list[tuple[Turn, Point]]:
    return [
        (Turn.BOTH_SIGNS, Point(-at.lat, -at.lon)),
        (Turn.SWAPPED_SIGN, Point(-at.lon, at.lat)),
        (Turn.SWAPPED_SIGN, Point(at.lon, -at.lat)),
        (Turn.SWAPPED_SIGN, Point(-at.lon, -at.lat)),
    ]


TURNS = (turn_once, turn_twice)
"""The simplest first."""


def is_on_globe(at: Point) -> bool:
    return -90 <= at.lat <= 90 and -180 <= at.lon <= 180


def list_names(area: Area) -> list[str]:
    """List the names of an area in all languages, each once."""
    return [*dict.fromkeys(filter(None, area.names.values()))]


ALIKE = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
"""Arabic letters that are written now so, now so."""


def fold_name(name: str) -> str:
    """Fold a name: without accents and signs, in small letters."""
    plain = unicodedata.normalize("NFKD", name.translate(ALIKE)).casefold()
    letters = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


# -- kept from one question to the next ------------------------------------------------


@dataclass
class _Kept:
    stamp: Mapping[str, object] | None = None
    finder: AreaFinder | None = None


_kept, _lock = _Kept(), Lock()
_held = local()


@contextmanager
def hold_finder() -> Iterator[AreaFinder]:
    """Hold the areas as they are now, for a thread that asks for very many rows: none
    of them costs a query."""
    _held.finder = load_finder()
    try:
        yield _held.finder
    finally:
        del _held.finder


def load_finder() -> AreaFinder:
    """Load the areas with their shapes; from memory where none has changed since. One
    query then."""
    held: AreaFinder | None = getattr(_held, "finder", None)
    if held is not None:
        return held
    stamp = Area.objects.aggregate(
        updated=Max("updated_at"), last=Max("pk"), count=Count("pk")
    )
    with _lock:
        if _kept.finder is None or _kept.stamp != stamp:
            # Without their shapes, which are large: those are kept as arrays alone.
            areas = Area.objects.for_choice()
            shapes = Area.objects.exclude(geometry={}).values_list(
                "code", "level", "geometry"
            )
            _kept.finder = AreaFinder(areas, shapes)
            _kept.stamp = stamp
        return _kept.finder


def find_area_at(lat: float | None, lon: float | None) -> Area | None:
    """Find the smallest area that holds a point, if there is one."""
    if lat is None or lon is None:
        return None
    return load_finder().find_at(Point(lat, lon))


def list_areas_within(finder: AreaFinder, codes: Collection[str]) -> list[str]:
    """List areas so that none is named beside one that holds all of its parts."""
    found = set(codes)
    parts: dict[str, set[str]] = defaultdict(set)
    for area in finder.areas.values():
        if area.level:
            parts[area.codes[-2]].add(area.code)
    for code in sorted(parts, key=lambda c: -finder.areas[c].level):
        if parts[code] and parts[code] <= found:
            found = (found - parts[code]) | {code}
    return sorted(found)
