"""Whatever the layout: the same file again changes nothing, after mending too; undoing
restores exactly; what is exported means the same when it is imported; and the street of
a safe house is nowhere.

Planted faults that this finds: a row that is mended and turned back by the next file,
hours of a whole week that come back as one Monday, no children that come back as any
number of them, a hidden service whose address is in a row."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import openpyxl
import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from amana import given as make
from amana.design.directory.models import Area, Service
from amana.design.directory.taxonomy import ServiceType
from amana.exchange.hsds import writing
from amana.exchange.imports import actions
from amana.exchange.imports.models import Import, ImportOutcome
from amana.exchange.sources.opening import read_file
from amana.exchange.sources.tests.conftest import to_csv, to_json, to_zip
from amana.trust.access.models import Organisation, Role, Team, User
from tests.profiles import each_time
from tests.worlds import kept

STREET = "Quince Alley"
SAFE_HOUSE, UNKNOWN = str(ServiceType.SH1.label), "Kite repair"
KINDS = [str(ServiceType.HE2.label), str(ServiceType.SH2.label), SAFE_HOUSE, UNKNOWN]

type Directory = list[dict[str, str]]


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    names = st.sampled_from(["Port Health", "Maison d’Azur", "جمعية النور"])
    return [
        {
            "id": f"V{number}",
            "name": draw(st.sampled_from(["Clinic", "Abri des vents", "عيادة"])),
            "organisation": draw(names),
            "kind": draw(st.sampled_from(KINDS)),
            "description": draw(
                st.sampled_from(["", "Open to all.", "Sur rendez-vous"])
            ),
            "address": f"{number} {STREET}",
            "lat": str(draw(st.integers(1, 80)) + 0.5),
            "lon": str(draw(st.integers(1, 80)) + 0.25),
            "phone": draw(st.sampled_from(["", "+999 20 555", "+999 30 556"])),
            "languages": draw(st.sampled_from(["", "Arabic", "Arabic, French"])),
            "hours": draw(st.sampled_from(["", "24/7", "Mo-Fr 08:00-17:00"])),
            "cost": draw(st.sampled_from(["", "5 dinars"])),
            "city": draw(st.sampled_from(["", "North", "Nowhere"])),
        }
        for number in range(1, draw(st.integers(1, 4)) + 1)
    ]


def as_sheet(services: Directory) -> bytes:
    return to_csv(list(map(name_columns, services)), ";")


def name_columns(service: dict[str, str]) -> dict[str, str]:
    names = {
        "id": "ID",
        "name": "Service name",
        "organisation": "Organisation",
        "kind": "Category",
        "description": "Description",
        "address": "Address",
        "lat": "Latitude",
        "lon": "Longitude",
        "phone": "Phone",
        "languages": "Languages",
        "hours": "Opening hours",
        "cost": "Fees",
        "city": "City",
    }
    return {names[key]: value for key, value in service.items()}


def as_workbook(services: Directory) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    rows = list(map(name_columns, services))
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_nested(services: Directory) -> bytes:
    """Organisations that hold their services, and these their places."""
    return to_json(
        [
            {
                "name": organisation,
                "services": [
                    {
                        "id": service["id"],
                        "name": service["name"],
                        "category": service["kind"],
                        "description": service["description"],
                        "phones": [{"number": service["phone"]}],
                        "languages": [{"name": service["languages"]}],
                        "opening hours": service["hours"],
                        "fees": service["cost"],
                        "location": {
                            "latitude": service["lat"],
                            "longitude": service["lon"],
                            "address": service["address"],
                            "city": service["city"],
                        },
                    }
                    for service in services
                    if service["organisation"] == organisation
                ],
            }
            for organisation in dict.fromkeys(s["organisation"] for s in services)
        ]
    )


def as_map(services: Directory) -> bytes:
    features = [
        {
            "type": "Feature",
            "id": service["id"],
            "properties": {
                key: value
                for key, value in name_columns(service).items()
                if key not in ("ID", "Latitude", "Longitude")
            },
            "geometry": {
                "type": "Point",
                "coordinates": [float(service["lon"]), float(service["lat"])],
            },
        }
        for service in services
    ]
    return to_json({"type": "FeatureCollection", "features": features})


def as_tables(services: Directory) -> bytes:
    names = list(dict.fromkeys(service["organisation"] for service in services))
    tables = {
        "organizations": [
            {"id": f"O{n}", "name": name} for n, name in enumerate(names)
        ],
        "services": [
            {
                "id": service["id"],
                "organization_id": f"O{names.index(service['organisation'])}",
                "name": service["name"],
                "category": service["kind"],
                "description": service["description"],
                "fees": service["cost"],
                "opening hours": service["hours"],
            }
            for service in services
        ],
        "locations": [
            {
                "id": f"L{service['id']}",
                "latitude": service["lat"],
                "longitude": service["lon"],
            }
            for service in services
        ],
        "addresses": [
            {
                "id": f"A{service['id']}",
                "location_id": f"L{service['id']}",
                "address_1": service["address"],
                "city": service["city"],
            }
            for service in services
        ],
        "service_at_locations": [
            {
                "id": f"S{service['id']}",
                "service_id": service["id"],
                "location_id": f"L{service['id']}",
            }
            for service in services
        ],
        "phones": [
            {
                "id": f"P{service['id']}",
                "service_id": service["id"],
                "number": service["phone"],
            }
            for service in services
        ],
        "languages": [
            {
                "id": f"G{service['id']}",
                "service_id": service["id"],
                "name": service["languages"],
            }
            for service in services
        ],
    }
    return to_zip({f"{name}.csv": to_csv(rows) for name, rows in tables.items()})


LAYOUTS = [as_sheet, as_workbook, as_nested, as_map, as_tables]


@contextmanager
def undone_again() -> Iterator[None]:
    """Each example begins where the first began."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@kept
def by(db: None) -> User:
    Area.objects.create(
        code="XX", names={"en": "North"}, level=0, path="XX/", lat=1, lon=1
    )
    return make.make_worker(role=Role.COORDINATOR)


def bring(blob: bytes, by: User) -> Import:
    read = actions.read_as_suggested(read_file(blob), origin="city")
    return compare(actions.record_file(read, by=by), by)


def compare(this: Import, by: User) -> Import:
    while actions.plan_next_rows(this, by=by):
        pass
    return this


def outcomes(this: Import) -> set[str]:
    return {key for key, number in actions.count_outcomes(this).items() if number}


def state() -> object:
    """All that an import may add or change, but for when and how often it did."""
    own = {"version", "updated_at"}
    services = [
        {name: value for name, value in row.items() if name not in own}
        for row in Service.objects.order_by("pk").values()
    ]
    organisations = list(Organisation.objects.order_by("pk").values())
    return services, organisations, list(Team.objects.order_by("pk").values())


def dump() -> str:
    """Everything that the database holds."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr(cursor.fetchall()))
    return "\n".join(found)


def list_secrets(services: Directory) -> list[str]:
    """The addresses of safe houses, those of mended ones included."""
    return [s["address"] for s in services if s["kind"] == SAFE_HOUSE]


@pytest.mark.parametrize("write", LAYOUTS)
def test_again_mended_again_undone_and_nothing_told(
    by: User, write: Callable[[Directory], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    @settings(max_examples=each_time(6))
    @given(directories())
    def run(services: Directory) -> None:
        with undone_again():
            check_life(write(services), services, by)
        for secret in list_secrets(services):
            assert secret not in caplog.text

    run()


def check_life(blob: bytes, services: Directory, by: User) -> None:
    nothing = state()
    first = bring(blob, by)
    placed = [s for s in services if s["kind"] != UNKNOWN]
    assert actions.count_outcomes(first)[ImportOutcome.NEW] == len(placed)
    actions.apply_import(first, by=by)
    taken = state()
    assert Service.objects.count() == len(placed)

    again = bring(blob, by)
    assert outcomes(again) <= {"same", "quarantined"}
    for row in again.rows.quarantined():
        actions.correct_row(
            row,
            name="Mended",
            organisation=row.organisation,
            types=["ED2"],
            by=by,
        )
    if "new" in outcomes(again):
        actions.apply_import(again, by=by)
    mended = state()
    assert Service.objects.count() == len(services)
    assert outcomes(bring(blob, by)) == {"same"}
    assert state() == mended

    text = dump()
    for secret in list_secrets(services):
        assert secret not in text
        assert secret not in json.dumps(writing.build_page(Service.objects.all()))
    again.refresh_from_db()
    if again.taken_in_at:
        actions.undo_import(again, by=by)
    assert state() == taken
    first.refresh_from_db()
    actions.undo_import(first, by=by)
    assert state() == nothing
