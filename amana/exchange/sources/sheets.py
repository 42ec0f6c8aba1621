"""One sheet, of a CSV file or a workbook, as a table: its head below any titles, and
its rows."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext as _

from amana.errors import Unreadable
from amana.exchange.sources.source_tables import Cell, SourceRow, SourceTable

LONGEST_CELL = 100 * 1024 * 1024
DELIMITERS = ",;\t|"
HEADS_WITHIN = 10
"""Rows in which a sheet's head is looked for, below its titles."""


def parse_csv(text: str) -> list[list[str]]:
    """Parse text with the delimiter that makes most rows as wide as one another. Raises
    `Unreadable` where a quote is never closed."""
    with allow_long_cells():
        delimiter = guess_delimiter(text)
        try:
            return read_cells(text, delimiter, strict=True)
        except csv.Error as error:
            if "end of data" in str(error):
                raise Unreadable(
                    _("the file"), _("A quotation mark is opened and never closed.")
                ) from error
        # A quote within a value, not doubled: read as it stands.
        return read_cells(text, delimiter, strict=False)


@contextmanager
def allow_long_cells() -> Iterator[None]:
    """Read cells of any length: a description may be longer than the 128 kB of the
    default, which is one for the whole process."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def read_cells(text: str, delimiter: str, *, strict: bool) -> list[list[str]]:
    lines = io.StringIO(text, newline="")
    return list(csv.reader(lines, delimiter=delimiter, strict=strict))


def guess_delimiter(text: str) -> str:
    def count_alike(delimiter: str) -> tuple[int, int]:
        # The sample ends within a row, whose width says nothing.
        sample = io.StringIO(text[:65_536], newline="")
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        width, times = Counter(widths[:-1] or widths or [0]).most_common(1)[0]
        return (times if width > 1 else 0), width

    return max(DELIMITERS, key=count_alike)


def list_tables(name: str, rows: Sequence[Sequence[str]]) -> list[SourceTable]:
    """List the table of a sheet: its head, below any titles, and its rows; none where
    it is empty."""
    head = find_head(rows)
    if head is None:
        return []
    columns = name_columns(rows[head])
    found = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        values: dict[str, Cell] = {
            column: text
            for column, cell in zip(columns, row, strict=False)
            if (text := cell.strip())
        }
        if values and not is_row_of_hashtags(values):
            found.append(SourceRow(number, values))
    return [SourceTable(name, columns, found)]


def find_head(rows: Sequence[Sequence[str]]) -> int | None:
    """Find the row of headings: the first that is filled about as widely as the rows
    below, and has no heading twice."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:50]]
    if not any(filled):
        return None
    widest = max(filled)
    for number, row in enumerate(rows[:HEADS_WITHIN]):
        heads = [cell.strip().lower() for cell in row if cell.strip()]
        if len(heads) * 2 > widest and len(set(heads)) * 2 > len(heads):
            return number
    return next(number for number, width in enumerate(filled) if width)


def name_columns(heads: Sequence[str]) -> list[str]:
    """Name each column by its heading; by its place where it has none, or one that
    another has."""
    found: list[str] = []
    for place, head in enumerate(heads, 1):
        name = " ".join(head.split()) or f"column {place}"  # the same in all languages
        found.append(name if name not in found else f"{name} ({place})")
    return found


def is_row_of_hashtags(values: dict[str, Cell]) -> bool:
    """Return whether a row holds the hashtags of HXL, which stand below the heads."""
    return all(str(value).startswith("#") for value in values.values())
