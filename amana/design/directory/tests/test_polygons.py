"""Points in polygons, held against an exact and slow answer that shares no code.

Planted faults, each seen caught here: an edge that counts both its ends; holes that
count as inside; the first polygon of several alone; no exact answer near an edge; no
turn of the globe; the largest area first.
"""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st

from amana.design.directory.polygons import (
    ShapeIndex,
    build_shape,
    find_inner_point,
    is_within,
    read_polygons,
)

SQUARE = [[0, 0], [8, 0], [8, 8], [0, 8], [0, 0]]
HOLE = [[2, 2], [2, 4], [4, 4], [4, 2], [2, 2]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": [list(map(list, ring)) for ring in rings]}


def holds(geometry, lat, lon):
    return any(is_within(p, lat, lon) for p in read_polygons(geometry))


def holds_exactly(geometry, lat, lon):
    """The angle by which one turns who walks around, in quarters: with fractions, edge
    by edge, and without a word of numpy."""
    several = geometry["type"] == "MultiPolygon"
    said = geometry["coordinates"]
    return any(
        parity(rings, Fraction(lon), Fraction(lat))
        for rings in (said if several else [said])
    )


def parity(rings, x, y):
    crossed = 0
    for ring in rings:
        points = [(Fraction(a), Fraction(b)) for a, b in ring]
        for (ax, ay), (bx, by) in pairwise(points):
            if is_between(ax, ay, bx, by, x, y):
                return True
            # Up to the north, while the other goes to the east.
            if (ax < x) != (bx < x) and ay + (by - ay) * (x - ax) / (bx - ax) > y:
                crossed += 1
    return crossed % 2 == 1


def is_between(ax, ay, bx, by, x, y):
    on_line = (bx - ax) * (y - ay) == (by - ay) * (x - ax)
    return (
        on_line and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by)
    )


# A grid of few steps, so that corners and edges are hit; and any number at all.
steps = st.integers(-6, 6).map(lambda n: n / 4)
any_place = st.one_of(steps, st.floats(-1.5, 1.5, allow_nan=False))
places = st.tuples(any_place, any_place)


@st.composite
def rings(draw):
    points = draw(st.lists(places, min_size=3, max_size=9))
    return [*map(list, points), list(points[0])]


@st.composite
def geometries(draw):
    made = draw(
        st.lists(st.lists(rings(), min_size=1, max_size=3), min_size=1, max_size=3)
    )
    if len(made) == 1:
        return {"type": "Polygon", "coordinates": made[0]}
    return {"type": "MultiPolygon", "coordinates": made}


@generated(geometries(), places)
def test_a_point_is_inside_where_an_exact_answer_has_it(geometry, place):
    lon, lat = place
    assert holds(geometry, lat, lon) == holds_exactly(geometry, lat, lon)


@generated(geometries(), places, st.sampled_from([179.0, 180.0, -180.0, 181.0]))
def test_the_antimeridian_is_no_edge(geometry, place, by):
    """The same shape elsewhere, and wrapped to where longitudes are written."""

    def move(lon):
        return (lon + by + 180) % 360 - 180

    lon, lat = place
    several = geometry["type"] == "MultiPolygon"
    said = geometry["coordinates"] if several else [geometry["coordinates"]]
    moved = {
        "type": "MultiPolygon",
        "coordinates": [[[[move(x), y] for x, y in ring] for ring in p] for p in said],
    }
    # What is moved is rounded, and so is what it is held against.
    back = {
        "type": "MultiPolygon",
        "coordinates": [
            [[[Fraction(x) % 360, y] for x, y in ring] for ring in p]
            for p in moved["coordinates"]
        ],
    }
    there = holds_exactly(back, lat, Fraction(move(lon)) % 360)
    assert holds(moved, lat, move(lon)) == there


def test_edges_and_corners_belong_to_it_and_a_hole_does_not():
    shape = polygon(SQUARE, HOLE)
    for lat, lon in ((0.0, 0.0), (8, 8), (0, 4), (4, 8), (2, 3), (4, 4), (1, 1)):
        assert holds(shape, lat, lon), (lat, lon)
    for lat, lon in ((3.0, 3.0), (9.0, 4.0), (4.0, -1.0), (4.0, 8.000001)):
        assert not holds(shape, lat, lon), (lat, lon)


def test_the_smallest_area_that_holds_it_is_found():
    index = ShapeIndex(
        [
            build_shape("C", 0, polygon(SQUARE)),
            build_shape("R", 1, polygon([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]])),
            build_shape("D", 2, polygon([[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]])),
            build_shape("X", 2, {}),
        ]
    )
    assert index.find(1.5, 1.5) == "D"
    assert list(index.iterate(1.5, 1.5)) == ["D", "R", "C"]
    assert index.find(3, 3) == "R"
    assert index.find(7, 7) == "C"
    assert index.find(-1, 7) == ""
    assert ShapeIndex([]).find(1, 1) == ""


def test_of_two_neighbours_one_has_the_edge_and_always_the_same():
    west = build_shape("W", 1, polygon([[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]))
    east = build_shape("E", 1, polygon([[4, 0], [8, 0], [8, 4], [4, 4], [4, 0]]))
    for order in ([west, east], [east, west]):
        assert ShapeIndex(order).find(2, 4) == "E"


def test_islands_on_both_sides_of_the_antimeridian_are_one_area():
    fiji = polygon([[179, -18], [-179, -18], [-179, -16], [179, -16], [179, -18]])
    index = ShapeIndex([build_shape("FJ", 1, fiji)])
    for lon in (179.5, -179.5, 180, -180):
        assert index.find(-17, lon) == "FJ", lon
    assert index.find(-17, 178) == index.find(-17, 0) == ""


@pytest.mark.parametrize(
    "shape",
    [polygon(SQUARE), polygon(SQUARE, HOLE), polygon([[0, 0], [8, 0], [0, 8], [0, 0]])],
)
def test_a_point_inside_is_inside(shape):
    for each in read_polygons(shape):
        assert is_within(each, *find_inner_point(each))
