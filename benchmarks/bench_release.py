"""A release of twenty three-way tables with all their sums, made safe to show; beside
pandas, which only hides what is small, and lets the rest be worked out.

Pure: no database is asked. 20,000 invented people, nine dimensions.
"""

from itertools import combinations

import numpy as np
import pandas as pd

from amana.insight.disclosure.engine import K, Table, noise, protect, synthetic
from benchmarks.bench import RESULTS, bench

PEOPLE = 20_000
TABLES = 20
SIZES = (4, 6, 5, 3, 5, 10, 13, 6, 5)
"""Codes with unknown: sex, age, nationality group, …, area, …"""
type Dims = tuple[int, ...]


def people(many: int) -> pd.DataFrame:
    """In four groups, so that the columns hang together."""
    chance = np.random.default_rng(1)
    group = chance.integers(0, 4, many)
    columns = {}
    for n, size in enumerate(SIZES):
        edges = chance.dirichlet(np.ones(size), 4).cumsum(1)[group]
        column = (chance.random(many)[:, None] > edges).sum(1)
        columns[f"d{n}"] = column.clip(0, size - 1)
    return pd.DataFrame(columns)


def chosen() -> list[Dims]:
    every = list(combinations(range(len(SIZES)), 3))
    picked = np.random.default_rng(1).choice(len(every), TABLES, replace=False)
    return [every[n] for n in picked]


def with_sums(some: list[Dims]) -> list[Dims]:
    found = (s for dims in some for n in range(4) for s in combinations(dims, n))
    return list(dict.fromkeys(found))


def table(them: pd.DataFrame, dims: Dims) -> Table:
    shape = tuple(SIZES[d] for d in dims)
    at = np.zeros(len(them), dtype=np.int64)
    for d in dims:
        at = at * SIZES[d] + them[f"d{d}"].to_numpy()
    counts = np.bincount(at, minlength=int(np.prod(shape))).reshape(shape)
    codes = tuple(tuple(map(str, range(size))) for size in shape)
    return Table("person", tuple(f"d{d}" for d in dims), codes, counts)


three_way = chosen()
wanted = with_sums(three_way)
them = people(PEOPLE)
fewer = people(PEOPLE // 10)
tables = [table(them, dims) for dims in wanted]
sparse = [table(fewer, dims) for dims in wanted]


@bench(f"pandas: hide below {K} and round, nothing else", at_most_ms=60_000, times=1)
def _pandas() -> None:
    for dims in filter(None, wanted):
        counts = them.groupby([f"d{d}" for d in dims]).size()
        counts.where(counts >= K).div(5).round().mul(5)


peer = f"pandas, hiding only what is small: {RESULTS[-1].ms:,.0f} ms"
what = f"{TABLES} three-way tables with all sums"


@bench(f"{what}, {PEOPLE:,} people", at_most_ms=10_000, times=1, peer=peer)
def _protect() -> None:
    protect(tables)


@bench(f"{what}, {PEOPLE // 10:,} people: sparse", at_most_ms=10_000, times=1)
def _sparse() -> None:
    protect(sparse)


safe = protect(tables)
assert sum(int(t.shown.sum()) for t in safe) > 4_000


@bench("The same after a correction, beside what was out", at_most_ms=10_000, times=1)
def _again() -> None:
    protect(tables, earlier=safe)


# --- rows of people who don't exist: `benchmarks.beside` has how near they come

EPSILON = 1.0


def learnt() -> synthetic.Tree:
    delta = noise.compute_delta(len(them))
    return synthetic.learn_tree(
        list(them.columns),
        [tuple(map(str, range(size))) for size in SIZES],
        [them[c].to_numpy() for c in them.columns],
        rho=noise.convert_to_rho(EPSILON, delta),
        chance=np.random.default_rng(4),
    )


if noise.is_installed():

    @bench(
        f"A tree of {PEOPLE:,} people, ε = {EPSILON:g}, and as many rows from it",
        at_most_ms=1_000,
        times=1,
        peer="see “Rows of people who do not exist”",
    )
    def _rows() -> None:
        list(learnt().people(PEOPLE, np.random.default_rng(2)))
else:
    print("OpenDP is not installed here, so no tree was learnt.")
