"""Make tables safe to show, together and with all that was shown before."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amana.insight.disclosure.engine import hiding
from amana.insight.disclosure.engine.subject import Rule, Subject, build_subject
from amana.insight.disclosure.engine.tables import BASE, K, Protected, Table


def protect(
    tables: Sequence[Table],
    *,
    k: int = K,
    base: int = BASE,
    earlier: Sequence[Protected] = (),
) -> tuple[Protected, ...]:
    """Hide what is small, hide what would give it away, and round the rest.

    What holds afterwards. Take any cell with 1 to k - 1 people, of any of these tables,
    of any sum of theirs, or of a whole without its parts. A reader who knows every
    value shown here and in `earlier`, how far each may be rounded, that counts are
    whole and not negative, and that tables of the same thing and period share their
    sums, finds at least one more possible set of tables, in which this cell is empty or
    holds k. So it can't be known that the cell is small, and still less who is in it.
    Where a figure was published before and is another now, either it is not shown
    again, or the two differ by k or more whatever was rounded.

    An empty cell is hidden as a small one is, and both look like one that is hidden to
    protect another: codes that can't be together are left out of a table's codes, so
    that there is no empty cell which any reader knows to be empty.

    What does not hold: nothing is promised about groups of which no table asks, about
    a reader who knows the people in a group from elsewhere, or about reasoning over all
    dimensions at once when no table has them together.

    Each earlier table is counted again among `tables`, shown again or not: how else
    could one know what its difference says? Periods are equal, or lie apart.
    """
    counted = {table.key for table in tables}
    if missing := [e.key for e in earlier if e.key not in counted]:
        raise ValueError(f"Count again what was published: {missing}")
    groups: dict[tuple[str, str], list[Table]] = defaultdict(list)
    for table in tables:
        groups[table.whole, table.period].append(table)
    found = {
        of: protect_subject(
            some, Rule(k, base), [e for e in earlier if get_subject_key(e) == of]
        )
        for of, some in groups.items()
    }
    return tuple(
        convert_to_protected(found[table.whole, table.period], table)
        for table in tables
    )


def get_subject_key(table: Protected) -> tuple[str, str]:
    return table.name.partition(":")[0], table.period


def protect_subject(
    tables: list[Table], rule: Rule, earlier: list[Protected]
) -> Subject:
    """Protect one subject in one period: each node with what of it may be shown."""
    everything = build_subject(tables, rule)
    for table in tables:
        node, at = everything.place(table)
        node.publish(at)
        node.headline |= table.headline
    for before in earlier:
        node, at = everything.place(before)
        node.compare(
            sort_dimensions(before.values, before),
            sort_dimensions(before.shown, before),
            at,
        )
    if not hiding.suppress_small_cells(everything):
        # What was published protects itself, as long as nothing is added to it.
        for node in everything.nodes.values():
            node.shown[...] = False
    return everything


def sort_dimensions[N: (np.int64, np.bool_)](
    array: NDArray[N], table: Protected
) -> NDArray[N]:
    """Sort the dimensions by name, as nodes have them."""
    return array.transpose(np.argsort(table.dims, kind="stable"))


def convert_to_protected(everything: Subject, table: Table) -> Protected:
    node, at = everything.place(table)
    back = np.argsort(np.argsort(table.dims, kind="stable"), kind="stable")
    shown = node.shown[at].transpose(back)
    values = node.values[at].transpose(back)
    return Protected(
        table.name,
        table.dims,
        table.codes,
        np.where(shown, values, 0),
        shown,
        table.period,
    )
