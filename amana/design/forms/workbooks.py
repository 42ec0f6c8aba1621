"""A workbook that someone sends, opened in a process of its own."""

from contextlib import suppress

from amana import confined
from amana.design.forms.engine import workbook
from amana.design.forms.engine.faults import Broken, Fault
from amana.design.forms.engine.model import Form
from amana.design.forms.engine.reading import read_form


def read_sent(
    xlsx: bytes, *, name: str, by: int | None
) -> tuple[Form | None, list[Fault]]:
    """The form, or None and every fault; NotRead where it is too much. `by` is the key
    of the person who sent it."""
    return read_form(xlsx, name=name, opened=lambda content: opened(content, by=by))


def opened(xlsx: bytes, *, by: int | None) -> workbook.Sheets:
    work = "amana.design.forms.engine.workbook:unpack"
    return workbook.unpacked(confined.run(work, xlsx, by=by))


def require_readable(xlsx: bytes, *, by: int | None) -> None:
    """NotRead where it is too much. Whatever else is wrong is told by who reads it."""
    with suppress(Broken):
        opened(xlsx, by=by)
