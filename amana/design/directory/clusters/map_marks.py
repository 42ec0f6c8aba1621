"""Marks of a map, and the same as a list."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import cos, log, pi, radians, tan

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.design.directory import facets
from amana.design.directory.catalogue import open_catalogue
from amana.design.directory.clusters.map_bounds import (
    APART,
    AS_NUMBER,
    CROWDED,
    LETTER,
    MARK,
    MOST,
    MOST_LETTERS,
    MOST_LISTED,
    MOST_LOOKED_AT,
    NEAR,
    NORTHERNMOST,
    TILE,
    WORLD,
    AreaCounts,
    Cluster,
    MapBounds,
)
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.trust.access.models.organisations import User


def choose_marks(
    counted: AreaCounts, box: MapBounds, zoom: float, *, user: User
) -> list[Cluster]:
    """Choose what a map of this part of the world shows."""
    if zoom >= NEAR and (near := list_places(counted, box, user=user)):
        return near
    found: list[Cluster] = []
    # From the finest level up, until what it shows can be read.
    for level in counted.levels:
        coarser = list(iterate_clusters(counted, counted.at_level(level), box))
        if found and len(coarser) < 2:
            break  # one number for everything shows nothing of where
        found = coarser
        if len(found) <= MOST and count_crowded(found, zoom) <= CROWDED * len(found):
            break
    return merge_marks(counted, [*found, *iterate_unplaced(counted, box)], zoom)


def iterate_clusters(
    counted: AreaCounts, counts: Mapping[str, int], box: MapBounds
) -> Iterator[Cluster]:
    for code, count in counts.items():
        area = counted.areas[code]
        if box.holds(area.lat, area.lon):
            url = counted.url(code)
            yield Cluster(area.name, count, area.lat, area.lon, url, code)


def iterate_unplaced(counted: AreaCounts, box: MapBounds) -> Iterator[Cluster]:
    at = Counter(point for point in counted.points if box.holds(*point))
    for (lat, lon), count in at.items():
        yield Cluster(_("No area"), count, lat, lon, counted.url())


def compute_pixel(lat: float, lon: float, zoom: float) -> tuple[float, float]:
    """Compute the pixel in Web Mercator, as the map draws it."""
    world = TILE * 2**zoom
    lat = radians(max(-NORTHERNMOST, min(NORTHERNMOST, lat)))
    return (
        (lon + 180) / 360 * world,
        (1 - log(tan(lat) + 1 / cos(lat)) / pi) / 2 * world,
    )


type Placed = tuple[float, float]


def is_touching(one: Placed, other: Placed, apart: Placed = APART) -> bool:
    return abs(one[0] - other[0]) < apart[0] and abs(one[1] - other[1]) < apart[1]


def compute_spacing(one: Cluster, other: Cluster, scale: float = 1) -> Placed:
    """Compute how far from each other two marks are readable: by the longer of their
    names."""
    letters = min(max(len(one.name), len(other.name)), MOST_LETTERS)
    across = max(APART[0], MARK + LETTER * letters)
    return across * scale, APART[1] * scale


def count_crowded(found: Iterable[Cluster], zoom: float) -> int:
    """Count how many would overlap another."""
    at = [compute_pixel(mark.lat, mark.lon, zoom) for mark in found]
    return sum(
        any(is_touching(here, there) for nth, there in enumerate(at) if nth != number)
        for number, here in enumerate(at)
    )


def merge_marks(
    counted: AreaCounts, found: list[Cluster], zoom: float
) -> list[Cluster]:
    """Merge marks until none overlap and there are at most `MOST`: those that would
    touch become one mark, of the area that holds them all."""
    # The largest first, so that a merged mark has its place and name.
    found.sort(key=lambda mark: (-mark.count, mark.name, mark.url))
    scale = 1.0
    while True:
        together: list[tuple[Placed, list[Cluster]]] = []
        for mark in found:
            here = compute_pixel(mark.lat, mark.lon, zoom)
            near = (
                marks_
                for there, marks_ in together
                if is_touching(here, there, compute_spacing(mark, marks_[0], scale))
            )
            if (marks_ := next(near, None)) is not None:
                marks_.append(mark)
            else:
                together.append((here, [mark]))
        if len(together) <= MOST:
            break
        # Wider apart, until there are few enough: the number that a browser draws is
        # bounded whatever the directory holds.
        scale *= 1.5
    return [
        marks_[0] if len(marks_) == 1 else build_merged_mark(counted, marks_)
        for _at, marks_ in together
    ]


def build_merged_mark(counted: AreaCounts, found: list[Cluster]) -> Cluster:
    """Build the mark of several, at the place of the largest, which comes first."""
    chains = [
        counted.areas[mark.code].codes if mark.code in counted.areas else []
        for mark in found
    ]
    common = [codes[0] for codes in zip(*chains, strict=False) if len(set(codes)) == 1]
    most = found[0]
    code = common[-1] if common else ""
    name = f"{most.name} {AS_NUMBER.format(len(found) - 1)}"
    count = sum(mark.count for mark in found)
    these = facets.AREAS.join(mark.code for mark in found)
    # The link has to lead to exactly these services; where their codes don't fit in an
    # address, to the area around them.
    fits = all(mark.code for mark in found) and len(these) <= facets.LONGEST
    url = counted.url(these if fits else code)
    return Cluster(name, count, most.lat, most.lon, url, code)


def list_places(counted: AreaCounts, box: MapBounds, *, user: User) -> list[Cluster]:
    """List single services at close zoom, and the areas of those that give no more than
    that; empty where they are too many."""
    inside = Service.objects.listed().filter(
        lat__range=(box.south, box.north), lon__range=(box.west, box.east)
    )
    # Never a hidden one: at close zoom the middle of its area would look like an
    # address.
    rows = see_service.among(inside.filter(hidden=False), user)
    ids = list(rows.values_list("pk", flat=True)[: MOST_LOOKED_AT + 1])
    if len(ids) > MOST_LOOKED_AT:
        return []
    with open_catalogue() as catalogue:
        directory = catalogue.directory
        found = facets.find_fitting(catalogue, counted.wanted, catalogue.visible(user))
        at = [directory.rows[id] for id in ids if id in directory.rows]
        fit = directory["id"][[row for row in at if found[row]]].tolist()
    if len(fit) > MOST:
        return []
    said = list(rows.filter(pk__in=fit).select_related("area").defer("area__geometry"))
    areas = Counter(counted.by_area)
    for service in said:
        if service.area and service.area.code in areas:
            # Shown by itself, so it must not be in the number of its area too.
            areas[service.area.code] -= 1
    left = list(iterate_clusters(counted, +areas, box))
    if len(said) + len(left) > MOST:
        return []
    return left + [
        Cluster(
            service.called,
            1,
            service.lat or 0,
            service.lon or 0,
            reverse("directory:service", args=[service.pk]),
            service.area.code if service.area else "",
            is_place=True,
        )
        for service in said
    ]


@dataclass(frozen=True)
class ClusterEntry:
    cluster: Cluster
    parts: list[Cluster]


def list_entries(counted: AreaCounts) -> list[ClusterEntry]:
    """List each region with its towns, in order of their names; regions alone where
    there are many."""
    regions = counted.at_level(1)
    finest = counted.levels[0] if counted.levels else 0
    towns = counted.at_level(2) if finest > 1 else Counter[str]()
    inside: dict[str, list[Cluster]] = defaultdict(list)
    if len(regions) + len(towns) <= MOST_LISTED:
        for town in iterate_clusters(counted, towns, WORLD):
            above = counted.areas[town.code].codes[1]
            if above != town.code:
                inside[above].append(town)
    shown = sorted(
        iterate_clusters(counted, regions, WORLD),
        key=lambda mark: (-mark.count, mark.name),
    )[:MOST_LISTED]
    return [
        ClusterEntry(mark, sorted(inside[mark.code], key=lambda part: part.name))
        for mark in sorted(shown, key=lambda mark: mark.name)
    ]
