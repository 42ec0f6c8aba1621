"""Where a service is and whose people it serves, as its file has it: compared with the
areas that are here when it is imported."""

import json
import re

from django.utils.translation import gettext as _

from amana.design.directory.shape_checks import find_shape_faults
from amana.exchange.rows import ServiceValues
from amana.exchange.sources.service_facts import ServiceFacts, Step, remark_unread
from amana.exchange.sources.values import parse_number, shorten_text

LONGEST_POINT = 200
"""Characters that are looked at: a pattern could work on a long text for minutes."""
PAIR = re.compile(r"(-?\d{1,3}[.,]\d+)[^\d-]+(-?\d{1,3}[.,]\d+)")
"""Latitude and longitude in one text."""


def read_location(facts: ServiceFacts) -> Step:
    """Read address and point, of the nearest place that has one."""
    found: ServiceValues = {}
    remarks: list[str] = []
    places = {
        (fact.at.table.name, fact.at.place)
        for fact in facts.list_nearest("place.latitude")
    }
    if len(places) > 1:
        remarks.append(_("It has several locations; the first one is used."))
    lat, lon = read_point(facts)
    if lat is None or lon is None:
        pass
    elif lat == 0 == lon:
        remarks.append(_("Its coordinates are 0, 0, so they are left out."))
    elif -90 <= lat <= 90 and -180 <= lon <= 180:
        found |= {"lat": lat, "lon": lon}
    # Not turned back by us: a person on the way would stand in another country. Who
    # imports it decides, once it is compared with the areas that are here.
    elif -90 <= lon <= 90 and -180 <= lat <= 180:
        found["written"] = [lat, lon]
    else:
        remarks.append(_("Its coordinates are not on the globe."))
    if lines := facts.join_words("place.address", ", "):
        town = facts.get_text("place.area")
        code = facts.get_text("place.postcode")
        parts = [lines, *[part for part in (code, town) if part and part not in lines]]
        found["address"] = shorten_text(", ".join(parts).replace("\n", ", "), 300)
    return found, remarks


def read_point(facts: ServiceFacts) -> tuple[float | None, float | None]:
    lat = parse_degrees(facts.get_text("place.latitude"))
    lon = parse_degrees(facts.get_text("place.longitude"))
    pair = PAIR.search(facts.get_text("place.point")[:LONGEST_POINT])
    if pair and (lat is None or lon is None):
        lat, lon = map(parse_degrees, pair.groups())
    return lat, lon


def parse_degrees(said: str) -> float | None:
    """Parse degrees, with a point or, as French and Arabic sheets have it, a comma."""
    return parse_number(said.translate(POINTS))


POINTS = str.maketrans({",": ".", "٫": "."})


def read_served(facts: ServiceFacts) -> Step:
    """Read the areas whose people alone it serves: by names or codes, or as a shape."""
    served = [
        shorten_text(part, 200)
        for text in facts.list_texts("served.name")
        for part in re.split(r"[;|\n،]", text)
        if part.strip()
    ]
    shape = facts.get_text("served.shape")
    found: ServiceValues = {"served": [*dict.fromkeys(map(str.strip, served))]}
    if shape and not is_shape(shape):
        return found, [remark_unread("served.shape", shape)]
    return found | ({"shape": shape} if shape else {}), []


def is_shape(text: str) -> bool:
    """Return whether a text is a polygon in GeoJSON in which nothing is wrong."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return not any(find_shape_faults(said))
