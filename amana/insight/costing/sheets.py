"""A costing as a file for a spreadsheet. A text that a spreadsheet would take for a
formula gets an apostrophe before it; a number stays one."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO, StringIO

from amana.insight.costing.results import Results, Table
from amana.ui.harmless import no_formula

LONGEST_NAME = 31
"""Of a sheet, as spreadsheets allow."""
FORBIDDEN = str.maketrans("[]:*?/\\", "       ")

type Cell = str | Decimal


def rows_of(table: Table) -> list[Sequence[Cell]]:
    every: list[Sequence[Cell]] = [table.columns, *table.rows]
    return [[safe(cell) for cell in row] for row in every]


def safe(cell: Cell) -> Cell:
    return no_formula(cell) if isinstance(cell, str) else cell


def as_csv(results: Results) -> bytes:
    """Write one table after the other."""
    text = StringIO()
    writer = csv.writer(text)
    title = f"{results.costing.title} ({results.currency})"
    writer.writerow([no_formula(title)])
    for table in results.tables():
        writer.writerow([])
        writer.writerow([no_formula(table.title)])
        writer.writerows(rows_of(table))
    # Excel takes a file for UTF-8 only if it begins with this mark.
    return "\ufeff".encode() + text.getvalue().encode()


def as_xlsx(results: Results) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    for table in results.tables():
        name = table.title.translate(FORBIDDEN).strip()[:LONGEST_NAME]
        sheet = book.create_sheet(name)
        for row in rows_of(table):
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.column_dimensions["A"].width = 44
        sheet.freeze_panes = "B2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()
