"""People who don't exist, whose columns hang together as those of real people do: for
training and for trying software, never as figures.

A tree of columns (Chow and Liu 1968) is learnt with differential privacy: the counts of
each column; which pairs hang together most, by the exponential mechanism; and the
counts of these pairs. A tree has a closed form, so people are drawn from it column by
column (as McKenna, Miklau and Sheldon 2021 do by a graphical model, of which this is
the part that needs none). Codes are public lists, never read from the data. Noise comes
in whole numbers, from `noise.add_gaussian_noise`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amana.insight.disclosure.engine import noise
from amana.insight.disclosure.engine.tables import Counts

type Coded = NDArray[np.intp]
type Shares = NDArray[np.float64]
type Noise = Callable[[Counts, float], Counts]

LABEL = "SYNTHETIC: these people do not exist. For training and software tests only."
PREFIX = "SYNTHETIC-"
"""Each file begins its name with this, and its first line with the label."""

ALONE, CHOOSING, PAIRS = 0.5, 0.05, 0.45
"""What is spent on columns alone, on choosing pairs, and on the pairs (as OpenDP does):
which pairs hang together is seen with little."""
SURE = 2
"""By so many standard deviations a pair's count differs from that of columns which have
nothing to do with each other, or it counts as theirs: else wide tables are noise."""
ROUNDS = 50
NEXT_TO_NOTHING = 1e-9


@dataclass(frozen=True)
class Pair:
    one: int
    other: int
    shares: Shares


@dataclass(frozen=True)
class Tree:
    """The first column, and for each further one on which it hangs."""

    columns: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    alone: Shares
    pairs: tuple[Pair, ...]

    def stored(self) -> Mapping[str, object]:
        return {
            "columns": list(self.columns),
            "codes": [list(some) for some in self.codes],
            "alone": self.alone.tolist(),
            "pairs": [[p.one, p.other, p.shares.tolist()] for p in self.pairs],
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Tree":
        pairs = (Pair(a, b, np.array(shares)) for a, b, shares in stored["pairs"])
        codes = tuple(tuple(some) for some in stored["codes"])
        alone = np.array(stored["alone"])
        return cls(tuple(stored["columns"]), codes, alone, tuple(pairs))

    def people(self, many: int, chance: np.random.Generator) -> Iterator[list[str]]:
        """Yield rows of codes. Chance need not be secret: all that is revealed is in
        the tree."""
        drawn: dict[int, Coded] = {
            0: chance.choice(len(self.codes[0]), size=many, p=self.alone)
        }
        for pair in self.pairs:
            given = pair.shares / pair.shares.sum(1, keepdims=True)
            edges = given.cumsum(1)[drawn[pair.one]]
            found = (chance.random(many)[:, None] > edges).sum(1)
            drawn[pair.other] = found.clip(0, len(self.codes[pair.other]) - 1)
        said = (
            np.array(codes, dtype=object)[drawn[n]]
            for n, codes in enumerate(self.codes)
        )
        yield from map(list, zip(*said, strict=True))


def learn_tree(
    columns: Sequence[str],
    codes: Sequence[tuple[str, ...]],
    people: Sequence[Coded],
    *,
    rho: float,
    chance: np.random.Generator,
    add: Noise = noise.add_gaussian_noise,
) -> Tree:
    """Learn the tree from the codes of real people, as numbers, at a cost of rho in
    all."""
    sizes, width = [len(some) for some in codes], len(columns)
    wide = sqrt(width / (2 * rho * ALONE))
    counts = [
        add(np.bincount(c, minlength=n).astype(np.int64), wide)
        for c, n in zip(people, sizes, strict=True)
    ]
    many = max(1.0, float(np.median([some.sum() for some in counts])))
    alone = [compute_nearest_shares(some.ravel().astype(float)) for some in counts]
    tables = {
        (a, b): count_pairs(people[a], people[b], sizes[a], sizes[b])
        for a, b in combinations(range(width), 2)
    }
    scores = {
        (a, b): float(np.abs(table - many * np.outer(alone[a], alone[b])).sum())
        for (a, b), table in tables.items()
    }
    chosen = choose_branches(scores, width, rho * CHOOSING, chance)
    narrow = sqrt(max(1, width - 1) / (2 * rho * PAIRS))
    pairs = []
    for this, other in iterate_outwards(chosen):
        table = tables[min(this, other), max(this, other)]
        table = table if this < other else table.T
        noisy = add(table, narrow).astype(float)
        apart = many * np.outer(alone[this], alone[other])
        noisy = np.where(np.abs(noisy - apart) > SURE * narrow, noisy, apart)
        found = compute_nearest_shares(noisy.ravel()).reshape(table.shape)
        pairs.append(Pair(this, other, fit_margins(found, alone[this], alone[other])))
    return Tree(tuple(columns), tuple(codes), alone[0], tuple(pairs))


def count_pairs(a: Coded, b: Coded, rows: int, columns: int) -> Counts:
    found = np.bincount(a * columns + b, minlength=rows * columns)
    return found.reshape(rows, columns).astype(np.int64)


def compute_nearest_shares(counts: Shares) -> Shares:
    """Compute the shares nearest to these counts that are none negative and sum to
    one."""
    total = max(1.0, float(counts.sum()))
    falling = np.sort(counts / total)[::-1]
    over = np.cumsum(falling) - 1
    last = np.flatnonzero(falling - over / np.arange(1, len(falling) + 1) > 0)[-1]
    shares: Shares = np.maximum(counts / total - over[last] / (last + 1), 0)
    return shares / shares.sum()


def fit_margins(shares: Shares, rows: Shares, columns: Shares) -> Shares:
    """Fit the shares to the sums that the columns alone have."""
    found = shares + NEXT_TO_NOTHING * (np.outer(rows, columns) + NEXT_TO_NOTHING)
    for _round in range(ROUNDS):
        found = found * (rows / found.sum(1))[:, None] + NEXT_TO_NOTHING**2
        found = found * (columns / found.sum(0))[None] + NEXT_TO_NOTHING**2
    return found


def choose_branches(
    scores: dict[tuple[int, int], float],
    width: int,
    rho: float,
    chance: np.random.Generator,
) -> list[tuple[int, int]]:
    """Choose pairs that join all columns: likelier the more they depend on each other
    (Kruskal, by the exponential mechanism; a score changes by at most 1 with one
    person)."""
    of = list(range(width))
    epsilon = sqrt(8 * rho / max(1, width - 1))
    chosen = []
    for _round in range(width - 1):
        apart = [pair for pair in scores if of[pair[0]] != of[pair[1]]]
        weight = np.array([scores[pair] for pair in apart]) * epsilon / 2
        odds = np.exp(weight - weight.max())
        one, other = apart[chance.choice(len(apart), p=odds / odds.sum())]
        chosen.append((one, other))
        was, now = of[other], of[one]
        of = [now if n == was else n for n in of]
    return chosen


def iterate_outwards(chosen: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs from the first column on, each from where one has been to
    beyond."""
    left, been = list(chosen), {0}
    while left:
        pair = next(p for p in left if (p[0] in been) != (p[1] in been))
        one, other = pair if pair[0] in been else pair[::-1]
        left.remove(pair)
        been.add(other)
        yield one, other
