"""A map that would fill the memory is refused in words."""

import pytest

from amana.confined import NotRead
from amana.errors import Unreadable
from amana.exchange.geojson import mapping, reading

READING = mapping.load(mapping.SHIPPED / "services-advisor.toml")
BEGINS = b'{"type": "FeatureCollection", "features": ['


def read(text: bytes) -> None:
    list(reading.read(text, READING))


def test_a_map_has_a_most_of_features() -> None:
    with pytest.raises(Unreadable, match="more than 50,000 features"):
        read(BEGINS + b"0," * 60_000 + b"0]}")


def test_what_fills_the_memory_is_too_much() -> None:
    with pytest.raises(NotRead, match="When unpacked, this file is too large to read"):
        read(BEGINS + b"{}," * 8_000_000 + b"{}]}")


def test_what_is_nested_without_end_is_not_json() -> None:
    with pytest.raises(Unreadable, match="not JSON"):
        read(b"[" * 200_000)
