"""Which area a point is in: polygons of GeoJSON, by the even-odd rule.

A point on an edge is inside. A ring that jumps by more than 180 degrees from one
position to the next crosses the antimeridian: its far side is counted on beyond 180.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Ring = NDArray[np.float64]
"""Positions as longitude and latitude, the first again at the end."""
type Polygon = Sequence[Ring]
"""The outer ring, then its holes."""
type Geometry = Mapping[str, Any]

POLYGONS = ("Polygon", "MultiPolygon")
UNSURE = 4 * float(np.finfo(np.float64).eps)
"""Relative error below which the side of an edge is computed again, exactly."""
TINY = 1e-300
"""So small that products are rounded to nothing."""


@dataclass(frozen=True)
class Shape:
    """The shape of one area, ready to be asked."""

    code: str
    level: int
    polygons: tuple[Polygon, ...]
    size: float
    """Roughly, in square degrees at the equator: to tell the smaller of two."""


class ShapeIndex:
    """The shapes of many areas. Each question looks at boxes first: all of them in one
    step, and at the edges of the few that are left."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        # The smallest first, so that the first which holds a point is the answer.
        self.shapes = sorted(shapes, key=lambda s: (-s.level, s.size, s.code))
        listed = [
            (number, *find_box(polygon), polygon)
            for number, shape in enumerate(self.shapes)
            for polygon in shape.polygons
        ]
        self.polygons = [polygon for *_box, polygon in listed]
        self.numbers = np.array([number for number, *_rest in listed], np.intp)
        boxes = [
            (west, south, east, north) for _n, west, south, east, north, _p in listed
        ]
        self.boxes = np.array(boxes, np.float64).reshape(-1, 4)

    def __len__(self) -> int:
        return len(self.shapes)

    def find(self, lat: float, lon: float) -> str:
        """Find the code of the smallest area that holds a point; empty if none does."""
        return next(self.iterate(lat, lon), "")

    def iterate(self, lat: float, lon: float) -> Iterator[str]:
        """Yield the code of each area that holds a point, the smallest first."""
        last = -1
        for position in self._find_boxes(lat, lon):
            number = int(self.numbers[position])
            if number != last and is_within(self.polygons[position], lat, lon):
                last = number
                yield self.shapes[number].code

    def _find_boxes(self, lat: float, lon: float) -> NDArray[np.intp]:
        west, south, east, north = self.boxes.T
        near = np.zeros(len(self.boxes), np.bool)
        for turn in (-360.0, 0.0, 360.0):
            near |= (west <= lon + turn) & (lon + turn <= east)
        return np.flatnonzero(near & (south <= lat) & (lat <= north))


def build_shape(code: str, level: int, geometry: Geometry) -> Shape:
    """Build a shape from GeoJSON; one without polygons holds nothing."""
    polygons = tuple(read_polygons(geometry))
    size = sum(map(compute_size, polygons))
    return Shape(code, level, polygons, size)


def read_polygons(geometry: Geometry) -> Iterator[Polygon]:
    """Yield the polygons of a geometry, their rings without jumps."""
    if geometry.get("type") not in POLYGONS:
        return
    said = geometry["coordinates"]
    for rings in said if geometry["type"] == "MultiPolygon" else [said]:
        if not rings:
            continue
        outer, *holes = [
            unwrap_ring(np.array([p[:2] for p in r], float)) for r in rings
        ]
        yield (outer, *[move_beside(hole, outer) for hole in holes])


def unwrap_ring(ring: Ring) -> Ring:
    """Count longitudes on beyond 180 where a ring crosses the antimeridian."""
    steps = np.diff(ring[:, 0])
    turns = np.where((steps > 180) & (steps < 360), -360.0, 0.0)
    turns += np.where((steps < -180) & (steps > -360), 360.0, 0.0)
    if not turns.any():
        return ring
    shifts = np.concatenate([[0.0], np.cumsum(turns)])
    # A ring around a pole doesn't come back to where it began: taken as it stands.
    if shifts[-1]:
        return ring
    return np.column_stack([ring[:, 0] + shifts, ring[:, 1]])


def move_beside(hole: Ring, outer: Ring) -> Ring:
    """Move a hole to the turn of the globe on which its outer ring is."""
    apart = find_middle(outer) - find_middle(hole)
    moved = hole + np.array([round(apart / 360) * 360.0, 0.0])
    return np.asarray(moved, np.float64)


def find_middle(ring: Ring) -> float:
    return float(ring[:, 0].min() + ring[:, 0].max()) / 2


def find_box(polygon: Polygon) -> tuple[float, float, float, float]:
    """Find the box of a polygon: west, south, east and north."""
    positions = np.concatenate(list(polygon))
    (west, south), (east, north) = positions.min(axis=0), positions.max(axis=0)
    return float(west), float(south), float(east), float(north)


def compute_size(polygon: Polygon) -> float:
    sizes = []
    for ring in polygon:
        x, y = ring[:, 0], ring[:, 1]
        around = np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])
        sizes.append(abs(float(around)) / 2 * cos(radians(float(y.mean()))))
    return sizes[0] - sum(sizes[1:])


# -- one point and one polygon ---------------------------------------------------------


def is_within(polygon: Polygon, lat: float, lon: float) -> bool:
    """Return whether a polygon holds a point; its own edges, and those of its holes,
    belong to it."""
    west, _south, east, _north = find_box(polygon)
    return any(
        is_plainly_within(polygon, lon + turn, lat)
        for turn in (-360.0, 0.0, 360.0)
        if west <= lon + turn <= east
    )


def is_plainly_within(polygon: Polygon, x: float, y: float) -> bool:
    inside = False
    for ring in polygon:
        crossed = count_crossings(ring, x, y)
        if crossed is None:
            return True
        inside ^= crossed % 2 == 1
    return inside


def count_crossings(ring: Ring, x: float, y: float) -> int | None:
    """Count the edges that a ray to the east crosses; None if the point is on one."""
    x1, y1 = ring[:-1, 0], ring[:-1, 1]
    x2, y2 = ring[1:, 0], ring[1:, 1]
    level = (np.minimum(y1, y2) <= y) & (y <= np.maximum(y1, y2))
    ahead = level & (np.maximum(x1, x2) >= x)
    found = np.flatnonzero(ahead)
    sides = compute_sides(ring, found, x, y)
    beside = (np.minimum(x1, x2)[found] <= x) & (sides == 0)
    if beside.any():
        return None
    # Of an edge its lower end counts, and its upper one doesn't: a ray through a corner
    # crosses one of the two edges that meet there, or both, or none.
    rises, falls = (
        (y1[found] <= y) & (y < y2[found]),
        (y2[found] <= y) & (y < y1[found]),
    )
    return int(np.count_nonzero((rises & (sides > 0)) | (falls & (sides < 0))))


def compute_sides(ring: Ring, edges: NDArray[np.intp], x: float, y: float) -> Any:
    """Compute on which side of each edge a point is: 1 on its left, -1 on its right, 0
    on its line."""
    x1, y1 = ring[edges].T
    x2, y2 = ring[edges + 1].T
    left, right = (x2 - x1) * (y - y1), (x - x1) * (y2 - y1)
    sides = np.sign(left - right)
    # Rounding could put a point that is on an edge beside it, and so into two areas or
    # none.
    unsure = np.abs(left - right) <= UNSURE * (np.abs(left) + np.abs(right)) + TINY
    for position in np.flatnonzero(unsure):
        a, b = ring[edges[position]], ring[edges[position] + 1]
        sides[position] = compute_side(a, b, (x, y))
    return sides


def compute_side(a: Iterable[float], b: Iterable[float], p: Iterable[float]) -> int:
    """Compute on which side of an edge a point is, exactly."""
    (ax, ay), (bx, by), (px, py) = (
        [*map(Fraction, map(float, each))] for each in (a, b, p)
    )
    turned = (bx - ax) * (py - ay) - (px - ax) * (by - ay)
    return (turned > 0) - (turned < 0)


def find_inner_point(polygon: Polygon) -> tuple[float, float]:
    """Find a point inside, as latitude and longitude: in the middle of the widest
    stretch on the parallel through the middle of its box, or one near that."""
    _west, south, _east, north = find_box(polygon)
    best = (0.0, south, float(polygon[0][0, 0]))
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        # Beside the round number, on which corners are more often.
        y = south + (north - south) * (share + 1e-4)
        cuts = sorted(x for ring in polygon for x in cut_ring(ring, y))
        for left, right in zip(cuts[::2], cuts[1::2], strict=False):
            best = max(best, (right - left, y, (left + right) / 2))
        if best[0]:
            break
    return best[1], (best[2] + 180) % 360 - 180 if abs(best[2]) > 180 else best[2]


def cut_ring(ring: Ring, y: float) -> list[float]:
    """List the longitudes at which a ring crosses a parallel."""
    x1, y1 = ring[:-1, 0], ring[:-1, 1]
    x2, y2 = ring[1:, 0], ring[1:, 1]
    cut = np.flatnonzero((y1 <= y) != (y2 <= y))
    share = (y - y1[cut]) / (y2[cut] - y1[cut])
    return [float(x) for x in x1[cut] + share * (x2[cut] - x1[cut])]
