"""Services of files in other people's layouts, by the guess alone and by decisions."""

import json

import pytest

from amana.exchange.rows import MisplacedPart
from amana.exchange.sources.columns import MEANINGS, fold_heading
from amana.exchange.sources.guessing import guess_mapping
from amana.exchange.sources.mapping import (
    SourceMapping,
    TableMapping,
    read_mapping,
    write_mapping,
)
from amana.exchange.sources.opening import read_file
from amana.exchange.sources.reading import read_source
from amana.exchange.sources.service_values import parse_span
from amana.exchange.sources.tests.conftest import (
    read_as_guessed,
    services,
    to_csv,
    to_json,
    to_zip,
)

SHEET = [
    {
        "3. Nom du Service": "Consultations du port",
        "Association": "Port Santé",
        "Commune": "Rivemare",
        "Téléphone": "+999 20 555",
        "Horaires": "lundi au vendredi 9h-17h30",
        "Langues": "arabe, français",
        "Âge minimum": "18",
        "Latitude": "41.9",
        "Longitude": "12.5",
        "Site web": "port.example.org",
    }
]
ARABIC = [
    {
        "اسم الخدمة": "عيادة الميناء",
        "المنظمة": "صحة الميناء",
        "المحافظة": "طرابلس",
        "رقم الهاتف": "+999 20 556",
        "ساعات العمل": "الأحد-الخميس 8:00-16:00",
        "اللغات": "العربية، الفرنسية",
    }
]


def test_a_french_sheet_needs_no_decision():
    [row] = services(read_as_guessed(to_csv(SHEET, ";")))

    assert (row.organisation, row.area) == ("Port Santé", "Rivemare")
    assert row.values["name"] == "Consultations du port"
    assert row.values["phone"] == "+999 20 555"
    assert row.values["languages"] == ["ar", "fr"]
    assert row.values["hours"] == [[d * 1440 + 540, d * 1440 + 1050] for d in range(5)]
    assert (row.values["lat"], row.values["lon"]) == (41.9, 12.5)
    assert row.values["age_min"] == 18
    assert row.values["website"] == "https://port.example.org"


def test_an_arabic_sheet_needs_no_decision():
    [row] = services(read_as_guessed(to_csv(ARABIC)))

    assert (row.organisation, row.area) == ("صحة الميناء", "طرابلس")
    assert row.values["languages"] == ["ar", "fr"]
    days = [0, 1, 2, 3, 6]
    assert row.values["hours"] == [[d * 1440 + 480, d * 1440 + 960] for d in days]


TABLES = {
    "agencies.csv": [{"Agency ID": "A1", "Agency name": "Port Health"}],
    "sites.csv": [
        {"Site ID": "S1", "Agency ID": "A1", "Latitude": "41.9", "Longitude": "12.5"},
        {"Site ID": "S2", "Agency ID": "A1", "Latitude": "1.0", "Longitude": "2.0"},
    ],
    "addresses.csv": [{"site_id": "S1", "address_1": "1 Quay", "city": "Rivemare"}],
    "services.csv": [
        {"Service ID": "V1", "Site ID": "S1", "Title": "Clinic"},
        {"Service ID": "V2", "Site ID": "S9", "Title": "Lost clinic"},
    ],
    "phones.csv": [
        {"id": "1", "service_id": "", "site_id": "S1", "number": "111", "type": "fax"},
        {
            "id": "2",
            "service_id": "",
            "site_id": "S1",
            "number": "222",
            "type": "voice",
        },
        {"id": "3", "service_id": "V9", "site_id": "", "number": "333", "type": ""},
    ],
}


def read_tables():
    return read_as_guessed(to_zip({n: to_csv(rows) for n, rows in TABLES.items()}))


def test_tables_are_joined_by_their_ids():
    reading = read_tables()
    row, _lost = services(reading)

    assert (row.origin_id, row.organisation, row.area) == (
        "V1",
        "Port Health",
        "Rivemare",
    )
    assert (row.values["lat"], row.values["lon"]) == (41.9, 12.5)
    assert row.values["address"] == "1 Quay, Rivemare"
    assert row.values["phone"] == "222", "the site's number for speaking"


def test_what_names_something_that_is_not_there_is_reported():
    lost = [row for row in read_tables().found if isinstance(row, MisplacedPart)]

    assert [(part.where, part.what) for part in lost] == [
        ("phones, row 4", "“service_id” names something that is not in the file."),
    ]


def test_a_service_says_what_the_file_lacks_of_its_organisation():
    _row, lost = services(read_tables())
    assert (lost.where, lost.organisation) == ("services, row 3", "")
    assert lost.missing == "Site ID S9", "which would have led to its organisation"


def test_every_row_of_every_table_is_accounted_for():
    for account in read_tables().accounts:
        parts = (account.services, account.attached, account.stray, account.unused)
        assert sum(parts) == account.rows == len(TABLES[f"{account.name}.csv"])


def test_a_service_has_nothing_of_another_one_of_its_organisation():
    organisation = {
        "name": "Port Health",
        "services": [
            {"id": "1", "name": "Clinic", "phones": [{"number": "111"}]},
            {"id": "2", "name": "Shelter"},
        ],
    }
    clinic, shelter = services(read_as_guessed(to_json([organisation])))

    assert {clinic.organisation, shelter.organisation} == {"Port Health"}
    assert clinic.values["phone"] == "111"
    assert "phone" not in shelter.values


def test_a_service_within_a_service_keeps_its_own():
    service = {"id": "1", "name": "Clinic", "partner": "Port"}
    activity = {"id": "9", "service_id": "1", "name": "Vaccination", "partner": "Port"}
    tables = {"services": [service], "activities": [activity | {"phone": "999 20 1"}]}
    clinic, vaccination = services(read_as_guessed(to_json(tables)))

    assert vaccination.values["phone"] == "999 20 1"
    assert "phone" not in clinic.values


def test_an_organisations_places_are_not_its_services():
    service = {
        "id": "1",
        "name": "Clinic",
        "organization": {
            "name": "Port Health",
            "locations": [{"latitude": 1.0, "longitude": 2.0}],
            "phones": [{"number": "999"}],
        },
    }
    [row] = services(read_as_guessed(to_json([service])))
    assert "lat" not in row.values


def test_names_of_persons_are_not_taken_unless_somebody_says_so():
    service = {
        "id": "1",
        "name": "Clinic",
        "organization": {"name": "Port Health"},
        "contacts": [{"name": "Amal", "phones": [{"number": "777"}]}],
    }
    reading = read_as_guessed(to_json([service]))
    [row] = services(reading)

    assert "Amal" not in str(row)
    assert "777" not in str(row)
    assert {a.name: a.unused for a in reading.accounts}["contacts"] == 1


def test_an_id_that_stands_twice_gets_a_second_column():
    rows = [
        {"id": "7", "activity": "55", "name": "Clinic", "partner": "Port"},
        {"id": "7", "activity": "56", "name": "Kitchen", "partner": "Port"},
    ]
    found = services(read_as_guessed(to_csv(rows)))

    assert [row.origin_id for row in found] == ["7/55", "7/56"]
    assert all("appears 2 times" in row.remarks[0] for row in found)


def test_a_service_without_an_id_is_the_same_wherever_its_row_stands():
    rows = [{"name": n, "partner": "Port", "city": "X"} for n in ("A", "B", "C")]
    before = {
        r.values["name"]: r.origin_id for r in services(read_as_guessed(to_csv(rows)))
    }
    after = services(read_as_guessed(to_csv([rows[2], *rows[:2]])))

    assert {r.values["name"]: r.origin_id for r in after} == before
    assert len(set(before.values())) == 3


def test_the_same_service_twice_is_put_aside():
    row = {"id": "7", "name": "Clinic", "partner": "Port"}
    reading = read_as_guessed(to_csv([row, row]))

    assert len(services(reading)) == 1
    last = reading.found[-1]
    assert isinstance(last, MisplacedPart)
    assert last.what == "It appears twice in the file."


@pytest.mark.parametrize(
    ("lat", "lon", "remark"),
    [
        ("0", "0", "0, 0"),
        ("500", "12", "not on the globe"),
    ],
)
def test_a_point_that_is_none_is_left_out_with_a_remark(lat, lon, remark):
    row = {"name": "Clinic", "partner": "Port", "lat": lat, "lon": lon}
    [found] = services(read_as_guessed(to_csv([row])))

    assert "lat" not in found.values
    assert any(remark in said for said in found.remarks)


def test_a_point_that_looks_swapped_waits_for_a_decision():
    row = {"name": "Clinic", "partner": "Port", "lat": "135.5", "lon": "12.1"}
    [found] = services(read_as_guessed(to_csv([row])))

    assert "lat" not in found.values
    assert found.values["written"] == [135.5, 12.1]


def test_areas_served_come_by_name_and_as_a_shape():
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    shape = json.dumps({"type": "Polygon", "coordinates": [ring]})
    row = {"name": "Clinic", "partner": "Port", "service areas": "West; East"}
    [found] = services(read_as_guessed(to_csv([row | {"extent": shape}])))
    assert found.served == ("West", "East")
    assert json.loads(found.shape)["coordinates"] == [ring]

    [found] = services(read_as_guessed(to_csv([row | {"extent": "POLYGON("}])))
    assert found.shape == ""
    assert any("as a shape" in remark for remark in found.remarks)


def test_bad_values_are_left_out_and_stop_no_service():
    row = {
        "name": "Clinic",
        "partner": "Port",
        "minimum age": "old",
        "end date": "03/04/2026",
        "email": "ask at the door",
        "website": "none yet",
    }
    mapping = SourceMapping(
        {
            "entries": TableMapping(
                "service",
                {
                    "name": ("service.name",),
                    "partner": ("organisation.name",),
                    "minimum age": ("service.age_min",),
                    "end date": ("service.funded_until",),
                    "email": ("service.email",),
                    "website": ("service.website",),
                },
            )
        }
    )
    [found] = services(read_source(read_file(to_csv([row])), mapping))

    assert found.values.keys() == {"name"}
    assert len(found.remarks) == 4


def test_degrees_may_have_a_comma():
    row = {"Nom": "Soins", "Structure": "Port", "Latitude": "41,9", "Longitude": "12,5"}
    [found] = services(read_as_guessed(to_csv([row], ";")))
    assert (found.values["lat"], found.values["lon"]) == (41.9, 12.5)


def test_tables_named_like_files_are_known():
    tables = {
        "services.csv": [{"id": "1", "organization_id": "7", "name": "Clinic"}],
        "organizations.csv": [{"id": "7", "name": "Port"}],
    }
    [found] = services(read_as_guessed(to_json(tables)))
    assert found.organisation == "Port"


def test_a_place_that_is_not_in_the_file_is_remarked():
    tables = {
        "services": [{"id": "1", "name": "A", "partner": "Port", "location_id": "9"}],
        "locations": [{"id": "1", "latitude": "1", "longitude": "2"}],
    }
    [found] = services(read_as_guessed(to_json(tables)))
    assert "“location_id” names something that is not in the file." in found.remarks


@pytest.mark.parametrize("places", ["1e999", "-5", "9" * 30])
def test_a_number_of_places_that_is_none_stops_no_service(places):
    row = {"name": "House", "partner": "Port", "capacity": places}
    [found] = services(read_as_guessed(to_csv([row])))
    assert found.values.keys() == {"name"}


def test_prose_in_every_column_is_read_as_what_it_is():
    """A pattern that tries every beginning of such a text would take minutes."""
    prose = "a" * 300_000
    row = {"name": "Clinic", "partner": "Port", "hours": prose, "email": prose}
    row |= {"response time": prose, "coordinates": prose, "languages": prose}
    [found] = services(read_as_guessed(to_csv([row | {"x": prose}])))
    assert found.values.keys() <= {"name", "hours_note"}


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("One week", 168),
        ("48 h", 48),
        ("within 3 days", 72),
        ("2 semaines", 336),
        ("Case by case", None),
        ("9" * 5_000 + " h", None),
        ("", None),
    ],
)
def test_spans_of_time_are_read_from_words(said, hours):
    assert parse_span(said) == hours


# -- mappings --------------------------------------------------------------------------


def test_a_mapping_is_written_and_read_as_it_was():
    guess = guess_mapping(read_file(to_csv(SHEET)))
    known = SourceMapping(guess.tables, {"types": {"Soins": ("HE2",)}}, "Asia/Amman")

    assert read_mapping(write_mapping(known)) == known


@pytest.mark.parametrize(
    "heading", ["Nom du Service", "nomDuService", "nom_du_service"]
)
def test_headings_are_known_however_they_are_written(heading):
    assert fold_heading(heading) in MEANINGS["service.name"].headings
