"""What we write is valid by the standard's schemas, and means the same when read."""

import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from amana import given
from amana.design.directory import actions
from amana.design.directory.models import Area, Service
from amana.exchange.hsds import reading, tables, writing
from amana.exchange.imports.tests.conftest import shared
from amana.exchange.rows import MisplacedPart, ServiceRow
from amana.trust.access.models import Role
from tests.worlds import kept


def test_each_status_is_read_as_it_was_written() -> None:
    written = {ours: reading.STATUS[theirs] for ours, theirs in writing.STATUS.items()}
    assert written == {ours: ours for ours in Service.Status.values}


@kept
def services(db: None) -> list[Service]:
    team = given.make_team(name="Safe houses")
    keeper = given.make_worker(of=team, role=Role.FOCAL_POINT)
    area = Area.objects.create(
        code="XX01", names={"en": "North"}, level=0, path="XX01/", lat=10, lon=10
    )
    actions.publish_service(
        team,
        by=keeper,
        name="Clinic",
        name_fr="Clinique",
        name_ar="عيادة",
        types=["HE2"],
        area=area,
        address="1 Harbour Road",
        lat=10.5,
        lon=20.5,
        languages=["ar", "fr"],
        hours=[[480, 960], [1920, 2400]],
        age_min=12,
        places_total=8,
        places_free=3,
        needs_police=True,
        children_max=2,
    )
    actions.publish_service(
        team,
        by=keeper,
        name="House of the fig tree",
        types=["SH1"],
        area=area,
        hidden=True,
        address="7 Secret Lane",
        lat=11.25,
        lon=21.75,
        sexes=["female"],
    )
    actions.publish_service(
        team, by=keeper, name="Inner", types=["CM1"], visibility="restricted"
    )
    return list(Service.objects.for_list())


def test_what_we_write_means_the_same_when_it_is_read(services):
    rows = {
        row.values["name"]: row
        for row in reading.read(json.dumps(writing.build_page(services)).encode())
        if isinstance(row, ServiceRow)
    }
    clinic = rows["Clinic"].values

    assert rows.keys() == {"Clinic", "House of the fig tree"}
    for name in ("types", "languages", "hours", "age_min", "places_free", "lat", "lon"):
        assert clinic[name] == getattr(services[0], name), name
    assert (clinic["name_fr"], clinic["name_ar"]) == ("Clinique", "عيادة")
    assert clinic["needs_police"] is True
    assert clinic["children_max"] == "2"
    assert rows["House of the fig tree"].values["sexes"] == ["female"]


def test_a_hidden_place_never_leaves(services):
    text = json.dumps(writing.build_page(services))

    for secret in ("Secret Lane", "11.25", "21.75", "Inner"):
        assert secret not in text
    assert "House of the fig tree" in text


def test_a_stranger_sees_no_restricted_service(client, services):
    browser = given.sign_in(given.make_worker())
    page = browser.get("/directory/hsds/services.json")

    assert page.json()["total_items"] == 2


@cache
def validator(folder: Path) -> Draft202012Validator:
    """The schema of a service, with the schemas that it names beside it."""
    found = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        [(name, DRAFT202012.create_resource(schema)) for name, schema in found.items()]
    )
    return Draft202012Validator(
        found["service.json"], registry=registry, format_checker=FormatChecker()
    )


def test_what_we_write_is_valid_by_the_standards_own_schemas(services):
    schema = validator(shared("hsds/schema-3.1"))
    written = writing.build_page(services)["contents"]

    assert written
    for service in written:
        errors = [f"{e.json_path}: {e.message}" for e in schema.iter_errors(service)]
        assert errors == []


def test_the_schemas_catch_what_is_wrong(services):
    schema = validator(shared("hsds/schema-3.1"))
    wrong = writing.build_page(services)["contents"][0] | {"status": "open"}

    assert not schema.is_valid(wrong)


def test_the_official_examples_can_be_read():
    for name in ("service_full", "service_list"):
        rows = list(reading.read(shared(f"hsds/examples/{name}.json")))
        assert len(rows) == 1
        assert isinstance(rows[0], ServiceRow)
        assert rows[0].organisation == "Example Organization Inc."


TABLES = {
    "organizations.csv": "id,name\no1,Field Works\n",
    "services.csv": (
        "id,organization_id,name,status,name:fr,name:ar\n"
        "s1,o1,Clinic,active,Clinique,عيادة\ns2,o9,Lost,\ns3,o1,,active\n"
    ),
    "locations.csv": "id,latitude,longitude\nl1,32.5,35.5\n",
    "service_at_locations.csv": (
        "id,service_id,location_id\na1,s1,l1\na2,s9,l1\na3,,l1\n"
    ),
    "languages.csv": "id,service_id,name\nx1,s1,Arabic\nx2,s1,Martian\n",
    "schedules.csv": (
        "id,service_id,freq,byday,opens_at,closes_at\n"
        'h1,s1,WEEKLY,"MO,TU",9:00am,17:00\n'
    ),
}


def test_a_tabular_package_is_read_and_every_stray_row_is_named(tmp_path):
    for name, text in TABLES.items():
        (tmp_path / name).write_text(text)
    found = list(reading.read(tmp_path))
    rows = [row for row in found if isinstance(row, ServiceRow)]
    lost = {row.where: row.what for row in found if isinstance(row, MisplacedPart)}

    assert [row.values["name"] for row in rows] == ["Clinic"]
    assert rows[0].values["name_fr"] == "Clinique"
    assert rows[0].values["name_ar"] == "عيادة"
    assert "name_en" not in rows[0].values
    assert rows[0].values["languages"] == ["ar"]
    assert rows[0].values["hours"] == [[540, 1020], [1980, 2460]]
    assert any("Martian" in remark for remark in rows[0].remarks)
    assert lost.keys() == {
        "services.csv, row 3",
        "services.csv, row 4",
        "service_at_locations.csv, row 3",
        "service_at_locations.csv, row 4",
    }


def test_the_same_package_zipped_means_the_same(tmp_path):
    blob = io.BytesIO()
    with zipfile.ZipFile(blob, "w") as package:
        for name, text in TABLES.items():
            (tmp_path / name).write_text(text)
            package.writestr(f"inside/{name}", text)

    assert list(reading.read(blob.getvalue())) == list(reading.read(tmp_path))


def test_a_singular_table_name_is_understood():
    assert tables.normalise_table_name("service.csv") == "services"
    assert tables.normalise_table_name("service_capacity.csv") == "service_capacities"
    assert tables.normalise_table_name("addresses.csv") == "addresses"


def test_of_a_safe_house_neither_a_number_nor_a_minute_leaves(db: None) -> None:
    team = given.make_team()
    keeper = given.make_worker(of=team, role=Role.FOCAL_POINT)
    house = given.make_service(of=team, by=keeper, hidden=True, places_total=8)
    actions.report_places(house, 2, by=keeper)
    house.refresh_from_db()
    assert house.places_said_at is not None

    written = writing.build_service(house)

    assert "capacities" not in written
    assert written["last_modified"][11:19] == "00:00:00"
