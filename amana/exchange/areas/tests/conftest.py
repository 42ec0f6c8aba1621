import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from amana import given
from amana.trust.access.models import Role, User
from tests.worlds import kept

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


def shared(path: str) -> bytes:
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"{path} of the shared data is not here")
    return found.read_bytes()


def a_square(west: float, south: float, size: float = 1) -> dict[str, object]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def a_feature(geometry: object = None, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def a_collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def a_sheet(*rows: Sequence[object]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


COUNTRY = a_collection(
    a_feature(a_square(30, 30, 4), pcode="JO", name_en="Joria", name_ar="جوريا"),
    a_feature(a_square(30, 30, 2), pcode="JO01", name_en="West", above="JO"),
    a_feature(a_square(32, 30, 2), pcode="JO02", name_en="East", above="JO"),
    a_feature(a_square(30, 30), pcode="JO0101", name_en="Harbour", above="JO01"),
)
"""A country of two regions, in columns that are not called as ours are."""
