"""The document: addresses, parameters, answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from amana.exchange.directory_api import parameters as asked
from amana.exchange.directory_api.formats import GEOJSON_MEDIA, HXL_MEDIA
from amana.exchange.directory_api.lists import JSON_MEDIA, LINES_MEDIA
from amana.exchange.directory_api.openapi.schemas import (
    ID,
    SCHEMAS,
    TEXT,
    Schema,
    describe_page,
    refer,
)
from amana.exchange.directory_api.parameters import Parameter
from amana.exchange.directory_api.problems import MEDIA as PROBLEM_MEDIA

BASE = "/api/hsds/v3"
KEY = "directoryKey"
ABOUT = """\
The directory of services as HSDS 3.1, read only. Without a key: what is public. With \
one: also what the organisations of the mechanism share. Never: where a service with a \
secret address is, names, and anything of a person who is helped."""

NARROWING = (asked.SEARCH, asked.TERM, asked.TAXONOMY, asked.ORGANIZATION)
POINT = "We hold no postcodes: ask near a point."
NO_POST = "There is no POST of the same: what only reads is only GET."


@dataclass(frozen=True)
class Operation:
    path: str
    name: str
    what: str
    media: str
    schema: Schema
    parameters: tuple[Parameter, ...] = ()
    streams: bool = False
    by_id: bool = False


def _list(path: str, what: str, schema: str, *parameters: Parameter) -> Operation:
    name = "list_" + path.rpartition("/")[2]
    items = describe_page(refer(schema))
    return Operation(path, name, what, JSON_MEDIA, items, parameters, streams=True)


def _single(path: str, what: str, schema: str, *parameters: Parameter) -> Operation:
    name, item = "get_" + path.rpartition("/")[2], refer(schema)
    address = f"{path}/{{id}}"
    return Operation(address, name, what, JSON_MEDIA, item, parameters, by_id=True)


OPERATIONS = (
    Operation(f"{BASE}/", "about", "Which API this is.", JSON_MEDIA, refer("About")),
    Operation(
        f"{BASE}/openapi.json",
        "describe",
        "This description.",
        JSON_MEDIA,
        {"type": "object", "required": ["openapi", "info", "paths"]},
    ),
    _list(f"{BASE}/services", "List services.", "ListedService", *asked.SERVICES),
    _single(f"{BASE}/services", "One service, or that it was withdrawn.", "Service"),
    _list(
        f"{BASE}/service_at_locations",
        f"List the places of services. {POINT}",
        "Place",
        *asked.PLACES,
    ),
    _single(f"{BASE}/service_at_locations", "One place, with its service.", "Place"),
    _list(
        f"{BASE}/organizations",
        "List the organisations that offer services.",
        "Organization",
        *asked.ORGANISATIONS,
    ),
    _single(
        f"{BASE}/organizations",
        "One organisation, with its services.",
        "Organization",
        asked.FULL_SERVICE,
    ),
    _list(f"{BASE}/taxonomies", "List taxonomies.", "Taxonomy", *asked.TAXONOMIES),
    _single(f"{BASE}/taxonomies", "One taxonomy.", "Taxonomy"),
    _list(
        f"{BASE}/taxonomy_terms",
        "List the terms of taxonomies.",
        "TaxonomyTerm",
        *asked.TERMS,
    ),
    _single(f"{BASE}/taxonomy_terms", "One term.", "TaxonomyTerm"),
    Operation(
        "/api/services.geojson",
        "list_features",
        "All services for a map.",
        GEOJSON_MEDIA,
        refer("FeatureCollection"),
        NARROWING,
    ),
    Operation(
        "/api/services.hxl.csv",
        "list_who_does_what_where",
        "All services as a table with the hashtags of HXL: who does what where.",
        HXL_MEDIA.partition(";")[0],
        TEXT,
        NARROWING,
    ),
)


@cache
def build_document() -> dict[str, object]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Directory of services",
            "version": "3.1",
            "description": f"{ABOUT} {NO_POST}",
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": settings.ADDRESS}],
        "security": [{}, {KEY: []}],
        "paths": {operation.path: build_path(operation) for operation in OPERATIONS},
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                KEY: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key that two people of the mechanism have made.",
                }
            },
        },
    }


def build_path(operation: Operation) -> dict[str, object]:
    return {
        "get": {
            "operationId": operation.name,
            "summary": operation.what,
            "parameters": list(iterate_parameters(operation)),
            "responses": build_responses(operation),
        }
    }


def iterate_parameters(operation: Operation) -> Iterable[dict[str, object]]:
    if operation.by_id:
        yield {
            "name": "id",
            "in": "path",
            "required": True,
            "description": "As a list has it.",
            "schema": ID,
        }
    for parameter in operation.parameters:
        yield {
            "name": parameter.name,
            "in": "query",
            "required": False,
            "description": parameter.description,
            "schema": parameter.schema,
        }


def build_responses(operation: Operation) -> dict[str, object]:
    content: dict[str, object] = {operation.media: {"schema": operation.schema}}
    if operation.streams:
        content[LINES_MEDIA] = {"schema": TEXT}
    found: dict[str, object] = {
        "200": {
            "description": operation.what,
            "headers": {name: {"schema": TEXT} for name in ("ETag", "Cache-Control")},
            "content": content,
        },
        "304": {"description": "As you have it: If-None-Match, If-Modified-Since."},
        "400": _problem("A parameter is unknown, repeated, or can’t be read."),
        "401": _problem("The key is not valid."),
        "412": {"description": "If-Match or If-Unmodified-Since does not hold."},
        "429": _later("Too many requests."),
        "503": _later("Much has changed at once, and is being prepared."),
    }
    if operation.by_id:
        found["404"] = _problem("There is nothing with this id.")
    return found


def _problem(what: str) -> dict[str, object]:
    content = {PROBLEM_MEDIA: {"schema": refer("Problem")}}
    return {"description": what, "content": content}


def _later(what: str) -> dict[str, object]:
    seconds = {"description": "After so many seconds.", "schema": {"type": "integer"}}
    return _problem(what) | {"headers": {"Retry-After": seconds}}
