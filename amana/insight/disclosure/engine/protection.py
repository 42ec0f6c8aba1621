"""Make tables safe to show."""

from collections.abc import Sequence

import numpy as np

from amana.insight.disclosure.engine.tables import BASE, K, Protected, Table, rounded


def protect(
    tables: Sequence[Table],
    *,
    k: int = K,
    base: int = BASE,
    earlier: Sequence[Protected] = (),
) -> tuple[Protected, ...]:
    """Hide what is too small, and round the rest."""
    return tuple(
        Protected(
            table.name,
            table.dims,
            table.codes,
            np.where(table.counts >= k, rounded(table.counts, base), 0),
            table.counts >= k,
            table.period,
        )
        for table in tables
    )
