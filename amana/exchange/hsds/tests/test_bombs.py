"""A file that unfolds to gigabytes is refused in words and costs little."""

import io
import json
import zipfile

import pytest

from amana.confined import NotRead
from amana.errors import Unreadable
from amana.exchange.hsds import reading, tables
from amana.exchange.rows import ServiceRow


def packed(text: bytes, way: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as package:
        package.writestr("services.csv", text)
    return out.getvalue()


def lying(bomb: bytes, real: int) -> bytes:
    """The same, said to unfold to ten bytes."""
    return bomb.replace(real.to_bytes(4, "little"), (10).to_bytes(4, "little"))


def test_what_packs_without_bounds_is_not_unpacked() -> None:
    size = 50_000_000
    bomb = lying(packed(bytes(size), zipfile.ZIP_BZIP2), size)
    assert len(bomb) < 1_000
    with pytest.raises(Unreadable, match="compression method is not supported"):
        list(reading.read(bomb))


def test_what_lies_of_its_size_is_damaged() -> None:
    size = 1_000_000
    with pytest.raises(Unreadable, match="damaged"):
        list(reading.read(lying(packed(bytes(size)), size)))


def test_all_tables_together_have_a_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST", 1_000)
    with pytest.raises(Unreadable, match="unpacks to more than 100 MB"):
        tables.read_tables(packed(b"id,name\n" * 200))


def test_a_million_short_rows_are_too_many() -> None:
    bomb = packed(b"id,name\n" + b"1,2\n" * 1_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(Unreadable, match="more than 300,000 lines"):
        list(reading.read(bomb))


def test_what_fills_the_memory_is_too_much() -> None:
    bomb = b"[" + b"{}," * 12_000_000 + b"{}]"
    with pytest.raises(NotRead, match="When unpacked, this file is too large to read"):
        list(reading.read(bomb))


@pytest.mark.parametrize("sign", ["[", '{"a":'])
def test_what_is_nested_without_end_is_not_json(sign: str) -> None:
    with pytest.raises(Unreadable, match="not JSON"):
        list(reading.read(sign.encode() * 200_000))


def test_what_each_service_repeats_may_not_be_much() -> None:
    """A text of one table that lies under each row of another: a megabyte makes
    hundreds."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("organizations.csv", "id,name\no,%s\n" % ("a" * 100_000))
        rows = "".join(f"s{n},Beds,o\n" for n in range(4_000))
        package.writestr("services.csv", "id,name,organization_id\n" + rows)
    with pytest.raises(NotRead, match="When unpacked, this file is too large to read"):
        list(reading.read(out.getvalue()))


def test_an_ordinary_file_is_read_as_before() -> None:
    service = {"id": "1", "name": "Beds", "organization": {"name": "Harbour"}}
    (row,) = reading.read(json.dumps([service]).encode())
    assert isinstance(row, ServiceRow)
    assert (row.where, row.organisation) == ("service 1", "Harbour")
