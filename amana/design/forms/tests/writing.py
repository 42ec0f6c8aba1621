"""Workbooks for tests, written as an author would write them."""

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from amana.design.forms.engine.form_model import Form
from amana.design.forms.engine.reading import read_form
from amana.faults import Fault

type Rows = Sequence[Mapping[str, str]]

YES_NO: Rows = [
    {"list_name": "yn", "name": "yes", "label": "Yes"},
    {"list_name": "yn", "name": "no", "label": "No"},
]
SETTINGS = {"form_id": "trial", "form_title": "A trial", "version": "1"}


def workbook(
    survey: Rows, choices: Rows = YES_NO, settings: Mapping[str, str] = SETTINGS
) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in (
        ("survey", survey),
        ("choices", choices),
        ("settings", [settings]),
    ):
        sheet = book.create_sheet(name)
        heads = list(dict.fromkeys(head for row in rows for head in row))
        sheet.append(heads)
        for row in rows:
            sheet.append([row.get(head) for head in heads])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def q(type_: str, name: str, label: str = "", **more: str) -> dict[str, str]:
    """A row: sealed with the needs, unless it says otherwise; its label its name."""
    silent = type_.split(" ")[0] in ("calculate", "end_group", "end_repeat")
    row = {"type": type_, "name": name, "label": "" if silent else label or name}
    return {"compartment": "needs"} | {k: v for k, v in row.items() if v} | more


def form(*survey: Mapping[str, str], choices: Rows = YES_NO, **settings: str) -> Form:
    made, faults = read_form(
        workbook(survey, choices, SETTINGS | settings), name="f.xlsx"
    )
    assert faults == [], [str(fault) for fault in faults]
    assert made is not None
    return made


def faults(*survey: Mapping[str, str], choices: Rows = YES_NO) -> list[str]:
    _form, found = read_form(workbook(survey, choices), name="f.xlsx")
    return [format_place(fault) for fault in found]


def format_place(fault: Fault) -> str:
    """Format a fault with its sheet, row and column."""
    place = " ".join(str(part) for part in fault.where if part)
    return f"f.xlsx, {place}: {fault.format()}"
