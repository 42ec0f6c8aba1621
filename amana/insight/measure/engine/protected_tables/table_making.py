"""Make tables of a kind, coarse enough to be shown."""

from collections.abc import Iterator, Sequence
from itertools import chain, product

import numpy as np

from amana.insight.disclosure.engine import BASE, Protected, Table
from amana.insight.disclosure.engine.tables import compute_least_shown
from amana.insight.measure.engine.columns import (
    Mask,
    ObservationColumn,
    ObservationColumns,
)
from amana.insight.measure.engine.counting import (
    ALL,
    COUNTED,
    KNOWN,
    OTHERS,
    OUTSIDE,
    UNKNOWN,
    Counts,
    ObservationTally,
    PreparedCounts,
    choose_observations,
    locate_cells,
    needs_numbers,
    separate_states,
)
from amana.insight.measure.engine.definitions import Measure
from amana.insight.measure.engine.figures import (
    Value,
    compute_cell_figure,
    get_cell_counts,
)
from amana.insight.measure.engine.protected_tables.dimensions import (
    ENOUGH_FOR_BOTH,
    FEW,
    FEWEST_WAYS,
    MONTH,
    NOTHING,
    OFF,
    OUT,
    QUARTER,
    SOME,
    THIRD,
    UNSAID,
    Dims,
    NeededFigure,
    Said,
    TableContent,
    iterate_splits,
)
from amana.insight.measure.engine.staying import (
    locate_unchanged,
    map_earlier_tables,
    protect_tables,
)
from amana.insight.measure.engine.wholes import iterate_wholes


def build_protected_tables(
    kind: ObservationColumns,
    figures: Sequence[NeededFigure],
    *,
    name: str,
    dims: Sequence[str],
    smallest: int | None,
    earlier: TableContent = NOTHING,
) -> TableContent:
    """Build the tables from the observations of a kind in a year. Without `smallest`,
    where no people are counted, everything is shown as it is."""
    facts = add_quarters(kind)
    own = [wanted_figure for wanted_figure in figures if not wanted_figure.out_of]
    told = {
        wanted_figure.name: build_state_column(wanted_figure, facts)
        for wanted_figure in own
    }
    coded = ObservationColumns({**facts.coded, **told}, facts.number, facts.bands)
    # A part by something more would give away the same split of its whole.
    closer = {
        c
        for wanted_figure in figures
        if wanted_figure.beside
        for c in wanted_figure.part.chosen.where
    }
    ways = [way for way in iterate_splits(dims, len(facts)) if closer.isdisjoint(way)]
    wanted = dict.fromkeys(
        chain(
            *(iterate_tables(wanted_figure, ways) for wanted_figure in figures),
            *(
                iterate_crossed_tables(wanted_figure, len(facts))
                for wanted_figure in own
            ),
            (
                before.dims
                for before in earlier.tables
                if {*before.dims} <= {*coded.coded}
            ),
        )
    )
    headlines = {(wanted_figure.name,) for wanted_figure in own}
    tables = [count_table(name, coded, s, headline=s in headlines) for s in wanted]
    safe = protect_tables(tables, smallest, earlier.tables)
    before = earlier if smallest is not None else None
    said = {
        wanted_figure.name: dict(compute_values(wanted_figure, facts, safe, before))
        for wanted_figure in own
    }
    made = list(safe)
    for wanted_figure in figures:
        for sums, part in (
            add_up_tables(wanted_figure, name, ways, safe)
            if wanted_figure.out_of
            else ()
        ):
            made.append(sums)
            said.setdefault(wanted_figure.name, {})["/".join(sums.dims[1:])] = part
    made += iterate_wholes(figures, ways, safe)
    if smallest is not None:
        add_small_parts(tables, smallest, own, said)
    return TableContent(tuple(made), said)


def iterate_tables(one: NeededFigure, ways: Sequence[Dims]) -> Iterator[Dims]:
    """Yield the tables that a figure needs, by itself or of the share that it is a part
    of."""
    over = (one.part.over,) if one.part.over else ()
    base = tuple(dim for dim, _code in one.out_of[0]) if one.out_of else (one.name,)
    fixed = (*base, *over) if one.out_of else base
    for split in ways:
        too_fine = over or (one.beside and QUARTER not in split)
        if {*split}.isdisjoint(fixed) and not (len(split) == 2 and too_fine):
            yield (*fixed, *split)
            if one.beside:
                yield (one.beside, *fixed, *split)
    if len(ways) > FEWEST_WAYS:
        yield from ((*fixed, dim) for dim in one.part.by if dim not in fixed)


def iterate_crossed_tables(one: NeededFigure, facts: int) -> Iterator[Dims]:
    """Yield the tables of what a figure is split by, each split once more: with its
    states, and without."""
    if facts >= ENOUGH_FOR_BOTH:
        # Also without the states: more of these may be shown.
        for both in product(one.part.by, one.part.and_by):
            yield both
            yield (one.name, *both)


def add_up_tables(
    one: NeededFigure, name: str, ways: Sequence[Dims], safe: Sequence[Protected]
) -> Iterator[tuple[Protected, Said]]:
    """Add a figure up from the tables that hold it, shown where all that adds up to it
    is; and where only some of it is shown, how many there are at least."""
    known = {table.dims: table for table in safe}
    for dims in iterate_tables(one, ways):
        source = known[dims]
        fixed = dict(one.out_of[0])
        kept = [n for n, dim in enumerate(dims) if dim not in fixed]
        at = [
            tuple(
                source.codes[n].index(dict(cell)[dim]) if dim in fixed else slice(None)
                for n, dim in enumerate(dims)
            )
            for cell in one.out_of
        ]
        shown = np.stack([source.shown[cell] for cell in at])
        values = np.stack([source.values[cell] for cell in at]) * shown
        rest = tuple(dims[n] for n in kept)
        codes = tuple(source.codes[n] for n in kept)
        total, whole = values.sum(axis=0), shown.all(axis=0)
        if one.part.over:  # its codes are the states of the figure
            dims, total = (one.name, *rest[1:]), np.asarray(total)
        else:
            dims, codes = (one.name, *rest), ((ALL,), *codes)
            total, whole = total[np.newaxis], whole[np.newaxis]
        yield (
            Protected(name, dims, codes, np.where(whole, total, 0), whole),
            compute_lower_bounds(codes, total, shown) if not one.part.over else {},
        )


def compute_lower_bounds(
    codes: Sequence[tuple[str, ...]], total: Counts, shown: Mask
) -> Said:
    """Compute what each cell of which only a part is shown is at least. `shown`: which
    of the added counts are, one after another."""
    parts = shown.sum(axis=0)[np.newaxis]
    # Each count that was added may have been rounded up by half a step.
    surely = (total - OFF * parts) // BASE * BASE
    some = (parts > 0) & (parts < len(shown)) & (surely > 0)
    return {
        "/".join(code[n] for code, n in zip(codes[1:], at[1:], strict=True)): (
            float(surely[tuple(at)]),
            None,
            None,
        )
        for at in np.argwhere(some)
    }


def add_small_parts(
    tables: Sequence[Table],
    smallest: int,
    own: Sequence[NeededFigure],
    said: dict[str, dict[str, Said]],
) -> None:
    """Add, for each share as a whole, which of its two parts has fewer people than are
    shown: so that a page may show “95 % or more”. That none is in it stays possible."""
    whole, least = (
        {table.dims: table for table in tables},
        compute_least_shown(smallest, BASE),
    )
    for wanted_figure in own:
        if wanted_figure.part.measure is Measure.SHARE:
            table = whole[wanted_figure.name,]
            said[wanted_figure.name][FEW] = {
                state: (float(least - 1), None, None)
                for state, count in zip(table.codes[0], table.counts, strict=True)
                # Only of the whole, never of a group: there it would be a second source
                # about few people.
                if state in (COUNTED, OTHERS) and count < least
            }


def add_quarters(facts: ObservationColumns) -> ObservationColumns:
    """Add the quarter of each month and its place in that, so that quarters add up."""
    month = facts.coded[MONTH]
    number = np.array(
        [0, *(int(name[-2:]) for name in month.names[1:])], dtype=np.uint8
    )
    months = number[month.values]
    quarter = ObservationColumn(("", "1", "2", "3", "4"), (months + 2) // 3)
    third = ObservationColumn(("", "1", "2", "3"), (months - 1) % 3 + 1)
    coded = {**facts.coded, QUARTER: quarter, THIRD: third}
    return ObservationColumns(coded, facts.number, facts.bands)


def build_state_column(
    wanted: NeededFigure, facts: ObservationColumns
) -> ObservationColumn:
    """Build the column of what each observation is for a figure."""
    part = wanted.part
    states, state = separate_states(
        part, facts, choose_observations(part.chosen, facts)
    )
    names = (*wanted.codes, *states)
    order = np.zeros(len(states) + 2, dtype=np.uint8)
    for number, code in enumerate((OUT, "", *states)):
        if code in names:
            order[number] = names.index(code)
    assert (OUTSIDE, UNKNOWN, KNOWN) == (0, 1, 2)
    return ObservationColumn(names, order[state])


def count_table(
    name: str, facts: ObservationColumns, dims: Dims, *, headline: bool = False
) -> Table:
    columns = [facts.coded[dim] for dim in dims]
    sizes = tuple(len(column.names) for column in columns)
    cell = locate_cells(columns, sizes, len(facts))
    counts = np.bincount(cell, minlength=int(np.prod(sizes))).reshape(sizes)
    kept = tuple(
        list_known_codes(dim, column) for dim, column in zip(dims, columns, strict=True)
    )
    at = np.ix_(
        *[
            [column.names.index(c) for c in some]
            for column, some in zip(columns, kept, strict=True)
        ]
    )
    counts = counts[at].astype(np.int64)
    return Table(name, dims, kept, counts, headline=headline)


def list_known_codes(dim: str, column: ObservationColumn) -> tuple[str, ...]:
    """List the codes of a dimension, with unknown where an observation can be so."""
    # Every observation has a month, so none is of an unknown one.
    return column.names[1:] if dim in (QUARTER, THIRD) else column.names


def compute_values(
    one: NeededFigure,
    facts: ObservationColumns,
    tables: Sequence[Protected],
    earlier: TableContent | None,
) -> Iterator[tuple[str, Said]]:
    """Compute the values that counts alone do not give, where there are enough of them.
    Without `earlier` nothing is hidden."""
    part = one.part
    if part.measure is not Measure.MEDIAN and not needs_numbers(part):
        return
    prepared = PreparedCounts(part, facts)
    before = map_earlier_tables(tables, earlier.tables) if earlier else {}
    told = earlier.said.get(one.name, {}) if earlier else {}
    for shown in tables:
        if shown.dims[:1] != (one.name,):
            continue
        dims = shown.dims[1:]
        tally = prepared.by(*dims)
        known = shown.codes[0].index(ALL)
        stays = locate_unchanged(shown, before.get(shown.key))[known]
        was = told.get("/".join(dims), {})
        said: dict[str, Value] = {}
        for at in np.argwhere(shown.shown[known]):
            words = [some[n] for some, n in zip(shown.codes[1:], at, strict=True)]
            there = tuple(c.index(w) for c, w in zip(tally.codes, words, strict=True))
            key = "/".join(words)
            # Where a count stays as it was shown, its value does too
            # (`locate_unchanged`).
            if stays[tuple(at)]:
                found = was.get(key, UNSAID)
            # Where all have the same, a mean is the value of each of them.
            elif earlier is not None and has_equal_values(tally, there):
                found = UNSAID
            else:
                found = compute_value(tally, there)
            if found[0] is not None or found[1] is not None:
                said[key] = found
        yield "/".join(dims), said


def has_equal_values(tally: ObservationTally, at: tuple[int, ...]) -> bool:
    """Check whether all people of a group have the same value."""
    if tally.part.measure is Measure.MEDIAN:
        return bool(np.count_nonzero(get_cell_counts(tally.bands, at)) < SOME)
    known, total = get_cell_counts(tally.counts, at).sum(), tally.total[at]
    return bool(np.isclose(known * tally.squares[at], total**2))


def compute_value(tally: ObservationTally, at: tuple[int, ...]) -> Value:
    part = tally.part
    if part.measure in (Measure.MEAN, Measure.MEDIAN):
        # Two digits: with more, a mean times its count gives the exact sum, and two of
        # those a person.
        found = compute_cell_figure("", tally, at, 0)
        return (
            coarsen_value(found.value),
            coarsen_value(found.low),
            coarsen_value(found.high),
        )
    return float(tally.total[at]), None, None


def coarsen_value(number: float | None) -> float | None:
    """Coarsen a value to two digits."""
    return (
        None
        if number is None or number in (np.inf, -np.inf)
        else float(f"{number:.2g}")
    )
