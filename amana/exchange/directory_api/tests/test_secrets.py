"""What never leaves, by any question, with a key or without."""

import string
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amana import given as made
from amana.design.directory import actions as directory_actions
from amana.design.directory.models import Service
from amana.exchange.directory_api.models import PublishedService
from amana.exchange.directory_api.tests.conftest import BASE, read_text
from amana.exchange.hsds import writing
from amana.exchange.hsds.writing import build_id

EVERYWHERE = [
    f"{BASE}services",
    f"{BASE}services?full=true",
    f"{BASE}services?full=true&format=ndjson",
    f"{BASE}services?minimal=true",
    f"{BASE}services?modified_after=2000-01-01T00:00:00Z&full=true",
    f"{BASE}service_at_locations?full=true",
    f"{BASE}service_at_locations?full=true&format=ndjson",
    f"{BASE}organizations?full=true&full_service=true",
    f"{BASE}organizations?full_service=true&format=ndjson",
    "/api/services.geojson",
    "/api/services.hxl.csv",
]

places = st.fixed_dictionaries(
    {
        "address": st.text(string.ascii_letters, min_size=12, max_size=30),
        "lat": st.floats(-89, 89).map(lambda n: round(n, 6)),
        "lon": st.floats(-179, 179).map(lambda n: round(n, 6)),
        "phone": st.integers(10**9, 10**10).map(str),
        "email": st.uuids().map(lambda n: f"{n.hex}@house.example"),
        "arrival": st.text(string.ascii_letters, min_size=12, max_size=30),
        "contact_role": st.text(string.ascii_letters, min_size=12, max_size=30),
        "visibility": st.sampled_from(["public", "network", "restricted"]),
        "was_open": st.booleans(),
        "then": st.sampled_from(["", "pause_service", "end_service"]),
    }
)


def everything(ask, secret, service) -> str:
    """All that anyone, and a program with that key, can read of it."""
    each = [
        f"{BASE}services/{build_id('service', service.pk)}",
        f"{BASE}service_at_locations/{build_id('at', service.pk)}",
        f"{BASE}organizations/{build_id('organisation', service.organisation_id)}",
    ]
    return "\n".join(
        read_text(ask(address, key=key))
        for address in (*EVERYWHERE, *each)
        for key in {"", secret}
    )


@pytest.fixture
def unlimited(settings):
    settings.ACCOUNT_RATE_LIMITS = {
        name: "1000000/m/" + rate.rpartition("/")[2] if "," not in rate else rate
        for name, rate in settings.ACCOUNT_RATE_LIMITS.items()
    }


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(said=places)
def test_where_a_hidden_service_is_never_leaves(
    ask, secret, team, keeper, district, unlimited, said
):
    """Neither when it always was one, nor when it became one after it was given."""
    fields = {k: v for k, v in said.items() if k not in ("was_open", "then")}
    name = f"House {uuid4().hex}"
    service = made.make_service(
        of=team,
        by=keeper,
        name=name,
        area=district,
        hidden=not said["was_open"],
        coverage=[district.code],
        coverage_note=f"Around {district.name}",
        information_needed=f"Ring at {district.name}",
        **fields,
    )
    if said["was_open"]:
        everything(ask, secret, service)
        directory_actions.change_service(service, hidden=True, by=keeper)
    if said["then"]:
        getattr(directory_actions, said["then"])(service, by=keeper)

    public = everything(ask, "", service)
    assert name not in public
    text = everything(ask, secret, service)
    for field in ("address", "phone", "email", "arrival", "contact_role"):
        assert said[field] not in text, field
    for field in ("lat", "lon"):
        assert f"{said[field]}," not in text, field
        assert f"{said[field]}}}" not in text, field
        assert f"{said[field]}]" not in text, field
    assert district.name not in text
    assert district.code not in text
    if said["visibility"] == "restricted" or said["then"] == "end_service":
        assert name not in text


def test_of_a_secret_address_a_key_opens_the_region_and_others_nothing(
    ask, directory, secret
):
    answer = ask("services", full="true", key=secret)
    [_clinic, house, _legal] = answer.json()["contents"]
    public = build_id("service", directory[1].pk)
    assert ask(f"services/{public}").status_code == 404
    assert [area["name"] for area in house["service_areas"]] == ["XM01"]
    assert [area["description"] for area in house["service_areas"]] == ["North"]


def test_a_key_finds_no_secret_place_by_its_area(ask, directory, secret):
    """Who asked for one village after the other would find the house's."""

    def names(**asked):
        found = ask("services", key=secret, **asked).json()["contents"]
        return {service["name"] for service in found}

    house = directory[1].name
    assert house in names(search=house)
    assert names(search="Fig Street") == {"Clinic at the harbour"}
    Service.objects.filter(pk=directory[1].pk).update(counts_places=True)
    counted = build_id("term", "counts_places:true")
    assert house not in names(taxonomy_term_id=counted)


def test_of_a_secret_place_no_pause_and_no_hour_of_a_change_leaves(
    ask, directory, secret, keeper
):
    """When it is full, a person came."""
    address = f"services/{build_id('service', directory[1].pk)}"
    house = ask(address, key=secret)
    directory_actions.pause_service(directory[1], by=keeper)
    directory_actions.change_service(
        directory[1], waiting_list=True, wait_days=9, by=keeper
    )
    assert ask(address, key=secret).json() == house.json()

    directory_actions.change_service(directory[1], description="Quiet", by=keeper)
    assert ask(address, key=secret).json() != house.json()
    PublishedService.objects.update(modified_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    changed = ask(address, key=secret)
    assert changed.json()["last_modified"] == "2026-01-02T00:00:00Z"
    assert "Last-Modified" not in changed.headers
    clinic = f"services/{build_id('service', directory[0].pk)}"
    assert "Last-Modified" in ask(clinic, key=secret).headers


def test_what_the_export_learns_to_write_does_not_leave_by_itself(
    ask, directory, monkeypatch, secret
):
    """Of a hidden service: the export of the house may tell more to those inside."""
    build = writing.build_service

    def build_more(service):
        more = {"phones": [{"id": "1", "number": "0555"}], "email": "a@b.example"}
        found = build(service) | more
        found["organization"] = found["organization"] | {"email": "o@b.example"}
        found.setdefault("attributes", []).append(
            writing.build_attribute(service, "lane", "0888")
        )
        found["service_at_locations"] = [
            {"id": build_id("x", service.pk), "location": {"id": "7", "name": "0777"}}
        ]
        return found

    monkeypatch.setattr(writing, "build_service", build_more)
    house = ask(f"services/{build_id('service', directory[1].pk)}", key=secret)
    for word in ("0555", "0777", "0888", "@b.example"):
        assert word not in house.content.decode()


def test_a_restricted_service_is_in_no_answer(ask, secret, directory, unlimited):
    text = everything(ask, secret, directory[3])
    assert "Inner" not in text
    assert build_id("service", directory[3].pk) not in text
    assert "Legal clinic" in text


def test_an_answer_sets_no_cookie_and_begins_no_session(client, directory):
    for address in EVERYWHERE:
        answer = client.get(address, headers={"Accept-Language": "fr"})
        assert answer.status_code == 200
        assert answer.cookies == {}
    assert client.cookies == {}


def test_an_answer_has_one_language(ask, directory):
    english = ask("services", full="true")
    french = ask("services", full="true", headers={"Accept-Language": "fr"})
    assert french.content == english.content
    assert french.headers["Content-Language"] == "en"


def test_it_reads_the_same_for_a_colleague_who_is_signed_in(ask, directory, keeper):
    """Who is signed in gets nothing more: a program has a key."""
    browser = made.sign_in(keeper)
    assert browser.get(f"{BASE}services").content == ask("services").content
