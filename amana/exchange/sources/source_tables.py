"""What every layout becomes first: tables of texts, one row in another's place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MAIN = "entries"
"""The name of a table that has none in its file."""

type Cell = str | list[str]
"""A value as its publisher wrote it; a list where one place holds several."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a table. Empty values are left out."""

    number: int
    """As a person counts in the file: the row of a sheet, the entry of a list."""
    values: Mapping[str, Cell]
    above: int | None = None
    """Which row of the table above holds it, by its place in the list."""


@dataclass(frozen=True, eq=False)
class SourceTable:
    """One table of a file."""

    name: str
    columns: list[str]
    rows: list[SourceRow]
    above: str | None = None
    """The table whose rows hold these, where a file nests them."""

    def format_place(self, row: SourceRow) -> str:
        """Format where a row is, for a person who looks it up."""
        place = {"table": self.name, "row": row.number}
        return _("%(table)s, row %(row)s") % place

    def iterate_values(self, column: str) -> Iterator[Cell]:
        """Yield the values of a column; lazily, because most who ask want a few."""
        return (row.values[column] for row in self.rows if column in row.values)


@dataclass(frozen=True)
class SourceFile:
    """A file as it was opened: its tables, and what a person should know of it."""

    tables: list[SourceTable]
    notes: list[str] = field(default_factory=list)
    """What the file states of itself that doesn't hold, and what was not read."""


def iterate_texts(cell: Cell | None) -> Iterator[str]:
    """Yield each text of a cell; none of an empty one."""
    if isinstance(cell, str):
        yield cell
    elif cell is not None:
        yield from cell


def join_texts(cell: Cell | None, between: str = "\n") -> str:
    return between.join(iterate_texts(cell))
