import json
from pathlib import Path

import pytest

from amana import given
from amana.exchange.imports import actions
from amana.exchange.sources.mapping import parse_mapping
from amana.exchange.sources.opening import open_file
from amana.exchange.sources.reading import read_source
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


def a_feature(number: int, **properties: object) -> dict[str, object]:
    said = {
        "partnerName": "Field Works",
        "activityName": "Health Services",
        "activity": 5598,
        "locationName": "Northtown",
        "10. Referral Method": {"Email on a per case basis": True},
    }
    return {
        "type": "Feature",
        "id": number,
        "properties": said | properties,
        "geometry": {"type": "Point", "coordinates": [35.5, 32.1]},
    }


def a_map(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"
"""Real data beside the checkout; tests that read it step aside where it is absent."""


def shared(path: str) -> Path:
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"{path} of the shared data is not here")
    return found


ADVISOR = Path(__file__).with_name("services_advisor.json")
"""What a coordinator decided of the columns and words of one real directory."""


def read_map(blob: bytes, *, by: User) -> actions.ReadFile:
    """Read a map in the layout of that directory, as its pages do."""
    file = open_file(blob, by=by.pk)
    reading = read_source(file, parse_mapping(ADVISOR.read_bytes()))
    return actions.ReadFile("services-advisor", reading.found)
