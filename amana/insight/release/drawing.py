"""The tables of a release as pictures, figure by figure.

A picture shows what its table shows and no more: it begins at nothing, draws all groups
of a figure on one scale, and names those that are not shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.urls import reverse
from django.utils.translation import get_language_bidi

from amana.insight.measure import figure_labels
from amana.insight.measure.engine.definitions import Measure
from amana.insight.measure.figure_view import TableLine
from amana.insight.release.models import Release
from amana.insight.release.published_tables import PublishedRow, PublishedTable
from amana.ui import charts

IN_A_CARD = 6
ON_A_PAGE = 120
"""So many rows are drawn at most, so that a public page stays light; the links to the
tables that follow are there all the same."""
IN_A_TABLE = 24


@dataclass(frozen=True)
class TablePicture:
    """One table: its rows as bars, and what they leave out."""

    table: PublishedTable
    url: str
    chart: charts.RowChart | None
    hidden: list[str]
    """The groups that are not shown."""
    more: int
    """How many others are in the table alone."""

    @property
    def shows(self) -> bool:
        return self.chart is not None or self.more > 0


@dataclass(frozen=True)
class FigurePictures:
    """All tables of one figure that are split."""

    title: str
    pictures: list[TablePicture]
    empty: list[TablePicture]
    """Of which nothing is shown."""


def draw_figures(
    release: Release, tables: Sequence[PublishedTable], address: str
) -> list[FigurePictures]:
    """Draw the split tables of a release, those of a figure together.

    `address` is the name of the page of one table.
    """
    room = ON_A_PAGE
    found = []
    for title, some in groupby(tables, key=lambda table: table.title):
        together, pictures = list(some), list[TablePicture]()
        for table in together:
            if not table.is_whole:
                url = reverse(address, args=[release.pk, table.number])
                drawn = draw_picture(table, together, min(IN_A_CARD, room), url)
                room -= len(drawn.chart.rows) if drawn.chart else 0
                pictures.append(drawn)
        if pictures:
            shown = [drawn for drawn in pictures if drawn.shows]
            nothing = [drawn for drawn in pictures if not drawn.shows]
            found.append(FigurePictures(title, shown, nothing))
    return found


def draw_in_full(table: PublishedTable) -> TablePicture | None:
    """Draw a table above its own rows; nothing of a table of one row."""
    return draw_picture(table, [table], IN_A_TABLE) if len(table.rows) > 1 else None


def draw_picture(
    table: PublishedTable,
    together: Sequence[PublishedTable],
    at_most: int,
    url: str = "",
) -> TablePicture:
    """Draw a table on the scale of all tables of its figure."""
    shown = [row for row in table.rows if not row.line.shown.hidden]
    if table.is_distribution:
        shown.sort(key=lambda row: (row.before, -(row.line.shown.best or 0)))
    by_two = table.is_distribution and table.one.by
    drawn = [] if by_two else shown[:at_most]
    return TablePicture(
        table,
        url,
        draw_chart(table, drawn, together) if drawn else None,
        [label_row(row) for row in table.rows if row.line.shown.hidden],
        len(shown) - len(drawn),
    )


def draw_chart(
    table: PublishedTable,
    drawn: Sequence[PublishedRow],
    together: Sequence[PublishedTable],
) -> charts.RowChart:
    whole = find_whole(table, together)
    split = table.split or table.last_split
    said = "; ".join(f"{label_row(row)}: {row.line.value}" for row in drawn)
    return charts.draw_rows(
        [replace(row.line.given, label=label_row(row)) for row in drawn],
        described=f"{table.title}, {split}. {said}.",
        most=compute_scale(together),
        mirrored=get_language_bidi(),
        whole=whole.shown.value if whole else None,
        whole_words=whole.value if whole else "",
    )


def label_row(row: PublishedRow) -> str:
    return " · ".join(filter(None, [row.before, row.line.label]))


def find_whole(
    table: PublishedTable, together: Sequence[PublishedTable]
) -> TableLine | None:
    """Find the value of all people, where groups can be compared with it: a count
    can't."""
    if table.one.figure.measure in (Measure.COUNT, Measure.TOTAL):
        return None
    lines = [shelf.rows[0].line for shelf in together if shelf.is_whole]
    return next((line for line in lines if line.shown.value is not None), None)


def compute_scale(together: Sequence[PublishedTable]) -> float:
    """Return where the scale ends: at 100 %, or above all that is shown."""
    if figure_labels.is_share(together[0].one.figure):
        return 1.0
    return charts.choose_scale_end(max(iterate_tops(together), default=1.0))


def iterate_tops(together: Sequence[PublishedTable]) -> Iterator[float]:
    for table in together:
        if not table.is_whole:
            for row in table.rows:
                shown = row.line.shown
                yield from (n for n in (shown.best, shown.high) if n is not None)
