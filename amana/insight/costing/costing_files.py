"""A costing as a file for a spreadsheet. A text that a spreadsheet would take for a
formula gets an apostrophe before it; a number stays one."""

import csv
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO, StringIO

from amana.insight.costing.results import CostingResults, CostTable
from amana.ui.harmless import escape_formula

LONGEST_NAME = 31
"""Of a sheet, as spreadsheets allow."""
FORBIDDEN = str.maketrans("[]:*?/\\", "       ")

type Cell = str | Decimal


def list_rows(table: CostTable) -> list[Sequence[Cell]]:
    every: list[Sequence[Cell]] = [table.columns, *table.rows]
    return [[make_safe(cell) for cell in row] for row in every]


def make_safe(cell: Cell) -> Cell:
    return escape_formula(cell) if isinstance(cell, str) else cell


def write_csv(results: CostingResults) -> bytes:
    """Write one table after the other."""
    text = StringIO()
    writer = csv.writer(text)
    title = f"{results.costing.title} ({results.currency})"
    writer.writerow([escape_formula(title)])
    for table in results.tables():
        writer.writerow([])
        writer.writerow([escape_formula(table.title)])
        writer.writerows(list_rows(table))
    # Excel takes a file for UTF-8 only if it begins with this mark.
    return "\ufeff".encode() + text.getvalue().encode()


def write_xlsx(results: CostingResults) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    for table in results.tables():
        name = table.title.translate(FORBIDDEN).strip()[:LONGEST_NAME]
        sheet = book.create_sheet(name)
        for row in list_rows(table):
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.column_dimensions["A"].width = 44
        sheet.freeze_panes = "B2"
    file = BytesIO()
    book.save(file)
    return file.getvalue()
