"""Everything that people are shown of one kind of facts in a year, protected at once.

A figure tells the facts of its kind apart: those counted, the others, the unknown, and
those that it is not about. That is one more dimension of the kind's tables, so all
figures of a kind, in all that splits them, share their sums, and `disclosure` sees
them as one attacker would. A fixed set of tables is made, whatever anybody asks for
(ADR 24).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from amana.insight.disclosure.engine import Protected, Table, protect
from amana.insight.measure.engine.columns import Column, Columns
from amana.insight.measure.engine.counting import (
    KNOWN,
    OUTSIDE,
    UNKNOWN,
    Prepared,
    Tally,
    adds_numbers,
    cells,
    chosen,
    divisor,
    told_apart,
)
from amana.insight.measure.engine.definitions import Indicator, Measure, Part
from amana.insight.measure.engine.figures import figure

OUT = "-"
"""What a figure is not about."""
QUARTER, THIRD, MONTH = "quarter", "third", "month"
AGENCY, AREA, SECTOR = "agency", "area", "sector"

ENOUGH_TO_SPLIT = 60
TWICE = (QUARTER, AREA, SECTOR)
"""Of these one may choose one, and split what is left once more."""
ENOUGH_TO_SPLIT_BY = {QUARTER: 600, AREA: 2_000, SECTOR: 2_000}

type Dims = tuple[str, ...]
type Said = Mapping[str, tuple[float | None, float | None, float | None]]
"""For each cell, by its codes: a value, and between what it lies."""


@dataclass(frozen=True)
class Wanted:
    """A figure of a kind, or what it is divided by; its name among the dimensions."""

    name: str
    part: Part
    codes: tuple[str, ...] = ()
    """Beside its own states: OUT and "" where facts of its kind can be so."""


@dataclass(frozen=True)
class Made:
    """What is known of a kind in a year, as people may see it."""

    tables: tuple[Protected, ...]
    said: Mapping[str, Mapping[str, Said]] = field(default_factory=dict)
    """For means, medians and sums: by figure and dimensions, for each shown cell, the
    value and between what it lies."""


def name_of(code: str, part: Part, *, divides: bool = False) -> str:
    return f"{code}.{part.name}{':of' if divides else ''}"


def wanted(
    library: Mapping[str, Indicator], results: Mapping[str, Sequence[str]]
) -> Mapping[str, list[Wanted]]:
    """For each kind, the figures that are made of it; `results` are all that a fact of
    the kind can have."""
    found: dict[str, list[Wanted]] = {}

    def add(name: str, part: Part) -> None:
        kind = part.chosen.kind
        can_be = tuple(besides(part, results.get(kind, ())))
        found.setdefault(kind, []).append(Wanted(name, part, can_be))

    for code, indicator in library.items():
        for part in indicator.parts.values():
            add(name_of(code, part), part)
            if part.of is not None:
                over = divisor(part.of, part.by)
                add(name_of(code, part, divides=True), over)
    return found


def besides(part: Part, results: Sequence[str]) -> Iterator[str]:
    """What a fact can be beside what the figure counts. A code that can't occur would
    be an empty cell of which everybody knows that it is empty."""
    chosen = part.chosen
    told_by_more = part.measure not in (Measure.COUNT, Measure.RATE, Measure.SHARE)
    if chosen.results or chosen.where or told_by_more or chosen.adds_numbers:
        yield ""
    if chosen.where or (chosen.results and set(results) - set(chosen.results)):
        yield OUT


def splits(dims: Sequence[str], facts: int) -> Iterator[Dims]:
    """The tables that are made of a figure, whatever anybody asks for: the finer, the
    more facts there are. Finer ones would show nothing of so few."""
    yield ()
    yield (QUARTER,)
    if facts >= ENOUGH_TO_SPLIT:
        yield (QUARTER, THIRD)
        yield (AGENCY,)
        yield from ((dim,) for dim in dims)
    for other in TWICE:
        if facts >= ENOUGH_TO_SPLIT_BY[other]:
            yield from ((other, dim) for dim in dims if dim != other)


def make(
    kind: Columns,
    figures: Sequence[Wanted],
    *,
    name: str,
    dims: Sequence[str],
    smallest: int | None,
    earlier: Sequence[Protected] = (),
) -> Made:
    """From the facts of a kind in a year. Without `smallest`, where no people are
    counted, everything is shown as it is."""
    facts = with_quarters(kind)
    told = {one.name: partition(one, facts) for one in figures}
    coded = Columns({**facts.coded, **told}, facts.number, facts.bands)
    whole = list(splits(dims, len(facts)))
    wanted = dict.fromkeys(
        chain(
            whole,
            (
                (one.name, *split)
                for one in figures
                for split in whole
                if len(split) < 2 or one.part.measure is not Measure.DISTRIBUTION
            ),
            ((one.name, dim) for one in figures for dim in one.part.by if whole[2:]),
            (before.dims for before in earlier if {*before.dims} <= {*coded.coded}),
        )
    )
    tables = [table(name, coded, split) for split in wanted]
    safe = protected(tables, smallest, earlier)
    return Made(safe, {one.name: dict(saying(one, facts, safe)) for one in figures})


def with_quarters(facts: Columns) -> Columns:
    """Each month as the quarter and which third of it, so that quarters add up."""
    month = facts.coded[MONTH]
    number = np.array(
        [0, *(int(name[-2:]) for name in month.names[1:])], dtype=np.uint8
    )
    months = number[month.values]
    quarter = Column(("", "1", "2", "3", "4"), (months + 2) // 3)
    third = Column(("", "1", "2", "3"), (months - 1) % 3 + 1)
    coded = {**facts.coded, QUARTER: quarter, THIRD: third}
    return Columns(coded, facts.number, facts.bands)


def partition(wanted: Wanted, facts: Columns) -> Column:
    """What each fact is for a figure, as a column of its own."""
    part = wanted.part
    states, state = told_apart(part, facts, chosen(part.chosen, facts))
    names = (*wanted.codes, *states)
    order = np.zeros(len(states) + 2, dtype=np.uint8)
    for number, code in enumerate((OUT, "", *states)):
        if code in names:
            order[number] = names.index(code)
    assert (OUTSIDE, UNKNOWN, KNOWN) == (0, 1, 2)
    return Column(names, order[state])


def table(name: str, facts: Columns, dims: Dims) -> Table:
    columns = [facts.coded[dim] for dim in dims]
    sizes = tuple(len(column.names) for column in columns)
    cell = cells(columns, sizes, len(facts))
    counts = np.bincount(cell, minlength=int(np.prod(sizes))).reshape(sizes)
    kept = tuple(
        codes_of(dim, column) for dim, column in zip(dims, columns, strict=True)
    )
    at = np.ix_(
        *[
            [column.names.index(c) for c in some]
            for column, some in zip(columns, kept, strict=True)
        ]
    )
    return Table(name, dims, kept, counts[at].astype(np.int64))


def codes_of(dim: str, column: Column) -> tuple[str, ...]:
    """Every fact has a month, so none is of an unknown one."""
    return column.names[1:] if dim in (QUARTER, THIRD) else column.names


def protected(
    tables: Sequence[Table], smallest: int | None, earlier: Sequence[Protected]
) -> tuple[Protected, ...]:
    if smallest is None:
        return tuple(as_they_are(one) for one in tables)
    before = comparable(tables, earlier)
    now = protect(tables, k=smallest, earlier=list(before.values()))
    return tuple(carried(one, before.get(one.key)) for one in now)


def as_they_are(table: Table) -> Protected:
    everything = np.ones(table.counts.shape, dtype=bool)
    return Protected(table.name, table.dims, table.codes, table.counts, everything)


def comparable(
    tables: Sequence[Table], earlier: Sequence[Protected]
) -> dict[tuple[str, str, Dims], Protected]:
    """What was shown before of the same tables; where codes are new, nothing was."""
    now = {table.key: table for table in tables}
    return {
        one.key: recoded(one, now[one.key].codes) for one in earlier if one.key in now
    }


def recoded(before: Protected, codes: tuple[tuple[str, ...], ...]) -> Protected:
    if before.codes == codes:
        return before
    values = np.zeros(tuple(map(len, codes)), dtype=np.int64)
    shown = np.zeros(values.shape, dtype=bool)
    for at in np.ndindex(*before.values.shape):
        words = [some[n] for some, n in zip(before.codes, at, strict=True)]
        if all(word in some for word, some in zip(words, codes, strict=True)):
            there = tuple(s.index(w) for w, s in zip(words, codes, strict=True))
            values[there], shown[there] = before.values[at], before.shown[at]
    return Protected(before.name, before.dims, codes, values, shown, before.period)


def carried(now: Protected, before: Protected | None) -> Protected:
    """What was shown stays as it was shown, until it has changed by enough."""
    if before is None:
        return now
    old = before.shown & ~now.shown
    values = np.where(old, before.values, now.values)
    return Protected(now.name, now.dims, now.codes, values, now.shown | old, now.period)


def saying(
    one: Wanted, facts: Columns, tables: Iterable[Protected]
) -> Iterator[tuple[str, Said]]:
    """The values that counts alone do not tell, where there are enough of them."""
    part = one.part
    if part.measure is not Measure.MEDIAN and not adds_numbers(part):
        return
    prepared = Prepared(part, facts)
    for shown in tables:
        if one.name not in shown.dims:
            continue
        dims = shown.dims[1:]
        tally = prepared.by(*dims)
        known = shown.codes[0].index("all")
        said = {}
        for at in np.argwhere(shown.shown[known]):
            words = [some[n] for some, n in zip(shown.codes[1:], at, strict=True)]
            there = tuple(c.index(w) for c, w in zip(tally.codes, words, strict=True))
            found = value(tally, there)
            if found[0] is not None or found[1] is not None:
                said["/".join(words)] = found
        yield "/".join(dims), said


def value(
    tally: Tally, at: tuple[int, ...]
) -> tuple[float | None, float | None, float | None]:
    part = tally.part
    if part.measure in (Measure.MEAN, Measure.MEDIAN):
        found = figure("", tally, at, 0)
        return tuple(map(coarse, (found.value, found.low, found.high)))  # type: ignore[return-value]
    return float(tally.total[at]), None, None


def coarse(number: float | None) -> float | None:
    """To two digits: no sum can be worked out from a mean."""
    return (
        None
        if number is None or number in (np.inf, -np.inf)
        else float(f"{number:.2g}")
    )
