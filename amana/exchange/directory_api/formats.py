"""The same services for maps (GeoJSON, RFC 7946) and for humanitarian tables (HXL 1.1:
who does what where)."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

from amana.exchange.directory_api.lists import dump_json
from amana.exchange.directory_api.records import Record
from amana.exchange.directory_api.taxonomy_terms import map_terms
from amana.exchange.hsds.writing import build_id
from amana.ui.harmless import escape_formula

GEOJSON_MEDIA = "application/geo+json"
HXL_MEDIA = "text/csv; charset=utf-8"


# --- GeoJSON


def iterate_geojson(services: Iterable[Record]) -> Iterator[str]:
    """Write a collection with a feature for each service, a few at a time."""
    # By hand, because the whole collection never lies in memory.
    yield '{"type":"FeatureCollection","features":['
    comma = ""
    for service in services:
        yield comma + dump_json(build_feature(service))
        comma = ",\n"
    yield "]}\n"


def build_feature(service: Mapping[str, Any]) -> Record:
    """Build a feature; one without a place is somewhere in its area, which has no
    point that would be true."""
    return {
        "type": "Feature",
        "id": service["id"],
        "geometry": build_geometry(service),
        "properties": {
            "name": service["name"],
            "status": service["status"],
            "description": service.get("description", ""),
            "organization": service["organization"]["name"],
            "types": list_codes(service, "types"),
            "languages": [said["code"] for said in service.get("languages", ())],
            "area": get_area(service).get("name", ""),
            "url": service.get("url", ""),
            "last_modified": service["last_modified"],
        },
    }


def build_geometry(service: Mapping[str, Any]) -> Record | None:
    points = list_points(service)
    if not points:
        return None
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": points}


def list_points(service: Mapping[str, Any]) -> list[list[float]]:
    """List its places as GeoJSON has them: longitude first."""
    return [
        [place["location"]["longitude"], place["location"]["latitude"]]
        for place in service.get("service_at_locations", ())
        if place["location"].get("latitude") is not None
    ]


def list_codes(service: Mapping[str, Any], field: str) -> list[str]:
    return [
        attribute["value"]
        for attribute in service.get("attributes", ())
        if attribute["taxonomy_term"]["code"].startswith(f"{field}:")
    ]


def get_area(service: Mapping[str, Any]) -> Mapping[str, str]:
    # Its own comes first, before those that it covers.
    areas = service.get("service_areas") or [{}]
    found: Mapping[str, str] = areas[0]
    return found


# --- HXL

type Column = tuple[str, str, Callable[[Mapping[str, Any], str], object]]


def _kind(_service: Mapping[str, Any], kind: str) -> object:
    term = map_terms().get(build_id("term", f"types:{kind}"))
    return term.name if term else ""


def _point(of: int) -> Callable[[Mapping[str, Any], str], object]:
    def read(service: Mapping[str, Any], _kind: str) -> object:
        points = list_points(service)
        return points[0][of] if points else ""

    return read


COLUMNS: tuple[Column, ...] = (
    ("Organisation", "#org+name", lambda s, _: s["organization"]["name"]),
    ("Type", "#org+type", lambda s, _: s["organization"]["description"]),
    ("Service", "#service+name", lambda s, _: s["name"]),
    ("Kind of help", "#activity+name", _kind),
    ("Code of the kind", "#activity+code", lambda _, kind: kind),
    ("Group of the kind", "#sector+code", lambda _, kind: kind.rstrip("0123456789")),
    ("Code of the area", "#adm+code", lambda s, _: get_area(s).get("name", "")),
    ("Area", "#adm+name", lambda s, _: get_area(s).get("description", "")),
    ("Latitude", "#geo+lat", _point(1)),
    ("Longitude", "#geo+lon", _point(0)),
    ("Status", "#status", lambda s, _: s["status"]),
    ("Changed", "#date+updated", lambda s, _: s["last_modified"]),
    ("Id", "#meta+id", lambda s, _: s["id"]),
)
"""Heading, hashtag, and value by service and kind of help."""


def iterate_hxl(services: Iterable[Record]) -> Iterator[str]:
    """Write a line for each kind of help of each service: who, what, where."""
    yield write_line([heading for heading, _tag, _value in COLUMNS])
    yield write_line([tag for _heading, tag, _value in COLUMNS])
    for service in services:
        for kind in list_codes(service, "types"):
            yield write_line(
                [_cell(value(service, kind)) for _heading, _tag, value in COLUMNS]
            )


def _cell(said: object) -> object:
    return escape_formula(said) if isinstance(said, str) else said


def write_line(cells: list[Any]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
