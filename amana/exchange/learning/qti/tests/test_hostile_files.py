"""Whatever a stranger's file holds, what is wrong with it is said in a sentence."""

import struct
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some

from amana.errors import Unreadable
from amana.exchange.learning.qti import reading
from amana.exchange.learning.qti.reading import ReadQuestion, SkippedItem, read
from amana.exchange.learning.qti.tests.test_round_trip import CHOICE
from amana.exchange.learning.qti.vocabulary import NAMESPACE
from tests.patching import replace_everywhere

NUMBER = f"""
<qti-assessment-item xmlns="{NAMESPACE}" identifier="n" title="t">
  <qti-response-declaration identifier="R" cardinality="single" base-type="float">
    <qti-correct-response><qti-value>12</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-item-body><p>How many? <qti-text-entry-interaction response-identifier="R"/></p>
  </qti-item-body>
  <qti-response-processing>
    <qti-equal tolerance="2" tolerance-mode="absolute"/>
  </qti-response-processing>
</qti-assessment-item>"""
GOOD = CHOICE.encode()


def packed(how=zipfile.ZIP_DEFLATED, **files):
    held = BytesIO()
    with zipfile.ZipFile(held, "w", how) as made:
        for name, content in files.items():
            made.writestr(f"{name}.xml", content)
    return held.getvalue()


@pytest.mark.parametrize("odd", ["1e999", "-1e999", "inf", "nan", "many", "1 2"])
@pytest.mark.parametrize(
    ("was", "why"),
    [
        ("<qti-value>{}<", "not exactly one number"),
        ('tolerance="{}" ', "precision required of the number is missing"),
    ],
)
def test_a_number_that_is_none_is_set_aside(odd, was, why):
    if odd == "1 2" and "precision" in why:
        why = "given in a way that is not supported"
    now = "12" if "value" in was else "2"
    assert isinstance(read(NUMBER.encode(), "n.xml")[0], ReadQuestion)

    [found] = read(NUMBER.replace(was.format(now), was.format(odd)).encode(), "n.xml")

    assert isinstance(found, SkippedItem)
    assert why in found.why


@pytest.mark.parametrize("deep", [100, 5_000, 100_000])
def test_an_item_that_goes_too_deep_is_set_aside(deep):
    content = CHOICE.replace("Who", f"{'<b>' * deep}Who{'</b>' * deep}").encode()

    [found] = read(content, "a.xml")

    assert found == SkippedItem("a.xml", "This is nested too deeply.")


def damaged(package, name):
    """Its bytes, but for some in the middle of what it holds of one file."""
    with zipfile.ZipFile(BytesIO(package)) as made:
        at = made.getinfo(f"{name}.xml").header_offset + 30 + len(name) + 4 + 20
    return (
        package[:at]
        + bytes(byte ^ 0xFF for byte in package[at : at + 8])
        + package[at + 8 :]
    )


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_damaged_item_does_not_hold_up_the_others(how):
    package = packed(how, a=GOOD, b=CHOICE.replace("A 1", "B 1"))

    [bad, good] = read(damaged(package, "a"), "some.zip")

    assert bad == SkippedItem("a.xml", "This can’t be read.")
    assert isinstance(good, ReadQuestion)


def test_a_damaged_package_is_refused_in_words():
    package = bytearray(packed(a=GOOD))
    package[package.index(b"PK\x01\x02")] = 0

    assert zipfile.is_zipfile(BytesIO(package))
    with pytest.raises(Unreadable, match="not a zip file, or it is damaged"):
        read(bytes(package), "some.zip")


def test_an_item_packed_in_a_way_without_bounds_is_set_aside():
    for how in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert read(packed(how, a=GOOD), "some.zip") == [
            SkippedItem("a.xml", "This can’t be read.")
        ]


def test_a_locked_item_is_set_aside():
    package = bytearray(packed(a=GOOD))
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        package[package.index(head) + at] |= 1

    [found] = read(bytes(package), "some.zip")

    assert isinstance(found, SkippedItem)
    assert "protected with a password" in found.why


def test_an_item_that_is_too_large_is_set_aside_alone(monkeypatch):
    replace_everywhere(monkeypatch, reading, "LARGEST_ITEM", 2000)
    blown = CHOICE.replace("Who", "Who " + " " * 5000)

    [large, good] = read(packed(a=blown, b=GOOD), "some.zip")

    assert large == SkippedItem("a.xml", "It is too large to read.")
    assert isinstance(good, ReadQuestion)
    assert read(blown.encode(), "a.xml") == [large]


def test_no_size_that_a_package_claims_is_believed():
    """Thirty megabytes that say that they are ten bytes."""
    package = bytearray(packed(a=bytes(30 * 2**20)))
    at = package.index(b"PK\x01\x02")
    package[at + 24 : at + 28] = struct.pack("<I", 10)

    tracemalloc.start()
    [found] = read(bytes(package), "some.zip")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert isinstance(found, SkippedItem)
    assert most < 8 * 2**20


def test_a_package_that_is_too_large_is_refused(monkeypatch):
    replace_everywhere(monkeypatch, reading, "LARGEST", 2 * len(GOOD))
    with pytest.raises(Unreadable, match="too large"):
        read(packed(a=GOOD, b=GOOD, c=GOOD), "some.zip")

    replace_everywhere(monkeypatch, reading, "MOST", 1)
    with pytest.raises(Unreadable, match="too large"):
        read(packed(a=GOOD, b=GOOD), "some.zip")


@given(some.data())
def test_whatever_was_changed_in_a_package_it_is_read_or_refused(data):
    package = bytearray(packed(a=GOOD, b=NUMBER))
    places = some.integers(0, len(package) - 1)
    for at, byte in data.draw(some.lists(some.tuples(places, some.integers(0, 255)))):
        package[at] = byte
    if data.draw(some.booleans()):
        del package[data.draw(places) :]

    try:
        found = read(bytes(package), "some.zip")
    except Unreadable:
        return
    assert found
