"""Which questions are understood, and what is said of the others."""

import pytest
from django.test import Client

from amana.exchange.directory_api.parameters import parse_moment
from amana.exchange.directory_api.tests.conftest import BASE


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"colour": "red"}, "There is no parameter “colour” here."),
        ({"postcode": "12345"}, "This directory holds no postcodes."),
        ({"page": "0"}, "“page” must be a whole number from 1"),
        ({"page": "two"}, "“page” must be a whole number"),
        ({"page": "٣"}, "“page” must be a whole number"),
        ({"per_page": "501"}, "whole number from 1 to 500"),
        ({"format": "xml"}, "must be json or ndjson"),
        ({"full": "yes"}, "must be true or false"),
        ({"taxonomy_id": "7"}, "must be a UUID"),
        ({"modified_after": "yesterday"}, "must be a time with its zone"),
        ({"modified_after": "2026-11-30T00:00:00"}, "must be a time with its zone"),
        ({"modified_after": "2026-02-30T00:00:00Z"}, "must be a time with its zone"),
        ({"search": "a" * 201}, "at most 200 characters"),
        ({"search": ["a", "b"]}, "given more than once"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(ask, db, said, sentence):
    answer = ask("services", **said)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert sentence in problem["detail"]
    assert problem["parameter"] == next(iter(said))
    assert problem["status"] == 400


@pytest.mark.parametrize(
    "point",
    ["10", "10,", "91,20", "10,181", "nan,20", "1e1,20", "10, 20", "10,20\n", "٣,٤"],
)
def test_a_point_is_whole_and_on_the_globe(ask, db, point):
    answer = ask("service_at_locations", near=point)
    assert answer.status_code == 400
    assert "such as 31.95,35.93" in answer.json()["detail"]


def test_each_address_knows_its_own_parameters(ask, db):
    for path, name in (
        ("", "search"),
        ("taxonomies", "full"),
        ("organizations", "modified_after"),
        ("services", "top_only"),
        ("services", "proximity"),
        ("openapi.json", "page"),
    ):
        assert ask(path, **{name: "true"}).status_code == 400, (path, name)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-30T01:00:00+01:00", "2026-11-30T00:00:00"),
        ("2026-11-30T01:00:00 01:00", "2026-11-30T00:00:00"),
        ("2026-11-29t23:59:60Z", "2026-11-29T23:59:59"),
        ("0000-01-01T00:00:00+23:59", "1970-01-01T00:00:00"),
        ("9999-12-31T23:59:59-23:59", "2500-01-01T00:00:00"),
    ],
)
def test_times_are_read_as_programs_write_them(said, meant):
    assert parse_moment(said).isoformat() == f"{meant}+00:00"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_what_is_only_read_is_only_asked_for_by_get(method, db):
    answer = Client(enforce_csrf_checks=True).generic(method.upper(), f"{BASE}services")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_what_is_no_address_is_told_to_a_program(ask, db):
    answer = ask("persons")
    assert answer.status_code == 404
    assert "openapi.json" in answer.json()["detail"]
    assert ask("services/../secret").status_code == 404


def test_pages_of_other_sites_may_ask_what_is_public(db):
    asked = Client().options(f"{BASE}services")
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Credentials" not in asked.headers


def test_the_api_says_what_it_is(ask, db):
    said = ask().json()
    assert said["version"] == "3.1"
    assert said["openapi_url"].endswith("/api/hsds/v3/openapi.json")
