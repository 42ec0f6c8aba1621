"""A folder or a zip becomes a pack's files; what could harm is refused before it is."""

import io
import struct
import zipfile
import zlib

import pytest

from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.tests.packs import small


def a_zip(members, compress=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compress) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return buffer.getvalue()


def refused(content):
    with pytest.raises(files.BadPack) as error:
        files.read_zip(content)
    return str(error.value.fault)


MECHANISM = ("mechanism.yaml", b"title: x")


def test_a_pack_comes_back_out_of_its_zip():
    assert files.read_zip(files.write_zip(small())) == small()
    assert files.write_zip(small()) == files.write_zip(small())


def test_the_one_folder_around_a_pack_is_left_out():
    packed = a_zip([(f"merravia/{name}", words) for name, words in small().items()])

    assert files.read_zip(packed) == small()


def test_a_pack_comes_back_out_of_its_folder(tmp_path):
    files.write_folder(small(), tmp_path)
    (tmp_path / "organisations.toml").write_text("beside = true")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("hidden")

    assert files.read_folder(tmp_path) == small()


@pytest.mark.parametrize(
    "name",
    [
        "../mechanism.yaml",
        "forms/../../../etc/passwd",
        "/etc/passwd",
        "C:/mechanism.yaml",
        "forms\\..\\..\\x.xlsx",
        "a/b/c/d/e.yaml",
        "forms/né.xlsx",
        "forms/\u202exslx.yaml",
        "forms//x.xlsx",
        "con sent/en.md",
        "a" * 100 + ".yaml",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name):
    assert "has a name that leads out of the pack" in refused(
        a_zip([MECHANISM, (zipfile.ZipInfo(name), b"x")])
    )


def test_a_name_with_a_hidden_end_is_refused():
    """A zip may say the name twice: what counts is what stands in its list."""
    packed = bytearray(a_zip([MECHANISM, ("consent/en.mdXevil", b"x")]))
    packed = packed.replace(b"en.mdXevil", b"en.md\x00evil")

    assert "leads out of the pack" in refused(bytes(packed))


def test_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("consent/en.md")
    link.external_attr = 0o120777 << 16
    assert "This is a link" in refused(a_zip([MECHANISM, (link, b"/etc/passwd")]))

    files.write_folder(small(), tmp_path)
    (tmp_path / "README.md").symlink_to("/etc/passwd")
    with pytest.raises(files.BadPack, match="This is a link"):
        files.read_folder(tmp_path)


def test_a_bomb_is_not_unpacked():
    """Ten files of 16 MB of nothing: 160 kB that want to be 160 MB."""
    nothing = bytes(16 * 2**20)
    packed = a_zip([MECHANISM, *((f"services/{n}.json", nothing) for n in range(10))])
    assert len(packed) < 2**18

    assert "too large" in refused(packed)


def test_a_size_that_is_a_lie_is_not_believed():
    packed = bytearray(a_zip([MECHANISM, ("consent/en.md", bytes(2**20))]))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = packed.index(b"consent/en.md") if mark[2] == 3 else packed.rindex(mark)
        at = packed.rindex(mark, 0, at) if mark[2] == 3 else at
        packed[at + place : at + place + 4] = struct.pack("<I", 10)

    assert refused(bytes(packed))


def test_too_many_files_are_refused():
    many = [(f"services/{n}.json", b"") for n in range(files.MOST_FILES + 1)]

    assert "too many files" in refused(a_zip([MECHANISM, *many]))
    assert reading.read_pack(dict([MECHANISM, *many]))[0] is None


def test_a_file_that_is_there_twice_is_refused():
    assert "twice" in refused(
        a_zip([MECHANISM, ("consent/en.md", b"x"), ("consent/EN.md", b"y")])
    )


@pytest.mark.parametrize("packed_by", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_packed_in_a_rare_way_is_refused(packed_by):
    assert "damaged" in refused(a_zip([MECHANISM], packed_by))


def test_a_locked_zip_is_refused():
    packed = bytearray(a_zip([MECHANISM]))
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1
    packed[6] |= 1

    assert "password" in refused(bytes(packed))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        b"PK\x05\x06" + bytes(18),
        zlib.compress(b"x"),
        a_zip([MECHANISM])[:-5],
        a_zip([MECHANISM])[10:],
    ],
)
def test_what_is_no_zip_is_refused(content):
    assert refused(content)


def test_a_damaged_zip_is_refused():
    good = files.write_zip(small())
    faults = 0
    for at in range(0, len(good), 997):
        bad = bytearray(good)
        bad[at] ^= 0xFF
        try:
            files.read_zip(bytes(bad))
        except files.BadPack:
            faults += 1
    assert faults


def test_a_zip_larger_than_a_pack_is_not_opened():
    assert "too large" in refused(bytes(files.MOST_BYTES + 1))


def test_a_form_that_is_a_bomb_is_not_read():
    """An .xlsx is a zip of its own, and its sheet can be gigabytes of nothing."""
    bomb = a_zip([("xl/worksheets/sheet1.xml", bytes(64 * 2**20))])
    assert len(bomb) < 100_000

    pack, faults = reading.read_pack(small() | {"forms/bomb.xlsx": bomb})

    assert pack is None
    assert [str(fault) for fault in faults] == [
        "forms/bomb.xlsx: This form is too large when unpacked: at most 24 MB."
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"<html>"])
def test_a_form_that_is_no_workbook_is_refused(content):
    _, faults = reading.read_pack(small() | {"forms/bad.xlsx": content})

    assert "This is not an Excel file" in str(faults[0])


def test_a_form_with_entities_expands_nothing():
    """XML that multiplies itself, or reads a file of ours, is not XML that we read."""
    kinds = b"""<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">
        <!ENTITY f SYSTEM "file:///etc/passwd">]>"""
    buffer = io.BytesIO()
    gate = io.BytesIO(small()["forms/safety-gate.xlsx"])
    with zipfile.ZipFile(gate) as was, zipfile.ZipFile(buffer, "w") as now:
        for member in was.infolist():
            words = was.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                assert b"label::English (en)" in words
                words = kinds + words.replace(b"(en)</t>", b"(en) &b;&f;</t>")
            now.writestr(member, words)

    _, faults = reading.read_pack(
        small() | {"forms/safety-gate.xlsx": buffer.getvalue()}
    )

    assert faults
    told = "".join(map(str, faults))
    assert "root:" not in told
    assert "haha" not in told
