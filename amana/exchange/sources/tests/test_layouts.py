"""Whatever the layout, the same directory gives the same services, and no row of a file
is without an account.

Planted faults that this finds: links that are followed one way only, a table whose
rows nobody counts.
"""

import string
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.exchange.rows import ServiceRow
from amana.exchange.sources.tests.conftest import (
    read_as_guessed,
    services,
    to_csv,
    to_json,
    to_zip,
)

WORD = st.text(string.ascii_letters + "éèçاأبتثجحخ", min_size=3, max_size=12)
NAME = st.lists(WORD, min_size=1, max_size=3).map(" ".join)

type Directory = list[dict[str, Any]]
"""Services, each with its organisation's name and what it has of its own."""


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    organisations = draw(st.lists(NAME, min_size=1, max_size=3, unique=True))
    return [
        {
            "id": f"V{number}",
            "name": draw(NAME),
            "organisation": draw(st.sampled_from(organisations)),
            "lat": draw(st.floats(1, 80).map(lambda at: round(at, 4))),
            "lon": draw(st.floats(1, 80).map(lambda at: round(at, 4))),
            "phones": draw(
                st.lists(st.from_regex(r"\+999 [0-9]{6}", fullmatch=True), max_size=2)
            ),
        }
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]


def as_nested(directory: Directory) -> bytes:
    return to_json(
        [
            {
                "id": service["id"],
                "name": service["name"],
                "organization": {"name": service["organisation"]},
                "phones": [{"number": number} for number in service["phones"]],
                "service_at_locations": [
                    {
                        "location": {
                            "latitude": service["lat"],
                            "longitude": service["lon"],
                        }
                    }
                ],
            }
            for service in directory
        ]
    )


def as_organisations(directory: Directory) -> bytes:
    """Organisations that hold their services."""
    names = dict.fromkeys(service["organisation"] for service in directory)
    return to_json(
        [
            {
                "name": name,
                "services": [
                    {
                        "id": service["id"],
                        "name": service["name"],
                        "latitude": service["lat"],
                        "longitude": service["lon"],
                        "phones": [{"number": number} for number in service["phones"]],
                    }
                    for service in directory
                    if service["organisation"] == name
                ],
            }
            for name in names
        ]
    )


def as_tables(directory: Directory) -> bytes:
    names = list(dict.fromkeys(service["organisation"] for service in directory))
    tables = {
        "organizations.csv": [
            {"id": f"O{n}", "name": name} for n, name in enumerate(names)
        ],
        "services.csv": [
            {
                "id": service["id"],
                "organization_id": f"O{names.index(service['organisation'])}",
                "location_id": f"L{n}",
                "name": service["name"],
            }
            for n, service in enumerate(directory)
        ],
        "locations.csv": [
            {"id": f"L{n}", "latitude": service["lat"], "longitude": service["lon"]}
            for n, service in enumerate(directory)
        ],
        "phones.csv": [
            {"id": f"P{n}{number}", "service_id": service["id"], "number": number}
            for n, service in enumerate(directory)
            for number in service["phones"]
        ]
        or [{"id": "", "service_id": "", "number": ""}],
    }
    return to_zip({name: to_csv(rows) for name, rows in tables.items()})


def as_sheet(directory: Directory) -> bytes:
    return to_csv(
        [
            {
                "ID": service["id"],
                "Service name": service["name"],
                "Organisation": service["organisation"],
                "Lat": service["lat"],
                "Lon": service["lon"],
                "Phone": next(iter(service["phones"]), ""),
            }
            for service in directory
        ],
        ";",
    )


def as_map(directory: Directory) -> bytes:
    return to_json(
        [
            {
                "type": "Feature",
                "id": service["id"],
                "properties": {
                    "serviceName": service["name"],
                    "partnerName": service["organisation"],
                    "phone": next(iter(service["phones"]), ""),
                },
                "geometry": {
                    "type": "Point",
                    "coordinates": [service["lon"], service["lat"]],
                },
            }
            for service in directory
        ]
    )


LAYOUTS: Mapping[str, Callable[[Directory], bytes]] = {
    "nested": as_nested,
    "organisations": as_organisations,
    "tables": as_tables,
    "sheet": as_sheet,
    "map": as_map,
}


def summarise(row: ServiceRow) -> tuple[object, ...]:
    values = row.values
    return (
        row.origin_id,
        values["name"],
        row.organisation,
        values.get("lat"),
        values.get("lon"),
        values.get("phone", ""),
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@given(directory=directories())
def test_each_layout_gives_the_same_services(layout: str, directory: Directory) -> None:
    reading = read_as_guessed(LAYOUTS[layout](directory))

    assert sorted(map(summarise, services(reading))) == [
        (
            service["id"],
            service["name"],
            service["organisation"],
            service["lat"],
            service["lon"],
            next(iter(service["phones"]), ""),
        )
        for service in directory
    ]
    for account in reading.accounts:
        parts = (account.services, account.attached, account.stray, account.unused)
        assert sum(parts) == account.rows
