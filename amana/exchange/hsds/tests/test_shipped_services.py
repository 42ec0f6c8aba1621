"""The services that come with a mechanism can be brought into a directory."""

import tomllib
from pathlib import Path

import pytest

from amana.exchange.hsds import reading
from amana.exchange.rows import ServiceRow

MECHANISMS = Path(__file__).parents[4] / "mechanisms"
SHIPPED = sorted(MECHANISMS.glob("*/services/*.json"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parts[-3])
def test_each_of_them_can_be_read(path):
    rows = list(reading.read(path))

    assert rows
    assert all(isinstance(row, ServiceRow) for row in rows), rows
    assert all(row.values["types"] for row in rows if isinstance(row, ServiceRow))


def test_those_of_merravia_are_those_of_the_demo_and_hide_the_same_places():
    demo = tomllib.loads((MECHANISMS / "example/services.toml").read_text())["service"]
    rows = [
        row
        for row in reading.read(MECHANISMS / "example/services/services.json")
        if isinstance(row, ServiceRow)
    ]

    assert {(row.organisation, row.values["name"]) for row in rows} == {
        (said["organisation"], said["name"]) for said in demo
    }
    hidden = {said["name"] for said in demo if said.get("hidden")}
    assert hidden
    assert not [r for r in rows if r.values["name"] in hidden and "lat" in r.values]
