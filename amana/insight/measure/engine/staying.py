"""Protect tables; and what was shown of them before stays as it was shown, until it has
changed by enough."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amana.insight.disclosure.engine import Protected, Table, protect

type Dims = tuple[str, ...]


def protect_tables(
    tables: Sequence[Table], smallest: int | None, earlier: Sequence[Protected]
) -> tuple[Protected, ...]:
    if smallest is None:
        return tuple(show_everything(table) for table in tables)
    before = map_earlier_tables(tables, earlier)
    # Protected together with what was shown before: the difference of two publications
    # reveals the people by whom they differ (ADR 24).
    now = protect(tables, k=smallest, earlier=list(before.values()))
    return tuple(carry_over(table, before.get(table.key)) for table in now)


def show_everything(table: Table) -> Protected:
    everything = np.ones(table.counts.shape, dtype=bool)
    return Protected(table.name, table.dims, table.codes, table.counts, everything)


def map_earlier_tables(
    tables: Sequence[Table] | Sequence[Protected], earlier: Sequence[Protected]
) -> dict[tuple[str, str, Dims], Protected]:
    """Map each table to what was shown before of the same; where codes are new, nothing
    was."""
    now = {table.key: table for table in tables}
    return {
        table.key: convert_codes(table, now[table.key].codes)
        for table in earlier
        if table.key in now
    }


def convert_codes(before: Protected, codes: tuple[tuple[str, ...], ...]) -> Protected:
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


def carry_over(now: Protected, before: Protected | None) -> Protected:
    """Carry over what was shown until it has changed by enough. Till then nothing else
    of the same table is shown: that, too, would reveal a change."""
    if before is None:
        return now
    if not np.any(now.shown & before.shown & (now.values != before.values)):
        return before if before.shown.any() else now
    old = before.shown & ~now.shown
    values = np.where(old, before.values, now.values)
    return Protected(now.name, now.dims, now.codes, values, now.shown | old, now.period)


def locate_unchanged(now: Protected, before: Protected | None) -> NDArray[np.bool_]:
    """Locate the cells in which a count is shown that was shown before."""
    if before is None:
        return np.zeros(now.shown.shape, dtype=bool)
    # What else is shown of such a cell stays too: a mean that moves while its count
    # does not is the value of one person.
    same: NDArray[np.bool_] = now.values == before.values
    return now.shown & before.shown & same
