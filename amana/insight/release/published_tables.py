"""How a release is read: its figures in words, table by table."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from amana.insight.measure import labels
from amana.insight.measure.engine.definitions import Measure
from amana.insight.measure.engine.protected_tables import QUARTER
from amana.insight.measure.engine.visible_figures import ShownValue
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_view import TableLine
from amana.insight.release.choosing import format_dimension
from amana.insight.release.contents import UNKNOWN, ReleaseContents, ReleaseTable
from amana.insight.release.models import Release


@dataclass(frozen=True)
class PublishedRow:
    """One group of a table, in words; of two splits, the first is before it."""

    before: str
    line: TableLine
    codes: tuple[str, ...]


@dataclass(frozen=True)
class PublishedTable:
    """One table of a release."""

    number: int
    one: ReleaseTable
    contents: ReleaseContents

    @cached_property
    def definition(self) -> Definition:
        return Definition(self.one.indicator, self.one.figure)

    @property
    def title(self) -> str:
        several = len(self.one.indicator.parts) > 1
        title, name = self.definition.title, self.definition.name
        return f"{title}: {name}" if several and name != title else title

    @property
    def split(self) -> str:
        return " × ".join(map(format_dimension, self.one.by))

    @property
    def is_whole(self) -> bool:
        return not self.one.by and not self.is_distribution

    @property
    def is_distribution(self) -> bool:
        return self.one.figure.measure is Measure.DISTRIBUTION

    @property
    def last_split(self) -> str:
        if self.is_distribution:
            return labels.label_dimension(self.one.figure.over)
        return format_dimension(self.one.by[-1]) if self.one.by else _("Group")

    @property
    def first_split(self) -> str:
        """What is in the column before, where there are two."""
        dims = self.one.by if self.is_distribution else self.one.by[:-1]
        return " × ".join(map(format_dimension, dims))

    def line(self, label: str, code: str, shown: ShownValue) -> TableLine:
        return TableLine(label, code, shown, self.definition)

    @cached_property
    def rows(self) -> list[PublishedRow]:
        if self.is_distribution:
            return list(self.states())
        return [
            PublishedRow(
                words[0] if len(words) > 1 else "", self.line(words[-1], "", s), codes
            )
            for codes, words, s in self.groups()
        ]

    def groups(self) -> Iterator[tuple[tuple[str, ...], list[str], ShownValue]]:
        sheets, one = self.contents.sheets, self.one
        for cell in self.contents.cells(one):
            words = [self.label(dim, code) for dim, code in cell] or [_("Everyone")]
            codes = tuple(code for _dim, code in cell)
            yield codes, words, sheets.shown(one.code, one.figure, cell)

    def states(self) -> Iterator[PublishedRow]:
        names = labels.map_labels(self.one.figure.over)
        for cell in self.contents.cells(self.one):
            before = " · ".join(self.label(dim, code) for dim, code in cell)
            found = self.contents.sheets.shares(self.one.code, self.one.figure, cell)
            for state, shown in found.items():
                words = str(names.get(state, state))
                codes = (*(code for _dim, code in cell), state)
                yield PublishedRow(before, self.line(words, state, shown), codes)

    @staticmethod
    def label(dim: str, code: str) -> str:
        return (
            labels.format_quarter(code)
            if dim == QUARTER
            else labels.label_code(dim, code)
        )

    @cached_property
    def hidden(self) -> int:
        return sum(row.line.shown.hidden for row in self.rows)


def build_shelves(release: Release) -> list[PublishedTable]:
    contents = release.contents
    # Numbered by its place in the release, because that is in public addresses, and
    # what is chosen never changes.
    return [
        PublishedTable(n, table, contents) for n, table in enumerate(contents.chosen, 1)
    ]


@dataclass(frozen=True)
class TableDifference:
    what: str
    was: str
    now: str


MOST_DIFFERENCES = 30


def list_differences(release: Release) -> list[TableDifference]:
    """List what a restatement changed, for display."""
    return [build_difference(change) for change in release.changes[:MOST_DIFFERENCES]]


def build_difference(change: dict[str, Any]) -> TableDifference:
    name, _colon, state = str(change["name"]).partition(":")
    code, _dot, part = name.partition(".")
    shelf = ReleaseTable(code, part)
    definition = Definition(shelf.indicator, shelf.figure)
    groups = [PublishedTable.label(dim, c) for dim, c in change["at"]]
    words = {
        "counted": _("counted"),
        "others": _("the others"),
        UNKNOWN: _("not known"),
    }
    told = words.get(state, "")
    what = " · ".join(filter(None, [definition.name, *groups, told]))
    return TableDifference(
        what, format_count(change["was"]), format_count(change["is"])
    )


def format_count(count: int | None) -> str:
    from django.utils.formats import number_format

    return (
        _("not shown")
        if count is None
        else number_format(count, 0, force_grouping=True)
    )


def find_shelf(release: Release, number: int) -> PublishedTable | None:
    """Find the table with this number, as in its address."""
    return next(
        (shelve for shelve in build_shelves(release) if shelve.number == number), None
    )
