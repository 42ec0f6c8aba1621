"""Reads a file of areas: GeoJSON features with a code, names and the code above."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from amana.design.directory.models import Area
from amana.design.directory.models.changes import record_change
from amana.errors import Unreadable

SHAPES = {"Polygon", "MultiPolygon"}


@dataclass(frozen=True)
class AreaRecord:
    """One area as the file describes it."""

    code: str
    above: str
    names: dict[str, str]
    lat: float
    lon: float
    geometry: dict[str, Any]


def read_areas(file: Path) -> list[AreaRecord]:
    """Read every area, those above before their parts; all or nothing. Raises
    `Unreadable`."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Unreadable(file.name, _("It is not JSON.")) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise Unreadable(file.name, _("It is not a GeoJSON FeatureCollection."))
    said = [
        read_area(f, f"feature {number}") for number, f in enumerate(features, start=1)
    ]
    return sort_areas(said)


def read_area(feature: Any, where: str) -> AreaRecord:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise Unreadable(where, _("It has no properties."))
    code = read_property(properties, "code", where)
    geometry = feature.get("geometry") or {}
    if geometry and geometry.get("type") not in SHAPES:
        raise Unreadable(f"{where} ({code})", _("Its shape is not a polygon."))
    names = {n: str(properties.get(n) or "") for n in ("name_fr", "name_ar")}
    lat, lon = find_middle(properties, geometry, f"{where} ({code})")
    return AreaRecord(
        code=code,
        above=str(properties.get("above") or ""),
        names={"name_en": read_property(properties, "name_en", where)} | names,
        lat=lat,
        lon=lon,
        geometry=geometry,
    )


def read_property(properties: Mapping[str, object], name: str, where: str) -> str:
    value = str(properties.get(name) or "").strip()
    if not value:
        raise Unreadable(where, _("“%(field)s” is missing.") % {"field": name})
    return value


def find_middle(
    properties: Mapping[str, Any], geometry: Mapping[str, Any], where: str
) -> tuple[float, float]:
    """Find the point that the file names, or else the middle of the shape's box."""
    lat, lon = properties.get("lat"), properties.get("lon")
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        return float(lat), float(lon)
    points = list(iterate_points(geometry.get("coordinates", [])))
    if not points:
        raise Unreadable(where, _("It has neither a point nor a shape."))
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    # Of the box and not of the shape: the point only carries a number on a map, and has
    # to be the same on each machine.
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2


def iterate_points(coordinates: Any) -> Iterable[list[float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates
        return
    for part in coordinates:
        yield from iterate_points(part)


def sort_areas(said: list[AreaRecord]) -> list[AreaRecord]:
    """Sort the areas so that each comes after the one that it is in."""
    by_code = {area.code: area for area in said}
    if len(by_code) < len(said):
        raise Unreadable(find_repeated_code(said), _("This code appears twice."))
    depth = {area.code: len(list_areas_above(area, by_code)) for area in said}
    return sorted(said, key=lambda area: (depth[area.code], area.code))


def find_repeated_code(said: list[AreaRecord]) -> str:
    codes = [area.code for area in said]
    return next(code for code in codes if codes.count(code) > 1)


def list_areas_above(area: AreaRecord, by_code: Mapping[str, AreaRecord]) -> list[str]:
    """List the codes of the areas around this one, the nearest first. Raises
    `Unreadable`."""
    found: list[str] = []
    while area.above:
        # Areas that contain each other in a circle would never end.
        if area.above not in by_code or area.above in found:
            raise Unreadable(
                area.code,
                _("The area above it, “%(code)s”, is not in the file.")
                % {"code": area.above},
            )
        found.append(area.above)
        area = by_code[area.above]
    return found


@transaction.atomic
def load_areas(said: Iterable[AreaRecord]) -> int:
    """Load these areas into the database, or update them; none is removed."""
    known: dict[str, Area] = {}
    for area in said:
        parent = known.get(area.above)
        # By code: services and cases refer to an area, so it must stay the same row.
        known[area.code], _new = Area.objects.update_or_create(
            code=area.code,
            defaults={
                **area.names,
                "level": parent.level + 1 if parent else 0,
                "above": parent,
                "path": f"{parent.path if parent else ''}{area.code}/",
                "lat": area.lat,
                "lon": area.lon,
                "geometry": area.geometry,
            },
        )
    record_change()
    return len(known)
