"""Telephones of services come in, however an HSDS file holds them."""

from pathlib import Path
from typing import Any

import pytest

from amana.exchange.hsds import reading
from amana.exchange.rows import ServiceRow
from amana.telephones import format_dialled

SERVICE: dict[str, Any] = {
    "id": "1",
    "name": "Night shelter",
    "organization": {"id": "9", "name": "Lake House"},
    "status": "active",
}


def read(**more: Any) -> ServiceRow:
    row = reading.read_service("service 1", SERVICE | more)
    assert isinstance(row, ServiceRow)
    return row


def test_its_own_telephone_is_taken_and_a_fax_is_not() -> None:
    fax = {"id": "a", "number": "555 0900", "type": "fax"}
    voice = {"id": "b", "number": "555 0301", "type": "voice"}

    row = read(phones=[fax, voice])

    assert row.values["phone"] == "555 0301"
    assert format_dialled(row.values["phone"]) == "5550301"


@pytest.mark.parametrize(
    "where",
    [
        {"service_at_locations": [{"id": "x", "phones": [{"number": "555 0302"}]}]},
        {"service_at_locations": [{"location": {"phones": [{"number": "555 0302"}]}}]},
        {"organization": {"name": "L", "phones": [{"number": "555 0302"}]}},
    ],
    ids=["at the link", "at the place", "at the organisation"],
)
def test_else_that_of_its_place_or_organisation(where: dict[str, Any]) -> None:
    assert read(**where).values["phone"] == "555 0302"


def test_others_are_said_and_an_extension_is_kept() -> None:
    several = [
        {"number": "555 0301", "extension": "12"},
        {"number": "555 0303"},
    ]

    row = read(phones=several)

    assert row.values["phone"] == "555 0301, extension 12"
    assert "It has another telephone number: 555 0303" in row.remarks


def test_an_address_that_is_none_is_said() -> None:
    assert read(email="desk@lake.example").values["email"] == "desk@lake.example"
    row = read(email="ask at the desk")
    assert "email" not in row.values
    assert any("ask at the desk" in remark for remark in row.remarks)


def test_the_table_of_phones_of_a_package_is_read(tmp_path: Path) -> None:
    files = {
        "services.csv": "id,name,organization_id,status\n1,Night shelter,9,active\n"
        "2,Day room,9,active\n",
        "organizations.csv": "id,name\n9,Lake House\n",
        "phones.csv": "id,service_id,organization_id,number,type\n"
        "a,1,,555 0301,voice\nb,,9,555 0300,voice\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    rows = [row for row in reading.read(tmp_path) if isinstance(row, ServiceRow)]

    assert [row.values["phone"] for row in rows] == ["555 0301", "555 0300"]
