"""The regions as a drawing, made here: no map server, no point, no place of a service.

Only first-level areas are drawn, each with a sign and a hatching for what is wrong, so
that it reads without colour. Nothing is placed by where a service is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amana.design.directory.models import Area
from amana.insight.gaps.listing import GapSquare

WIDTH = 640.0
EDGE = 55.0
"""So far from it a name begins."""
POINTS_KEPT = 0.6
"""Of the picture's units: nearer points are left out."""

type Ring = list[list[float]]


@dataclass(frozen=True)
class MapShape:
    area: Area
    path: str
    x: str
    y: str
    square: GapSquare


@dataclass(frozen=True)
class MapDrawing:
    shapes: tuple[MapShape, ...]
    height: float

    @property
    def view(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def iterate_rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """Yield the outlines of an area, as its file has them."""
    many = geometry.get("coordinates", [])
    for polygon in many if geometry.get("type") == "MultiPolygon" else [many]:
        yield from polygon


def draw_regions(
    areas: Iterable[Area], squares: Mapping[str, GapSquare]
) -> MapDrawing | None:
    """Draw the regions; None where no area has a shape."""
    drawn = [area for area in areas if area.geometry]
    points = [
        p for area in drawn for ring in iterate_rings(area.geometry) for p in ring
    ]
    if not points:
        return None
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    scale = WIDTH / ((east - west) or 1)

    def at(point: list[float]) -> tuple[float, float]:
        return (point[0] - west) * scale, (north - point[1]) * scale

    def shape(area: Area) -> MapShape:
        path = "".join(
            draw_outline(map(at, ring)) for ring in iterate_rings(area.geometry)
        )
        # In the part with the most points: the middle of all islands may be in the sea.
        x, y = compute_middle(at(p) for p in max(iterate_rings(area.geometry), key=len))
        x = min(max(x, EDGE), WIDTH - EDGE)
        square = squares[area.code]
        return MapShape(area, path, f"{x:.0f}", f"{y:.0f}", square)

    height = round((north - south) * scale, 1)
    return MapDrawing(tuple(shape(area) for area in drawn), height)


def draw_outline(points: Iterable[tuple[float, float]]) -> str:
    kept: list[tuple[float, float]] = []
    for x, y in points:
        near = kept and abs(kept[-1][0] - x) + abs(kept[-1][1] - y) < POINTS_KEPT
        if not near:
            kept.append((x, y))
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in kept) + "Z"


def compute_middle(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Compute the middle of the shape's box, where its sign is drawn."""
    xs, ys = zip(*points, strict=True)
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
