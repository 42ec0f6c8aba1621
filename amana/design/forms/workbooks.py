"""Opens an uploaded workbook in a process of its own."""

from amana import confined
from amana.design.forms.engine import workbook
from amana.design.forms.engine.faults import Fault
from amana.design.forms.engine.model import Form
from amana.design.forms.engine.reading import read_form

LIMITS = confined.Limits(memory=512, seconds=5, answer=8)
"""A form of a thousand questions with ten thousand choices in five languages takes a
third of it."""


def read_sent(
    xlsx: bytes, *, name: str, by: int | None
) -> tuple[Form | None, list[Fault]]:
    """Read the form; None and every fault where it has some. Raises `NotRead` where it
    is too much. `by` is the key of the person who sent it."""
    return read_form(xlsx, name=name, opened=lambda content: opened(content, by=by))


def opened(xlsx: bytes, *, by: int | None) -> workbook.Sheets:
    work = "amana.design.forms.engine.workbook:unpack"
    return confined.run(work, xlsx, workbook.unpacked, by=by, limits=LIMITS)
