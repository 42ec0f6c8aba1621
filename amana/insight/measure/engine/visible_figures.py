"""A figure as people may see it: made of nothing but what is on a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import Any

from amana.insight.measure.engine import statistics
from amana.insight.measure.engine.counting import ALL, COUNTED, OTHERS
from amana.insight.measure.engine.definitions import IndicatorPart, Measure
from amana.insight.measure.engine.protected_tables import (
    FEW,
    OFF,
    OUT,
    build_figure_name,
)
from amana.insight.measure.engine.protected_tables import Cell as Cell
from amana.insight.measure.engine.wholes import build_whole_name


@dataclass(frozen=True)
class ShownValue:
    """A value, or what it surely is at least or at most; or that it is hidden."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    counted: float | None = None
    of: float | None = None
    unknown: int | None = None

    @property
    def hidden(self) -> bool:
        said = (self.value, self.at_least, self.at_most, self.low)
        return all(value is None for value in said)

    @property
    def best(self) -> float | None:
        """What to draw: the value, or the bound that it surely keeps."""
        return next(
            (n for n in (self.value, self.at_least, self.at_most) if n is not None),
            None,
        )


HIDDEN = ShownValue()


def get_sort_value(shown: ShownValue) -> float:
    return shown.value or 0.0


@dataclass(frozen=True)
class TablePage:
    """The sheet of one kind."""

    codes: Mapping[str, Sequence[str]]
    cells: Mapping[str, Sequence[int | None]]
    said: Mapping[str, Any]
    exact: bool
    """No people are counted: nothing is hidden, nothing rounded."""

    @cached_property
    def tables(self) -> Mapping[tuple[str, ...], str]:
        """By their dimensions in alphabetical order, whatever the table's own is."""
        return {tuple(sorted(dims.split("/"))): dims for dims in self.cells}

    def count(self, at: Cell) -> int | None:
        """Get how many there are in a cell, if that is shown."""
        dims = self.tables.get(tuple(sorted(dim for dim, _code in at)))
        if dims is None:
            return None
        codes, place = dict(at), 0
        for dim in dims.split("/"):
            known = self.codes[dim]
            if codes[dim] not in known:
                return None
            place = place * len(known) + known.index(codes[dim])
        return self.cells[dims][place]

    def has(self, dims: Sequence[str]) -> bool:
        return tuple(sorted(dims)) in self.tables

    def number(self, name: str, at: Cell) -> tuple[float | None, ...]:
        """Get a mean, median or sum, if that is shown."""
        by_dims = self.said.get(name, {})
        for dims, cells in by_dims.items():
            some = tuple(dims.split("/")) if dims else ()
            if sorted(some) == sorted(dim for dim, _code in at):
                words = "/".join(dict(at)[dim] for dim in some)
                found: tuple[float | None, ...] = tuple(cells.get(words, NOTHING))
                return found
        return NOTHING


NOTHING: tuple[float | None, ...] = (None, None, None)


EMPTY = TablePage({}, {}, {}, exact=False)


@dataclass(frozen=True)
class YearTables:
    """All kinds of a year."""

    pages: Mapping[str, TablePage]
    inhabitants: int = 0

    def page(self, kind: str) -> TablePage:
        return self.pages.get(kind, EMPTY)

    def shown(self, code: str, part: IndicatorPart, at: Cell = ()) -> ShownValue:
        """Get the figure in a cell; of a distribution, see `shares`."""
        return FigureReading(self, code, part, at).shown

    def shares(
        self, code: str, part: IndicatorPart, at: Cell = ()
    ) -> Mapping[str, ShownValue]:
        """Get each state's share of all that are known, for a distribution."""
        return FigureReading(self, code, part, at).shares

    def codes(self, part: IndicatorPart, dim: str) -> Sequence[str]:
        """List the codes by which a figure is split, without the unknown."""
        known = self.page(part.chosen.kind).codes.get(dim, ())
        return [code for code in known if code != ""]

    def splits(self, code: str, part: IndicatorPart, dims: Sequence[str]) -> bool:
        """Check whether there is a table of this figure by these dimensions."""
        return self.page(part.chosen.kind).has([build_figure_name(code, part), *dims])


@dataclass(frozen=True)
class FigureReading:
    sheets: YearTables
    code: str
    part: IndicatorPart
    at: Cell

    @cached_property
    def page(self) -> TablePage:
        return self.sheets.page(self.part.chosen.kind)

    @cached_property
    def name(self) -> str:
        return build_figure_name(self.code, self.part)

    def count(self, state: str) -> int | None:
        return self.page.count((*self.at, (self.name, state)))

    @property
    def unknown(self) -> int | None:
        return self.count("")

    @property
    def shown(self) -> ShownValue:
        match self.part.measure:
            case Measure.SHARE:
                return self.share()
            case Measure.RATIO:
                return self.ratio()
            case Measure.COUNT | Measure.DISTRIBUTION | Measure.RATE:
                return self.counted()
            case _:
                return self.told()

    def counted(self) -> ShownValue:
        if self.part.measure is Measure.DISTRIBUTION:
            return max(self.shares.values(), key=get_sort_value, default=HIDDEN)
        n = self.count(ALL)
        if n is None and self.part.measure is Measure.COUNT:
            return ShownValue(at_least=self.page.number(self.name, self.at)[0])
        if n is None:
            return HIDDEN
        if self.part.measure is Measure.COUNT:
            return ShownValue(value=n, counted=n, of=n, unknown=self.unknown)
        if not self.sheets.inhabitants:
            return ShownValue(counted=n, unknown=self.unknown)
        per = self.part.per / self.sheets.inhabitants
        low, high = statistics.compute_poisson_interval(n)
        of = self.sheets.inhabitants
        return ShownValue(
            n * per, low * per, high * per, None, None, n, of, self.unknown
        )

    @property
    def states(self) -> list[str]:
        known = self.page.codes.get(self.name, ())
        return [state for state in known if state not in ("", OUT)]

    @property
    def shares(self) -> Mapping[str, ShownValue]:
        """Of all that are known: also of those that are hidden. Where it isn't shown
        how many they are, no share is."""
        counts = {state: self.count(state) for state in self.states}
        of = sum(n for n in counts.values() if n is not None)
        # A hidden state is missing from the sum of those shown: shares would be of too
        # few. Where the total is not shown by another table, no share is.
        if None in counts.values():
            whole = self.page.count((*self.at, (build_whole_name(self.name), ALL)))
            if whole is None:
                return {}
            of = max(of, whole - (self.unknown or 0))
        return {
            state: HIDDEN
            if n is None
            else ShownValue(
                n / of, *statistics.compute_wilson_interval(n, of), None, None, n, of
            )
            for state, n in counts.items()
            if of
        }

    def share(self) -> ShownValue:
        counted, others = self.count(COUNTED), self.count(OTHERS)
        if counted is not None and others is not None:
            of = counted + others
            if not of:
                return HIDDEN
            interval = statistics.compute_wilson_interval(counted, of)
            return ShownValue(
                counted / of, *interval, None, None, counted, of, self.unknown
            )
        if counted is not None:
            least = self.bound(counted, OTHERS)
            return ShownValue(at_least=least, unknown=self.unknown)
        if others is not None:
            least = self.bound(others, COUNTED)
            most = None if least is None else 1 - least
            return ShownValue(at_most=most, unknown=self.unknown)
        return HIDDEN

    def bound(self, one: int, other: str) -> float | None:
        """Compute what a share is at least, where one of its two parts is shown and the
        other is too small for it."""
        most = self.page.said.get(self.name, {}).get(FEW, {}).get(other)
        # Of the whole alone, as the bound is stored only for that.
        if self.at or most is None:
            return None
        # The shown part may have been rounded up, and the hidden one is at most one
        # below what is shown.
        surely, others = one - OFF, float(most[0])
        return floor(100 * surely / (surely + others)) / 100

    def told(self) -> ShownValue:
        n = self.count(ALL)
        value, low, high = self.page.number(self.name, self.at)
        if n is None or (value is None and low is None):
            return HIDDEN
        if self.part.measure is Measure.TOTAL:
            n = None  # noughts are among its observations: they add nothing
        return ShownValue(value, low, high, None, None, n, n, self.unknown)

    def ratio(self) -> ShownValue:
        above = self.amount(self.name, self.part.chosen.kind, self.part)
        over = self.part.of
        assert over is not None
        below = self.amount(f"{self.name}:of", over.kind, None)
        if above is not None and below is None:
            return self.ratio_at_most(above, over.kind)
        if above is None or not below:
            return HIDDEN
        return ShownValue(
            value=above / below, counted=above, of=below, unknown=self.unknown
        )

    def ratio_at_most(self, above: float, kind: str) -> ShownValue:
        """Compute the upper bound of a ratio of whose divisor only a part is shown."""
        least = self.sheets.page(kind).number(f"{self.name}:of", self.at)[0]
        return ShownValue(at_most=above / least) if least else HIDDEN

    def amount(self, name: str, kind: str, part: IndicatorPart | None) -> float | None:
        """Get a sum of numbers, or a count of observations."""
        page = self.sheets.page(kind)
        over = self.part.of
        adds = part.chosen.adds_numbers if part else over and over.adds_numbers
        there = page.count((*self.at, (name, ALL)))
        if adds:  # of no observation the sum is unknown, not nothing
            return page.number(name, self.at)[0] if there else None
        return there
