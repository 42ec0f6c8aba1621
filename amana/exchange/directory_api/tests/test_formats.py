"""Maps and tables, read by programs of others; and by our own import."""

import csv
import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from amana import given
from amana.design.directory import actions as directory_actions
from amana.design.directory.models import Service
from amana.exchange.directory_api.tests.conftest import read_text
from amana.exchange.hsds import reading
from amana.exchange.hsds.writing import build_id
from amana.exchange.rows import ServiceRow
from amana.ui.once import make_form_key


def test_a_map_has_each_service_and_no_point_that_is_not_true(ask, directory, secret):
    answer = ask("/api/services.geojson", key=secret)
    clinic, house, _legal = json.loads(read_text(answer))["features"]

    assert answer.headers["Content-Type"] == "application/geo+json"
    assert clinic["geometry"] == {"type": "Point", "coordinates": [20.5, 10.5]}
    assert clinic["properties"]["types"] == ["HE1", "HE2"]
    assert house["geometry"] is None
    assert house["properties"]["area"] == "XM01"


def test_a_map_of_nothing_is_a_map(ask, db):
    found = json.loads(read_text(ask("/api/services.geojson")))
    assert found == {"type": "FeatureCollection", "features": []}


def test_maps_and_tables_are_narrowed_like_lists(ask, directory, secret):
    said = {"taxonomy_term_id": build_id("term", "types:LG")}
    for key, count in (("", 0), (secret, 1)):
        found = json.loads(read_text(ask("/api/services.geojson", key=key, **said)))
        assert len(found["features"]) == count
        table = read_text(ask("/api/services.hxl.csv", key=key, **said))
        assert len(table.splitlines()) == 2 + count
    assert ask("/api/services.geojson", page="2").status_code == 400


@pytest.mark.filterwarnings("ignore")
def test_hxl_is_read_by_the_library_of_hxl(ask, directory, secret):
    import hxl

    text = read_text(ask("/api/services.hxl.csv", key=secret))
    with hxl.data(
        io.BytesIO(text.encode()), hxl.InputOptions(allow_local=True)
    ) as data:
        kept = data.with_columns(["#org+name", "#activity+code", "#adm+code"])
        rows = [tuple(row.values) for row in kept]
    name = directory[0].organisation.name
    assert rows == [
        (name, "HE1", "XM0101"),
        (name, "HE2", "XM0101"),
        (name, "SH1", "XM01"),
        (directory[2].organisation.name, "LG1", ""),
    ]


def test_what_a_spreadsheet_would_run_is_text(ask, clinic, keeper):
    directory_actions.change_service(clinic, name="=cmd()", by=keeper)
    rows = list(csv.reader(io.StringIO(read_text(ask("/api/services.hxl.csv")))))
    assert {row[2] for row in rows[2:]} == {"'=cmd()"}


# --- our own import


@pytest.mark.parametrize("said", [{}, {"format": "ndjson"}], ids=["page", "stream"])
def test_our_own_reader_reads_what_the_api_gives(ask, directory, secret, said):
    answer = ask("services", full="true", key=secret, **said)
    found = list(reading.read(read_text(answer).encode()))
    rows = [row for row in found if isinstance(row, ServiceRow)]

    assert len(rows) == len(found) == 3
    clinic = next(row for row in rows if row.values["name"] == directory[0].name)
    for field in ("types", "languages", "hours", "lat", "lon", "sexes", "documents"):
        assert clinic.values[field] == getattr(directory[0], field), field
    assert clinic.values["needs_police"] is True
    assert clinic.origin_id == build_id("service", directory[0].pk)


def test_our_own_reader_ends_what_was_withdrawn(ask, directory, keeper):
    ask("services")
    directory_actions.end_service(directory[0], by=keeper)
    answer = ask("services", modified_after="2000-01-01T00:00:00Z", minimal="true")
    statuses = {r["id"]: r["status"] for r in answer.json()["contents"]}
    gone = build_id("service", directory[0].pk)
    assert reading.STATUS[statuses[gone]] == Service.Status.ENDED


def test_the_import_takes_it_in(ask, directory, coordinator, secret):
    """Through its pages, as a coordinator of another installation would."""
    content = read_text(
        ask("services", full="true", format="ndjson", key=secret)
    ).encode()
    browser = given.sign_in(coordinator)
    file = SimpleUploadedFile("services.ndjson", content)
    said = {"origin": "neighbour", "file": file} | make_form_key()
    here = browser.post(reverse("imports:start"), said).headers["Location"]
    browser.post(f"{here}proceed/", make_form_key())
    browser.post(f"{here}take-in/", make_form_key())

    taken = Service.objects.filter(origin="neighbour").order_by("pk")
    assert [service.name for service in taken] == [s.name for s in directory[:3]]
    assert taken[0].types == ["HE1", "HE2"]
    assert taken[1].address == ""
