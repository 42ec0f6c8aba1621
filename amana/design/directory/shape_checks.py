"""What is wrong with a polygon that came in a file, in sentences."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from amana.design.directory.polygons import (
    POLYGONS,
    Ring,
    is_within,
    move_beside,
    unwrap_ring,
)

SMALL_LOOP = 1e-3
"""The share of a ring that a loop in it may have."""


def find_shape_faults(geometry: object) -> Iterator[str]:
    """Yield what is wrong with a geometry: each fault of each ring, the first that
    hides others alone."""
    if not isinstance(geometry, dict) or geometry.get("type") not in POLYGONS:
        yield _("Its shape is no polygon.")
        return
    said = geometry.get("coordinates")
    polygons = said if geometry["type"] == "MultiPolygon" else [said]
    if not isinstance(polygons, list) or not polygons:
        yield _("Its shape is empty.")
        return
    for rings in polygons:
        yield from find_polygon_faults(rings)


def find_polygon_faults(said: object) -> Iterator[str]:
    if not isinstance(said, list) or not said:
        yield _("Its shape is empty.")
        return
    rings = [read_ring(ring) for ring in said]
    known = [ring for ring in rings if ring is not None]
    if len(known) < len(rings):
        yield _("Its shape holds something that is no position.")
        return
    faults = list(chain.from_iterable(map(find_ring_faults, known)))
    yield from faults or find_hole_faults([unwrap_ring(ring) for ring in known])


def read_ring(said: object) -> Ring | None:
    """Read a ring; None if it holds anything but positions."""
    if not isinstance(said, list):
        return None
    try:
        ring = np.array([(float(p[0]), float(p[1])) for p in said], np.float64)
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        return None
    return ring if ring.ndim == 2 and np.isfinite(ring).all() else None


def find_ring_faults(ring: Ring) -> Iterator[str]:
    if len(ring) < 4:
        yield _("A ring of its shape has fewer than four positions.")
        return
    if (ring[0] != ring[-1]).any():
        ends = {"first": format_position(ring[0]), "last": format_position(ring[-1])}
        what = _(
            "A ring of its shape is not closed: it goes from %(first)s to %(last)s."
        )
        yield what % ends
    lon, lat = np.abs(ring[:, 0]), np.abs(ring[:, 1])
    if (lat > 90).any() and (lon <= 90).all() and (lat <= 180).all():
        yield _("Latitude and longitude of its shape look swapped.")
        return
    outside = np.flatnonzero((lon > 180) | (lat > 90))
    if len(outside):
        what = _("Its shape has a position that is not on the globe: %(position)s.")
        yield what % {"position": format_position(ring[outside[0]])}
        return
    crossing = find_crossing(unwrap_ring(ring))
    if crossing is not None:
        what = _("A ring of its shape crosses itself near %(position)s.")
        yield what % {"position": format_position(crossing)}


def format_position(position: NDArray[np.float64]) -> str:
    """Format a position as people write it: latitude first."""
    return f"{position[1]:.5g}, {position[0]:.5g}"


def find_hole_faults(rings: list[Ring]) -> Iterator[str]:
    outer, *holes = rings
    if not compute_area(outer):
        yield _("Its shape encloses nothing.")
        return
    for hole in holes:
        moved = move_beside(hole, outer)
        inside = [is_within([outer], lat, lon) for lon, lat in moved[:-1]]
        if not all(inside):
            yield _("A hole of its shape lies outside it.")


def compute_area(ring: Ring) -> float:
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return abs(float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))) / 2


def find_crossing(ring: Ring) -> NDArray[np.float64] | None:
    """Find where a ring crosses itself; touching itself is no crossing, and nor is a
    loop as small as thinning out a coast leaves. None if it doesn't."""
    # By the west end of the edges: only those that begin before another ends can cross
    # it, so that a coast of many thousand positions is done in a second.
    edges = np.hstack([ring[:-1], ring[1:]])
    order = np.argsort(np.minimum(edges[:, 0], edges[:, 2]), kind="stable")
    edges = edges[order]
    west, east = (
        np.minimum(edges[:, 0], edges[:, 2]),
        np.maximum(edges[:, 0], edges[:, 2]),
    )
    low, high = (
        np.minimum(edges[:, 1], edges[:, 3]),
        np.maximum(edges[:, 1], edges[:, 3]),
    )
    ends = np.searchsorted(west, east, side="right")
    for place in range(len(edges)):
        others = np.arange(place + 1, int(ends[place]))
        near = others[(low[others] < high[place]) & (high[others] > low[place])]
        if not len(near):
            continue
        for other in near[cross_edges(edges[place], edges[near])]:
            if compute_loop(ring, int(order[place]), int(order[other])) > SMALL_LOOP:
                return np.asarray(edges[other, :2])
    return None


def compute_loop(ring: Ring, one: int, other: int) -> float:
    """Compute the share of the smaller of the two loops that a crossing makes."""
    first, last = sorted((one, other))
    loop = np.vstack([ring[first + 1 : last + 1], ring[first + 1]])
    rest = np.vstack([ring[: first + 1], ring[last + 1 :]])
    sizes = sorted((compute_area(loop), compute_area(rest)))
    return sizes[0] / sizes[1] if sizes[1] else 1


def cross_edges(edge: NDArray[np.float64], others: NDArray[np.float64]) -> Any:
    """Find which edges cross one truly: each has an end on either side of the other."""
    a, b = edge[:2], edge[2:]
    c, d = others[:, :2], others[:, 2:]
    return (turn(a, b, c) * turn(a, b, d) < 0) & (turn(c, d, a) * turn(c, d, b) < 0)


def turn(a: Any, b: Any, p: Any) -> Any:
    """Compute on which side of an edge a point is; 0 where rounding could decide it."""
    left = (b[..., 0] - a[..., 0]) * (p[..., 1] - a[..., 1])
    right = (p[..., 0] - a[..., 0]) * (b[..., 1] - a[..., 1])
    sure = np.abs(left - right) > 1e-12 * (np.abs(left) + np.abs(right))
    return np.where(sure, np.sign(left - right), 0)
