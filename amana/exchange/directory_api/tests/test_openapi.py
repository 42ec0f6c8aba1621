"""What the API says of itself is true; what it gives is valid by the standard."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from amana.design.directory import actions as directory_actions
from amana.exchange.directory_api.openapi import build_document
from amana.exchange.directory_api.openapi.document import OPERATIONS
from amana.exchange.directory_api.tests.conftest import read_lines, read_text
from amana.exchange.directory_api.urls import urlpatterns
from amana.exchange.hsds.writing import build_id
from amana.exchange.imports.tests.conftest import shared as shared_file

DOCUMENT: Any = build_document()
CHECKER = FormatChecker()


def validator(schema: Any) -> Draft202012Validator:
    """A validator of a part of the document, with the parts that it names."""
    whole = schema | {"components": DOCUMENT["components"]}
    return Draft202012Validator(whole, format_checker=CHECKER)


def list_errors(schema: Any, found: object) -> list[str]:
    errors = validator(schema).iter_errors(found)
    return [f"{error.json_path}: {error.message}" for error in errors]


def ok(path: str, media: str = "application/json") -> Any:
    return DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"][media][
        "schema"
    ]


def test_every_address_is_described_and_none_that_is_not_there():
    described = {
        path.removeprefix("/").replace("{id}", "<str:code>")
        for path in DOCUMENT["paths"]
    }
    routes = {str(p.pattern) for p in urlpatterns if str(p.pattern).startswith("api/")}
    assert described == routes
    assert len(OPERATIONS) == len(DOCUMENT["paths"]) == 14


def test_every_reference_leads_somewhere():
    names = set(DOCUMENT["components"]["schemas"])
    said = json.dumps(DOCUMENT)
    referred = {part.split('"')[0] for part in said.split("#/components/schemas/")[1:]}
    assert referred <= names
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_it_is_served_as_it_is_built(ask, db):
    answer = ask("openapi.json")
    assert answer.json() == DOCUMENT
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("services", {}),
        ("services", {"full": "true"}),
        ("services", {"minimal": "true"}),
        ("services", {"modified_after": "2000-01-01T00:00:00Z"}),
        ("service_at_locations", {"full": "true"}),
        ("service_at_locations", {}),
        ("organizations", {"full": "true", "full_service": "true"}),
        ("organizations", {}),
        ("taxonomies", {}),
        ("taxonomy_terms", {"per_page": "500"}),
    ],
)
@pytest.mark.parametrize("with_key", [False, True])
def test_lists_are_as_described(ask, directory, keeper, secret, path, said, with_key):
    key = secret if with_key else ""
    ask("services", key=key)
    if "modified_after" in said:
        directory_actions.end_service(directory[0], by=keeper)
    page = ask(path, key=key, **said).json()

    assert page["contents"]
    assert list_errors(ok(f"/api/hsds/v3/{path}"), page) == []


@pytest.mark.parametrize(
    "path", ["services", "service_at_locations", "organizations", "taxonomy_terms"]
)
def test_single_records_are_as_described(ask, directory, secret, path):
    listed = ask(path, key=secret).json()["contents"]
    for record in listed[:5]:
        one = ask(f"{path}/{record['id']}", key=secret).json()
        assert list_errors(ok(f"/api/hsds/v3/{path}/{{id}}"), one) == []


def test_problems_and_maps_are_as_described(ask, directory):
    problem = {"$ref": "#/components/schemas/Problem"}
    for path in ("services?page=0", "services/7", "none"):
        assert list_errors(problem, ask(path).json()) == []
    found = json.loads(read_text(ask("/api/services.geojson")))
    media = "application/geo+json"
    assert list_errors(ok("/api/services.geojson", media), found) == []


def test_the_description_notices_what_is_not_so(ask, directory):
    page = ask("services").json()
    page["contents"][0]["status"] = "open"
    assert list_errors(ok("/api/hsds/v3/services"), page) != []


# --- by the schemas of the standard, where they are beside the checkout


def standard(name: str) -> Draft202012Validator:
    folder = shared_file("hsds/schema-3.1")
    found = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    registry: Registry[Any] = Registry().with_resources(
        [(name, DRAFT202012.create_resource(schema)) for name, schema in found.items()]
    )
    return Draft202012Validator(
        found[f"{name}.json"], registry=registry, format_checker=CHECKER
    )


KINDS = {
    "services": "service",
    "service_at_locations": "service_at_location",
    "organizations": "organization",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}


@pytest.mark.parametrize("path", KINDS)
def test_every_answer_is_valid_by_the_schemas_of_hsds(
    ask, directory, keeper, secret, path
):
    schema = standard(KINDS[path])
    ask("services", key=secret)
    directory_actions.end_service(directory[1], by=keeper)
    several: list[dict[str, str]] = [{}, {"per_page": "500"}]
    if path in ("services", "service_at_locations", "organizations"):
        several.append({"full": "true"})
    if path == "services":
        several.append({"full": "true", "modified_after": "2000-01-01T00:00:00Z"})
    for said in several:
        page = ask(path, key=secret, **said).json()
        lines = read_lines(ask(path, key=secret, **said, format="ndjson"))
        assert page["contents"]
        for record in [*page["contents"], *lines]:
            errors = [e.message for e in schema.iter_errors(record)]
            assert errors == []
    first = ask(path, key=secret).json()["contents"][0]["id"]
    assert schema.is_valid(ask(f"{path}/{first}", key=secret).json())


def test_the_schemas_of_hsds_notice_what_is_wrong(ask, directory):
    schema = standard("service")
    record = ask(f"services/{build_id('service', directory[0].pk)}").json()
    assert schema.is_valid(record)
    assert not schema.is_valid(record | {"id": "7"})


def test_the_addresses_of_the_standard_are_all_here():
    """And the parameters, but for the postcode, that we refuse in a sentence."""
    theirs = json.loads(shared_file("hsds/schema-3.1/openapi.json").read_text())
    shared = theirs["components"]["parameters"]
    for path, methods in theirs["paths"].items():
        ours = DOCUMENT["paths"][f"/api/hsds/v3{path}"]["get"]
        wanted = {
            shared[said["$ref"].rpartition("/")[2]]["name"]
            if "$ref" in said
            else said["name"]
            for said in methods["get"].get("parameters", ())
        }
        known = {parameter["name"] for parameter in ours["parameters"]}
        assert wanted - known <= {"postcode"}, path
