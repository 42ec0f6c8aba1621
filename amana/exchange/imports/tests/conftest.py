import json
from pathlib import Path

import pytest

from amana import given
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
