"""DHIS2, the health ministries' statistics: `dataValueSets` for POST
/api/dataValueSets, and the metadata that it needs first, for POST /api/metadata.

Aggregates alone. A count is a data element; the groups are in its name, in the default
category, so that a country maps few things. Identifiers are derived from names and are
the same at each export; they match DHIS2's `[A-Za-z][A-Za-z0-9]{10}`."""

import hashlib
import json
import string
from collections.abc import Iterator

from amana.exchange.figures import counts
from amana.exchange.figures.counts import FigureCount
from amana.insight.measure import labels
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.library.reading import load_library
from amana.insight.release.models import Release

LETTERS = string.ascii_letters
SIGNS = LETTERS + string.digits
LENGTH = 11
MOST_OF_A_NAME, MOST_OF_A_SHORT_NAME = 230, 50
COUNTRY = "country"


def derive_uid(name: str) -> str:
    """Derive eleven characters that are always the same for the same name."""
    number = int.from_bytes(hashlib.sha256(f"amana {name}".encode()).digest())
    # The first one must be a letter.
    number, first = divmod(number, len(LETTERS))
    rest = ""
    for _n in range(LENGTH - 1):
        number, place = divmod(number, len(SIGNS))
        rest += SIGNS[place]
    return LETTERS[first] + rest


def build_code(count: FigureCount) -> str:
    """Build the code of the data element: what is counted, and in which group. The area
    is the organisation unit, the quarter the period; they are not in it."""
    groups = [
        f"{d}:{c}" for d, c in count.codes.items() if d not in ("area", "quarter")
    ]
    return "_".join(["AMANA", count.key, *groups])


def get_unit_code(count: FigureCount) -> str:
    return count.codes.get("area", COUNTRY)


def format_period(count: FigureCount, year: int) -> str:
    quarter = count.codes.get("quarter")
    return f"{year}Q{quarter}" if quarter else str(year)


def iterate_sent_counts(release: Release) -> Iterator[tuple[FigureCount, int]]:
    """Yield the counts that have a place in DHIS2: with an area and a quarter that are
    known."""
    for count, value in counts.iterate_shown_counts(release):
        if counts.UNKNOWN not in (get_unit_code(count), count.codes.get("quarter")):
            yield count, value


def write_values(release: Release) -> bytes:
    """Write the data value set. A suppressed count is not in it."""
    values = [
        {
            "dataElement": derive_uid(build_code(count)),
            "period": format_period(count, release.year),
            "orgUnit": derive_uid(get_unit_code(count)),
            "value": str(value),
        }
        for count, value in iterate_sent_counts(release)
    ]
    return json.dumps({"dataValues": values}, indent=1).encode()


def write_metadata(release: Release) -> bytes:
    """Write data elements and organisation units, to be loaded before the values."""
    elements = {
        build_code(count): build_element(count)
        for count, _value in iterate_sent_counts(release)
    }
    areas = {get_unit_code(count) for count, _value in iterate_sent_counts(release)} - {
        COUNTRY
    }
    return json.dumps(
        {
            "dataElements": list(elements.values()),
            "organisationUnits": [
                build_unit(area, release) for area in (COUNTRY, *sorted(areas))
            ],
        },
        indent=1,
        ensure_ascii=False,
    ).encode()


def build_element(count: FigureCount) -> dict[str, object]:
    code = build_code(count)
    return {
        "id": derive_uid(code),
        # DHIS2 allows fifty characters; the identifier is as unique.
        "code": code if len(code) <= MOST_OF_A_SHORT_NAME else derive_uid(code),
        "name": f"{format_name(count)} ({count.key})"[:MOST_OF_A_NAME],
        "shortName": f"{count.key} {derive_uid(code)}"[:MOST_OF_A_SHORT_NAME],
        "domainType": "AGGREGATE",
        "valueType": "INTEGER_ZERO_OR_POSITIVE",
        # DHIS2 must not add them up: sums of rounded and suppressed counts would be
        # wrong.
        "aggregationType": "NONE",
        # A published 0 is a value; otherwise DHIS2 would drop it.
        "zeroIsSignificant": True,
    }


def format_name(count: FigureCount) -> str:
    indicator = load_library()[count.indicator]
    groups = [
        labels.label_code(dim, code)
        for dim, code in count.at
        if dim not in ("area", "quarter")
    ]
    name = Definition(indicator, indicator.part(count.part)).name
    return " · ".join([name, *groups])


def build_unit(code: str, release: Release) -> dict[str, object]:
    name = release.mechanism if code == COUNTRY else labels.label_code("area", code)
    found: dict[str, object] = {
        "id": derive_uid(code),
        "code": code,
        "name": name or code,
        "shortName": (name or code)[:MOST_OF_A_SHORT_NAME],
        "openingDate": "2000-01-01",
    }
    return found if code == COUNTRY else found | {"parent": {"id": derive_uid(COUNTRY)}}
