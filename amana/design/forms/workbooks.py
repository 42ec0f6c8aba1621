"""Opens an uploaded workbook in a process of its own."""

from amana import confined
from amana.design.forms.engine import workbook
from amana.design.forms.engine.form_model import Form
from amana.design.forms.engine.reading import read_form
from amana.faults import Fault

LIMITS = confined.Limits(memory=512, seconds=5, answer=8)
"""A form of a thousand questions with ten thousand choices in five languages takes a
third of it."""


def read_uploaded_form(
    xlsx: bytes, *, name: str, by: int | None
) -> tuple[Form | None, list[Fault]]:
    """Read the form; None and every fault where it has some. Raises `NotRead` where it
    is too much. `by` is the key of the person who sent it."""
    return read_form(
        xlsx, name=name, opened=lambda content: open_confined(content, by=by)
    )


def open_confined(xlsx: bytes, *, by: int | None) -> workbook.Sheets:
    work = "amana.design.forms.engine.workbook:unpack_sheets"
    return confined.run_confined(
        work, xlsx, workbook.parse_answer, by=by, limits=LIMITS
    )
