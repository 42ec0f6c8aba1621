"""The tables as people read them, each on a sheet, in the reader's language (.xlsx)."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from amana.insight.release.models import Release
from amana.insight.release.published_tables import PublishedTable, build_shelves
from amana.ui.harmless import escape_formula

MOST_LETTERS = 31
"""Of a sheet's name, in Excel."""
WIDEST = 48

type Row = Sequence[object]


def write_xlsx(release: Release) -> bytes:
    book, tables = Workbook(), build_shelves(release)
    about = book.active
    about.title = _("About")[:MOST_LETTERS]
    fill_sheet(
        about,
        describe_origin(release),
        (_("Sheet"), _("What it shows"), _("Split by")),
        [(table.number, table.title, table.split) for table in tables],
    )
    for table in tables:
        # The number comes first, so that sheets whose titles are cut to the same
        # letters still have names of their own.
        sheet = book.create_sheet(f"{table.number} {table.one.slug}"[:MOST_LETTERS])
        fill_sheet(
            sheet, [(table.title,)], build_heading(table), [*iterate_lines(table)]
        )
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def describe_origin(release: Release) -> list[Row]:
    """Describe where the figures come from, and what is not in them."""
    return [
        (_("Release"), release.pk),
        (_("Year"), release.year),
        (_("Mechanism"), release.mechanism),
        (_("Observations up to (not including)"), release.until),
        (_("Smallest group of people shown"), release.smallest),
    ]


def build_heading(table: PublishedTable) -> Row:
    return (
        *((table.first_split,) if table.first_split else ()),
        *(table.last_split, _("Value"), _("Between"), _("and"), _("Counted")),
        *(_("Out of"), _("Not known"), _("In words")),
    )


def iterate_lines(table: PublishedTable) -> Iterator[Row]:
    for row in table.rows:
        shown = row.line.shown
        before = (row.before,) if table.first_split else ()
        yield (
            *(*before, row.line.label, shown.value, shown.low, shown.high),
            *(shown.counted, shown.of, shown.unknown, row.line.value),
        )


def fill_sheet(
    sheet: Worksheet, above: Sequence[Row], heading: Row, rows: Sequence[Row]
) -> None:
    """Fill a sheet: the heading is bold, and the columns are as wide as their
    values."""
    for row in (*above, heading, *rows):
        sheet.append(
            # A text that begins with “=” would be run by the spreadsheet.
            [
                escape_formula(value) if isinstance(value, str) else value
                for value in row
            ]
        )
    for cell in sheet[len(above) + 1]:
        cell.font = Font(bold=True)
    for n, title in enumerate(heading):
        widest = max(len(str(value)) for value in (title, *(row[n] for row in rows)))
        letter = get_column_letter(n + 1)
        sheet.column_dimensions[letter].width = min(widest + 3, WIDEST)
    sheet.sheet_view.rightToLeft = get_language_bidi()
