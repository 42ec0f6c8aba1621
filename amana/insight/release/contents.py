"""What is in a release: chosen tables, copied from the sheets of a year.

Everything on the sheets was protected together, and against all that any earlier sheet
has shown (ADR 24, 25). So a release protects nothing by itself: it leaves out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING, Any

from amana.insight.measure.engine.definitions import Indicator, IndicatorPart, Measure
from amana.insight.measure.engine.protected_tables import FEW, OUT, build_figure_name
from amana.insight.measure.engine.visible_figures import Cell, TablePage, YearTables
from amana.insight.measure.engine.wholes import build_whole_name
from amana.insight.measure.library.reading import load_library

if TYPE_CHECKING:
    from amana.insight.disclosure.engine import Protected

UNKNOWN = "unknown"
COUNTABLE = frozenset(
    {Measure.COUNT, Measure.SHARE, Measure.RATE, Measure.DISTRIBUTION}
)
type Pages = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class ReleaseTable:
    """One table: a figure of an indicator, for all people or split."""

    code: str
    part: str
    by: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "ReleaseTable":
        return cls(stored["code"], stored["part"], tuple(stored["by"]))

    def stored(self) -> Mapping[str, Any]:
        return asdict(self)

    @property
    def indicator(self) -> Indicator:
        return load_library()[self.code]

    @property
    def figure(self) -> IndicatorPart:
        return self.indicator.part(self.part)

    @property
    def name(self) -> str:
        """Of the figure, among the dimensions of a sheet."""
        return build_figure_name(self.code, self.figure)

    @property
    def slug(self) -> str:
        return "-".join((self.code, self.part, *self.by))


@dataclass(frozen=True)
class ReleaseContents:
    chosen: Sequence[ReleaseTable]
    pages: Pages
    inhabitants: int
    period: str

    @cached_property
    def sheets(self) -> YearTables:
        pages = {
            kind: TablePage(page["codes"], page["cells"], page["said"], page["exact"])
            for kind, page in self.pages.items()
        }
        return YearTables(pages, self.inhabitants)

    def page(self, one: ReleaseTable) -> TablePage:
        return self.sheets.page(one.figure.chosen.kind)

    def codes(self, one: ReleaseTable) -> list[tuple[str, ...]]:
        """List the codes of each dimension that a table is split by, without the
        unknown."""
        known = self.page(one).codes
        return [tuple(c for c in known.get(dim, ()) if c) for dim in one.by]

    def hidden(self, one: ReleaseTable) -> tuple[int, int]:
        """Count how many of its figures are hidden, and how many there are."""
        told = [
            self.sheets.shown(one.code, one.figure, cell) for cell in self.cells(one)
        ]
        return sum(shown.hidden for shown in told), len(told)

    def cells(self, one: ReleaseTable) -> Iterator[Cell]:
        from itertools import product

        for codes in product(*self.codes(one)):
            yield tuple(zip(one.by, codes, strict=True))

    # --- as counts

    def tables(self) -> "tuple[Protected, ...]":
        countable = (o for o in self.chosen if o.figure.measure in COUNTABLE)
        return tuple(table for chosen in countable for table in self.counts(chosen))

    def counts(self, one: ReleaseTable) -> "Iterator[Protected]":
        """Build a table for each state of the figure, without those it is not about."""
        import numpy as np

        from amana.insight.disclosure.engine import Protected

        page = self.page(one)
        states = [c for c in page.codes.get(one.name, ()) if c != OUT]
        codes = tuple(tuple(page.codes.get(dim, ())) for dim in one.by)
        for state in states:
            shape = tuple(map(len, codes))
            values, shown = np.zeros(shape, np.int64), np.zeros(shape, bool)
            for at in np.ndindex(*shape):
                cell = [(d, c[n]) for d, c, n in zip(one.by, codes, at, strict=True)]
                count = page.count((*cell, (one.name, state)))
                values[at], shown[at] = count or 0, count is not None
            name = f"{one.name}:{state or UNKNOWN}"
            yield Protected(name, one.by, codes, values, shown, self.period)


def copy_pages(sheets: YearTables, chosen: Sequence[ReleaseTable]) -> Pages:
    """Copy from the protected tables only what these tables need."""
    pages: dict[str, dict[str, Any]] = {}
    for table in chosen:
        for kind, name in iterate_sources(table):
            page = sheets.page(kind)
            found = pages.setdefault(
                kind, {"codes": {}, "cells": {}, "said": {}, "exact": page.exact}
            )
            for dims in (table.by, (name, *table.by)):
                copy_table(page, dims, found)
            said = page.said.get(name, {})
            for key in iterate_said_keys(table):
                if key in said:
                    found["said"].setdefault(name, {})[key] = said[key]
    return pages


def iterate_said_keys(one: ReleaseTable) -> Iterator[str]:
    """Iterate the keys under which a protected table has more than counts; of a share
    as a whole, also which of its two parts is too small to be shown."""
    yield from ("/".join(some) for some in permutations(one.by))
    if not one.by:
        yield FEW


def iterate_sources(one: ReleaseTable) -> Iterator[tuple[str, str]]:
    """Iterate the figure, its whole, and what divides it: of which kind, by which
    name."""
    yield one.figure.chosen.kind, one.name
    if one.figure.measure is Measure.DISTRIBUTION:
        yield one.figure.chosen.kind, build_whole_name(one.name)
    if one.figure.of is not None:
        yield one.figure.of.kind, build_figure_name(one.code, one.figure, divides=True)


def copy_table(page: TablePage, dims: Sequence[str], found: dict[str, Any]) -> None:
    # A table is there once, in one order of its dimensions.
    for some in permutations(dims):
        key = "/".join(some)
        if key in page.cells:
            found["cells"][key] = list(page.cells[key])
            found["codes"].update({dim: list(page.codes[dim]) for dim in some})


def has_table(sheets: YearTables, chosen: ReleaseTable) -> bool:
    """Ask whether there is such a protected table."""
    return sheets.splits(chosen.code, chosen.figure, chosen.by)


# --- what is different


def differ(before: ReleaseContents, now: ReleaseContents) -> bool:
    """Compare the tables that both have: true when one of them isn't the same."""
    both = (table for table in now.chosen if table in before.chosen)
    return any(
        copy_pages(before.sheets, [x]) != copy_pages(now.sheets, [x]) for x in both
    )


type Count = tuple[str, tuple[tuple[str, str], ...]]


def map_counts(contents: ReleaseContents) -> Mapping[Count, int | None]:
    """Map each count of a release, by the table's name and its codes."""
    import numpy as np

    return {
        (
            table.name,
            tuple(
                (d, c[n]) for d, c, n in zip(table.dims, table.codes, at, strict=True)
            ),
        ): int(table.values[at]) if table.shown[at] else None
        for table in contents.tables()
        for at in np.ndindex(*table.values.shape)
    }


def list_changes(
    before: ReleaseContents, now: ReleaseContents
) -> list[dict[str, object]]:
    """List the counts that have changed."""
    was, found = map_counts(before), map_counts(now)
    return [
        {"name": name, "at": [list(pair) for pair in at], "was": was[name, at], "is": n}
        for (name, at), n in found.items()
        if (name, at) in was and was[name, at] != n
    ]
