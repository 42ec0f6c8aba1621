"""Each address and each parameter."""

import pytest

from amana.design.directory import actions as directory_actions
from amana.exchange.directory_api.tests.conftest import (
    list_names,
    read_lines,
)
from amana.exchange.hsds.writing import build_id

CLINIC, HOUSE, LEGAL = "Clinic at the harbour", "House of the fig tree", "Legal clinic"


def term(code: str) -> str:
    return build_id("term", code)


# --- services


def test_anyone_reads_what_is_public_and_nothing_else(ask, directory):
    answer = ask("services")

    assert list_names(answer) == [CLINIC]
    page = answer.json()
    assert {name: page[name] for name in page if name != "contents"} == {
        "total_items": 1,
        "total_pages": 1,
        "page_number": 1,
        "size": 1,
        "first_page": True,
        "last_page": True,
        "empty": False,
    }
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"] == "application/json"


def test_a_key_opens_what_the_mechanism_shares(ask, directory, secret):
    answer = ask("services", key=secret)

    assert list_names(answer) == [CLINIC, HOUSE, LEGAL]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_list_has_fields_that_occur_once_and_full_has_all(ask, directory):
    [short] = ask("services").json()["contents"]
    [whole] = ask("services", full="true").json()["contents"]

    assert short["organization"]["name"]
    assert not any(isinstance(value, list) for value in short.values())
    assert whole["languages"][0]["code"] == "ar"
    assert whole["service_at_locations"][0]["location"]["latitude"] == 10.5
    [one] = [a for a in whole["attributes"] if a["value"] == "HE2"]
    assert one["taxonomy_term"]["name"] == "Primary health care"
    assert one["taxonomy_term_id"] == term("types:HE2")


def test_minimal_has_three_fields(ask, directory):
    [record] = ask("services", minimal="true").json()["contents"]
    assert set(record) == {"id", "status", "last_modified"}


def test_pages_follow_one_another_and_one_after_the_last_is_empty(
    ask, directory, secret
):
    one, two, three, four = (
        ask("services", per_page="1", page=str(page), key=secret).json()
        for page in range(1, 5)
    )
    names = [page["contents"][0]["name"] for page in (one, two, three)]
    assert names == [CLINIC, HOUSE, LEGAL]
    assert (one["total_pages"], one["first_page"], one["last_page"]) == (3, True, False)
    assert (three["first_page"], three["last_page"]) == (False, True)
    assert four["empty"]
    assert four["contents"] == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [CLINIC, HOUSE, LEGAL]),
        ("harbour", [CLINIC]),
        ("DOCTORS harbour", [CLINIC]),
        ("clinique", [CLINIC]),
        ("école", [CLINIC]),
        ("ÉCOLE", [CLINIC]),
        ("doctors kites", []),
        ("legal", [LEGAL]),
        ("100%", []),
        ("\0", []),
    ],
)
def test_all_words_of_a_search_occur(ask, directory, secret, words, found):
    assert list_names(ask("services", search=words, key=secret)) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("types:HE2", [CLINIC]),
        ("types:HE", [CLINIC]),
        ("types:SH", [HOUSE]),
        ("types", [CLINIC, HOUSE, LEGAL]),
        ("sexes:female", [CLINIC]),
        ("sexes:male", []),
        ("sexes", [CLINIC]),
        ("needs_police:true", [CLINIC]),
        ("referral_method:email", [CLINIC]),
        ("documents:passport", [CLINIC]),
        ("nationalities:SY", []),
        ("no such term", []),
    ],
)
def test_a_term_finds_what_carries_it_or_one_under_it(
    ask, directory, secret, code, found
):
    answer = ask("services", taxonomy_term_id=term(code), key=secret)
    assert list_names(answer) == found


def test_a_taxonomy_and_an_organisation_narrow_the_list(ask, directory, team, secret):
    ours = build_id("taxonomy", "amana")
    organisation = build_id("organisation", team.organisation_id)

    assert list_names(ask("services", taxonomy_id=ours)) == [CLINIC]
    assert list_names(ask("services", taxonomy_id=organisation)) == []
    found = ask("services", organization_id=organisation, key=secret)
    assert list_names(found) == [CLINIC, HOUSE]
    assert list_names(ask("services", organization_id=ours)) == []


def test_a_stream_is_one_service_a_line(ask, directory, secret):
    said = {"format": "ndjson", "full": "true", "per_page": "1", "page": "9"}
    answer = ask("services", key=secret, **said)

    assert answer.streaming
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    names = [record["name"] for record in read_lines(answer)]
    assert names == [CLINIC, HOUSE, LEGAL]


def test_one_service_has_everything_and_of_others_there_is_nothing(
    ask, directory, secret
):
    clinic, _house, shared, inner = (build_id("service", s.pk) for s in directory)

    assert ask(f"services/{clinic}").json()["schedules"][0]["opens_at"] == "08:00"
    assert ask(f"services/{shared}").status_code == 404
    assert ask(f"services/{shared}", key=secret).json()["name"] == LEGAL
    for key in ("", secret):
        answer = ask(f"services/{inner}", key=key)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_service_that_takes_no_one_is_closed_for_a_time(ask, clinic, keeper, secret):
    """Who has a key learns that; to others it is not listed."""
    directory_actions.pause_service(clinic, by=keeper)
    [record] = ask("services", key=secret).json()["contents"]
    assert record["status"] == "temporarily closed"
    assert ask("services").json()["empty"]


def test_a_directory_that_is_closed_is_open_to_keys_alone(
    ask, directory, secret, settings
):
    settings.PUBLIC_DIRECTORY = False
    for path in ("services", "openapi.json", "/api/services.geojson"):
        answer = ask(path)
        assert answer.status_code == 401
        assert "needs a key" in answer.json()["detail"]
    assert len(list_names(ask("services", key=secret))) == 3


# --- places


def test_places_are_those_that_may_be_known(ask, directory, secret):
    answer = ask("service_at_locations")
    [place] = answer.json()["contents"]

    assert place["service"]["name"] == CLINIC
    assert place["location"]["longitude"] == 20.5
    assert place["service_id"] == place["service"]["id"]
    whole = ask(f"service_at_locations/{place['id']}").json()
    assert whole["service"]["languages"]
    assert ask("service_at_locations", key=secret).json()["total_items"] == 2
    lines = read_lines(ask("service_at_locations", format="ndjson", key=secret))
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("metres", "found"), [(500, []), (2_000, [CLINIC]), (500_000, [CLINIC, LEGAL])]
)
def test_places_within_so_many_metres_come_nearest_first(
    ask, directory, secret, metres, found
):
    answer = ask(
        "service_at_locations",
        near="10.51,20.5",
        proximity=metres,
        key=secret,
    )
    assert [p["service"]["name"] for p in answer.json()["contents"]] == found
    lines = read_lines(
        ask(
            "service_at_locations",
            near="10.51,20.5",
            proximity=metres,
            key=secret,
            format="ndjson",
        )
    )
    assert [place["service"]["name"] for place in lines] == found


@pytest.mark.parametrize("with_key", [False, True])
def test_of_what_is_hidden_there_is_no_place(ask, house, secret, with_key):
    key = secret if with_key else ""
    at = build_id("at", house.pk)
    assert ask(f"service_at_locations/{at}", key=key).status_code == 404
    near = {"near": "11.25,21.75", "proximity": "1000"}
    assert ask("service_at_locations", key=key, **near).json()["total_items"] == 0


# --- organisations


def test_an_organisation_is_listed_if_anything_of_it_is_given(
    ask, directory, team, secret
):
    [listed] = ask("organizations").json()["contents"]
    [full] = ask("organizations", full="true").json()["contents"]
    [whole] = ask("organizations", full_service="true").json()["contents"]

    assert listed["name"] == team.organisation.name
    assert set(listed) == {"id", "name", "description"}
    assert [place["latitude"] for place in full["locations"]] == [10.5]
    assert [service["name"] for service in whole["services"]] == [CLINIC]
    assert ask("organizations", key=secret).json()["total_items"] == 2
    lines = read_lines(ask("organizations", format="ndjson", key=secret))
    assert len(lines) == 2


def test_organisations_are_found_by_name_and_by_what_they_offer(ask, directory, team):
    name = team.organisation.name
    assert list_names(ask("organizations", search=name.upper())) == [name]
    assert list_names(ask("organizations", search="kites")) == []
    legal = {"taxonomy_term_id": term("types:LG1")}
    assert list_names(ask("organizations", **legal)) == []
    health = {"taxonomy_term_id": term("types:HE")}
    assert list_names(ask("organizations", **health)) == [name]


def test_one_organisation_has_its_services(ask, directory, team, shared, secret):
    ours = build_id("organisation", team.organisation_id)
    theirs = build_id("organisation", shared.organisation_id)

    short = ask(f"organizations/{ours}", key=secret).json()["services"]
    assert [service["name"] for service in short] == [CLINIC, HOUSE]
    assert "attributes" not in short[0]
    whole = ask(f"organizations/{ours}", full_service="true").json()["services"]
    assert "attributes" in whole[0]
    assert ask(f"organizations/{theirs}").status_code == 404
    assert ask(f"organizations/{theirs}", key=secret).status_code == 200


# --- taxonomies


def test_every_term_that_a_service_carries_can_be_found(ask, directory):
    contents = ask("services", full="true").json()["contents"]
    coded = [
        attribute["taxonomy_term"]
        for service in contents
        for attribute in service["attributes"]
        if is_of_a_list(attribute["taxonomy_term"]["code"])
    ]

    assert len(coded) > 5
    for said in coded:
        found = ask(f"taxonomy_terms/{said['id']}").json()
        assert found["code"] == said["code"]
        assert found["taxonomy_detail"]["id"] == said["taxonomy_id"]


def is_of_a_list(code: str) -> bool:
    """Words have no value in their code; numbers and names have any."""
    return ":" in code and not code.startswith(("name_", "max_", "child"))


def test_terms_stand_under_others(ask, db):
    top = ask("taxonomy_terms", top_only="true", per_page="500").json()["contents"]
    assert "types" in [record["code"] for record in top]
    assert not any("parent_id" in record for record in top)
    groups = ask("taxonomy_terms", parent_id=term("types")).json()["contents"]
    assert "types:SH" in [record["code"] for record in groups]
    kinds = ask("taxonomy_terms", parent_id=term("types:SH")).json()["contents"]
    assert kinds[0]["code"] == "types:SH1"
    assert ask("taxonomy_terms", parent_id=term("none")).json()["empty"]
    found = ask("taxonomy_terms", search="primary health").json()["contents"]
    assert [record["code"] for record in found] == ["types:HE2"]


def test_there_is_one_taxonomy(ask, db):
    [listed] = ask("taxonomies").json()["contents"]
    assert ask(f"taxonomies/{listed['id']}").json() == listed
    other = ask("taxonomy_terms", taxonomy_id=term("types"))
    assert other.json()["empty"]
    assert ask(f"taxonomies/{term('types')}").status_code == 404
    lines = read_lines(ask("taxonomies", format="ndjson"))
    assert lines == [listed]
