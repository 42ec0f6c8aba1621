"""How a release is read: its figures in words, table by table."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from amana.insight.measure import naming
from amana.insight.measure.engine.definitions import Measure
from amana.insight.measure.engine.sheets import QUARTER
from amana.insight.measure.engine.shown import Shown
from amana.insight.measure.reading import Line
from amana.insight.measure.telling import Definition
from amana.insight.release.choosing import title
from amana.insight.release.contents import UNKNOWN, Chosen, Contents
from amana.insight.release.models import Release


@dataclass(frozen=True)
class Row:
    """One group of a table, in words; of two splits, the first is before it."""

    before: str
    line: Line
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Shelf:
    """One table of a release."""

    number: int
    one: Chosen
    contents: Contents

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
        return " × ".join(map(title, self.one.by))

    @property
    def is_whole(self) -> bool:
        return not self.one.by and not self.is_distribution

    @property
    def is_distribution(self) -> bool:
        return self.one.figure.measure is Measure.DISTRIBUTION

    @property
    def last_split(self) -> str:
        if self.is_distribution:
            return naming.dimension(self.one.figure.over)
        return title(self.one.by[-1]) if self.one.by else _("Group")

    @property
    def first_split(self) -> str:
        """What is in the column before, where there are two."""
        dims = self.one.by if self.is_distribution else self.one.by[:-1]
        return " × ".join(map(title, dims))

    def line(self, label: str, code: str, shown: Shown) -> Line:
        return Line(label, code, shown, self.definition)

    @cached_property
    def rows(self) -> list[Row]:
        if self.is_distribution:
            return list(self.states())
        return [
            Row(words[0] if len(words) > 1 else "", self.line(words[-1], "", s), codes)
            for codes, words, s in self.groups()
        ]

    def groups(self) -> Iterator[tuple[tuple[str, ...], list[str], Shown]]:
        sheets, one = self.contents.sheets, self.one
        for cell in self.contents.cells(one):
            words = [self.label(dim, code) for dim, code in cell] or [_("Everyone")]
            codes = tuple(code for _dim, code in cell)
            yield codes, words, sheets.shown(one.code, one.figure, cell)

    def states(self) -> Iterator[Row]:
        labels = naming.labels(self.one.figure.over)
        for cell in self.contents.cells(self.one):
            before = " · ".join(self.label(dim, code) for dim, code in cell)
            found = self.contents.sheets.shares(self.one.code, self.one.figure, cell)
            for state, shown in found.items():
                words = str(labels.get(state, state))
                codes = (*(code for _dim, code in cell), state)
                yield Row(before, self.line(words, state, shown), codes)

    @staticmethod
    def label(dim: str, code: str) -> str:
        return naming.quarter(code) if dim == QUARTER else naming.label(dim, code)

    @cached_property
    def hidden(self) -> int:
        return sum(row.line.shown.hidden for row in self.rows)


def shelves(release: Release) -> list[Shelf]:
    contents = release.contents
    # Numbered by its place in the release, because that is in public addresses, and
    # what is chosen never changes.
    return [Shelf(n, table, contents) for n, table in enumerate(contents.chosen, 1)]


@dataclass(frozen=True)
class Difference:
    what: str
    was: str
    now: str


MOST_DIFFERENCES = 30


def differences(release: Release) -> list[Difference]:
    """List what a restatement changed, for display."""
    return [difference(change) for change in release.changes[:MOST_DIFFERENCES]]


def difference(change: dict[str, Any]) -> Difference:
    name, _colon, state = str(change["name"]).partition(":")
    code, _dot, part = name.partition(".")
    shelf = Chosen(code, part)
    definition = Definition(shelf.indicator, shelf.figure)
    groups = [Shelf.label(dim, c) for dim, c in change["at"]]
    words = {
        "counted": _("counted"),
        "others": _("the others"),
        UNKNOWN: _("not known"),
    }
    told = words.get(state, "")
    what = " · ".join(filter(None, [definition.name, *groups, told]))
    return Difference(what, said(change["was"]), said(change["is"]))


def said(count: Any) -> str:
    from django.utils.formats import number_format

    return (
        _("not shown")
        if count is None
        else number_format(count, 0, force_grouping=True)
    )


def shelf(release: Release, number: int) -> Shelf | None:
    """Find the table with this number, as in its address."""
    return next(
        (shelve for shelve in shelves(release) if shelve.number == number), None
    )
