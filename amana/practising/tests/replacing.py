"""A workbook with another question, as one changes it at a desk."""

import io

import openpyxl

ASKED = "What do you need today?"


def replace_form(content: bytes) -> bytes:
    """Change the label of the first question of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["survey"]
    columns = [str(cell.value) for cell in sheet[1]]
    label = next(n for n, name in enumerate(columns) if name.startswith("label"))
    for row in sheet.iter_rows(min_row=2):
        if row[label].value:
            row[label].value = ASKED
            break
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()
