"""A zip that unfolds to gigabytes, a thousand files or depths is told in words, by each
of those who read one; and nothing else comes of it."""

import io
import resource
import zipfile
from collections.abc import Callable

import pytest

from amana.academy.authoring import sent as courses
from amana.academy.courses.engine import reading
from amana.confined import NotRead
from amana.design.forms import workbooks
from amana.design.mechanism import sent as packs
from amana.errors import Unreadable
from amana.exchange.learning.qti import reading as qti
from amana.faults import Fault

MB = 1_000_000


def read_course(zipped: bytes) -> tuple[None, list[Fault]]:
    """A course may come with faults, which are mended in the draft."""
    taken, faults = courses.read_sent_zip(zipped, by=1)
    return None, faults or reading.read_course(taken or {}).faults


READERS: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "pack": ("mechanism.yaml", lambda zipped: packs.read_zip(zipped, by=1)),
    "form": (
        "xl/workbook.xml",
        lambda zipped: packs.check_form("forms/a.xlsx", zipped, by=1),
    ),
    "workbook": (
        "xl/workbook.xml",
        lambda zipped: workbooks.read_uploaded_form(zipped, name="a.xlsx", by=1),
    ),
    "course": ("course.yaml", lambda zipped: read_course(zipped)),
    "questions": ("a.xml", lambda zipped: qti.read_sent(zipped, "a.zip", by=1)),
}
"""What each looks for in a zip."""


def zipped(files: dict[str, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def lying(bomb: bytes, real: int) -> bytes:
    """The same, said to unfold to ten bytes."""
    return bomb.replace(real.to_bytes(4, "little"), (10).to_bytes(4, "little"))


DEEP = b"<a>" * 100_000
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a;" * 10) for n in range(9))
    + b"]><a>&a9;</a>"
)


def bombs(name: str) -> list[bytes]:
    many = {f"{name[:-4]}{n}{name[-4:]}": b"" for n in range(10_000)}
    return [
        lying(zipped({name: bytes(60 * MB)}), 60 * MB),
        lying(zipped({name: bytes(9 * MB)}, zipfile.ZIP_BZIP2), 9 * MB),
        zipped({name: zipped({name: bytes(9 * MB)})}, zipfile.ZIP_LZMA),
        zipped(many),
        zipped({name: DEEP if name.endswith("xml") else b"[" * 100_000}),
        zipped({name: ENTITIES}),
    ]


@pytest.mark.parametrize("kind", READERS)
def test_a_bomb_is_told_in_words_and_costs_little(kind: str) -> None:
    name, read = READERS[kind]
    before = cost()
    for bomb in bombs(name):
        assert told(read, bomb)
    assert cost() - before < 15


def cost() -> float:
    """Seconds of the processor that our processes have taken so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(read: Callable[[bytes], object], bomb: bytes) -> str:
    """Why nothing was taken of it."""
    try:
        found = read(bomb)
    except (NotRead, Unreadable) as no:
        return str(no)
    if isinstance(found, list):
        assert all(isinstance(item, qti.SkippedItem) for item in found)
        return str(found[0].why)
    assert isinstance(found, tuple)
    taken, faults = found
    assert taken is None
    return str(faults[0])
