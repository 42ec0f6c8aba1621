"""A pack never tells where a safe house stands."""

import json

import pytest

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.tests.packs import EXAMPLE

PLACE = {"location": {"latitude": 8.5, "longitude": -26.1, "name": "Lemon Street"}}
FILE = "services/services.json"


def service(*types, **more):
    terms = [{"taxonomy_term": {"code": f"types:{code}"}} for code in types]
    return {"name": "Dar Amal", "attributes": terms, **more}


@pytest.mark.parametrize(
    "one",
    [
        service("SH1", service_at_locations=[PLACE]),
        service("HE2", "SH5", service_at_locations=[PLACE]),
        service("SH2", organization={"locations": [PLACE["location"]]}),
        service("SH9", locations=[PLACE["location"]]),
        service(service_at_locations=[PLACE]),
    ],
    ids=["safe house", "also a shelter", "of its owner", "its own", "of no kind"],
)
def test_a_place_that_protects_is_refused(one):
    assert [(f.file, f.values) for f in wrong([one])] == [(FILE, {"name": "Dar Amal"})]


@pytest.mark.parametrize(
    "one",
    [
        service("SH1"),
        service("HE2", service_at_locations=[PLACE]),
        service("SH1", service_areas=[{"name": "XM01"}]),
    ],
    ids=["without a place", "a clinic", "only its area"],
)
def test_what_everybody_may_find_is_taken(one):
    assert not wrong([one])


@pytest.mark.parametrize("content", [b"{", b"[1]", b"3", b"[" * 100_000])
def test_what_cannot_be_read_is_refused(content):
    given = files.read_folder(EXAMPLE) | {FILE: content}

    _, faults = reading.read_pack(given)

    assert [f.file for f in faults] == [FILE]


def wrong(services):
    content = json.dumps({"contents": services}).encode()
    _, faults = reading.read_pack(files.read_folder(EXAMPLE) | {FILE: content})
    return faults
