"""Everything that is counted of one thing in one period, as one attacker sees it.

Tables of the same thing share sums: answers by sex and age, and answers by sex and
area, have the same sums by sex. Each such table and each of their sums is a *node*,
known by its dimensions; what is published and what is not are masks on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from types import EllipsisType

import numpy as np
from numpy.typing import NDArray

from amana.insight.disclosure.engine.tables import (
    Counts,
    Index,
    Mask,
    Protected,
    Table,
    compute_least_shown,
    round_counts,
)

type Place = tuple[int | slice | EllipsisType, ...]
"""Where in a node a table lies."""
type Places = tuple[NDArray[np.intp], ...]
"""Many cells at once."""

RESULT = "result"
"""The dimension whose codes are the parts of a whole: "answer:accepted"."""
REST = "·"
"""What of a whole is in none of the parts that were counted."""
DEARER = 10
"""So many times as dear as its parts is a sum, when something has to be hidden."""


@dataclass(frozen=True)
class Rule:
    k: int
    base: int

    @property
    def least_shown(self) -> int:
        return compute_least_shown(self.k, self.base)

    @property
    def sure_difference(self) -> int:
        """Two rounded values this far apart differ by k or more, whatever they were."""
        return self.k + self.base - 1


@dataclass
class Node:
    """The counts by some dimensions, and what of them is published."""

    dims: tuple[str, ...]
    counts: Counts
    rule: Rule
    headline: bool = False
    public: Mask = field(init=False)
    shown: Mask = field(init=False)
    out: Mask = field(init=False)
    """Published earlier: it can't be hidden any more."""
    changed: Mask = field(init=False)
    """Published earlier, and counted otherwise since: what was said then is of other
    people than today's."""
    values: Counts = field(init=False)
    more: Counts = field(init=False)
    """By how much a count could grow, and shrink, without its value changing."""
    fewer: Counts = field(init=False)

    def __post_init__(self) -> None:
        nothing = np.zeros(self.counts.shape, dtype=bool)
        self.public, self.shown = nothing.copy(), nothing.copy()
        self.out, self.changed = nothing.copy(), nothing.copy()
        base = self.rule.base
        self.values = np.asarray(round_counts(self.counts, base))
        self.fewer = np.asarray(self.counts - (self.values - base // 2))
        self.more = np.asarray(base - 1 - self.fewer)

    @property
    def worth(self) -> float:
        """What a figure is worth: a sum far more than what it is the sum of, and a
        headline more than any other sum."""
        return float(DEARER if self.headline else DEARER ** -len(self.dims))

    def publish(self, at: Place = (...,)) -> None:
        self.public[at] = True
        self.shown = np.array(self.public & (self.counts >= self.rule.least_shown))

    def compare(self, values: Counts, shown: Mask, at: Place = (...,)) -> None:
        """Compare with a figure that was published, which stays published. Where it is
        another today, the new one is shown if everyone may know by how much."""
        apart = np.abs(self.values[at] - values)
        self.out[at] |= shown
        self.changed[at] |= shown & (apart > 0)
        little = shown & (apart > 0) & (apart < self.rule.sure_difference)
        self.shown[at] &= ~little

    def price(self, at: Places, change: int) -> NDArray[np.float64]:
        """Compute what it costs that these cells may differ by so much: nothing if that
        changes no value that is shown, the loss of the value, or infinitely much."""
        slack = (self.more if change > 0 else self.fewer)[at]
        tells = (self.shown[at] | self.stays[at]) & (slack < abs(change))
        return np.where(tells, self.dear[at], 0.0)

    @cached_property
    def stays(self) -> Mask:
        """What can't be hidden any more, and is of the same people."""
        return np.asarray(self.out & ~self.changed)

    @cached_property
    def dear(self) -> NDArray[np.float64]:
        """What it costs to hide each figure."""
        worth = self.worth * (1 + np.log2(self.counts + 1))
        return np.asarray(np.where(self.stays, np.inf, worth))

    def gives_away(self, at: Index, change: int) -> bool:
        """Check whether the value shown for a cell would be another after this
        change."""
        slack = (self.more if change > 0 else self.fewer)[at]
        return bool(self.shown[at] and slack < abs(change))

    def alter(self, at: Index, change: int) -> None:
        """Suppose that there are more or fewer, while what is shown stays."""
        self.counts[at] += change
        self.fewer[at] += change
        self.more[at] -= change


@dataclass
class Subject:
    """One thing in one period: its dimensions with their codes, and all its nodes."""

    rule: Rule
    codes: Mapping[str, tuple[str, ...]]
    nodes: Mapping[tuple[str, ...], Node]
    tried: int = 0
    """How often another way was looked for, lest a headline be hidden."""

    def above(self, dims: Iterable[str]) -> Iterator[Node]:
        """Find the nodes that are split by at least these dimensions."""
        wanted = set(dims)
        return (node for node in self.nodes.values() if wanted <= set(node.dims))

    def place(self, table: Table | Protected) -> tuple[Node, Place]:
        """Find the node in which a table lies, and where in it."""
        part = table.name.partition(":")[2]
        dims = (RESULT, *table.dims) if part else table.dims
        node = self.nodes[tuple(sorted(dims))]
        if not part:
            return node, (...,)
        at: list[slice | int] = [slice(None)] * len(dims)
        at[node.dims.index(RESULT)] = self.codes[RESULT].index(part)
        return node, tuple(at)


def build_subject(tables: Sequence[Table], rule: Rule) -> Subject:
    """Build the subject from all tables of one thing in one period. Raises `ValueError`
    when tables disagree."""
    codes = merge_codes(tables)
    finest: dict[tuple[str, ...], Counts] = {}
    for dims, counts in (*iterate_wholes(tables), *iterate_parts(tables, codes)):
        known = finest.setdefault(dims, counts)
        if not np.array_equal(known, counts):
            raise ValueError(f"{tables[0].whole}: two tables by {dims} disagree")
    nodes: dict[tuple[str, ...], Node] = {}
    complete = {d for d in finest if RESULT not in d} or {
        d for d, _ in iterate_wholes(tables)
    }
    for dims, counts in finest.items():
        for size in range(len(dims) + 1):
            for some in combinations(dims, size):
                if RESULT in dims and RESULT not in some and not complete:
                    continue  # parts of which no one knows the whole
                sums = compute_margin(counts, dims, some)
                node = nodes.setdefault(some, Node(some, sums, rule))
                if not np.array_equal(node.counts, sums):
                    raise ValueError(
                        f"{tables[0].whole}: tables by {dims} and others add up "
                        f"otherwise by {some}; count those of unknown code too"
                    )
    return Subject(rule, codes, nodes)


def merge_codes(tables: Sequence[Table]) -> dict[str, tuple[str, ...]]:
    codes: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for dim, some in zip(table.dims, table.codes, strict=True):
            if codes.setdefault(dim, some) != some:
                raise ValueError(f"{table.whole}: two lists of codes for {dim}")
    named = dict.fromkeys(t.name.partition(":")[2] for t in tables if ":" in t.name)
    if named and RESULT not in codes:
        rest = (REST,) if any(":" not in t.name for t in tables) else ()
        codes[RESULT] = (*named, *rest)
    return codes


def iterate_wholes(tables: Sequence[Table]) -> Iterator[tuple[tuple[str, ...], Counts]]:
    for table in tables:
        if ":" not in table.name:
            yield sort_dimensions(table.dims, table.counts)


def iterate_parts(
    tables: Sequence[Table], codes: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], Counts]]:
    """Yield the parts counted by the same dimensions, stacked, and the rest."""
    by_dims: dict[tuple[str, ...], dict[str, Counts]] = {}
    for table in tables:
        if ":" in table.name:
            dims, counts = sort_dimensions(table.dims, table.counts)
            by_dims.setdefault(dims, {})[table.name.partition(":")[2]] = counts
    whole = dict(iterate_wholes(tables))
    for dims, found in by_dims.items():
        everybody = next(
            (compute_margin(c, d, dims) for d, c in whole.items() if {*dims} <= {*d}),
            None,
        )
        wanted = [code for code in codes[RESULT] if code != REST]
        if missing := [code for code in wanted if code not in found]:
            side = (RESULT, *dims)
            both = tuple(sorted(side))
            finer = next((d for d in whole if {*both} <= {*d}), None)
            if finer is not None:
                continue  # counted with all its results already
            raise ValueError(f"Count {missing} by {dims} too")
        rows = [found[code] for code in wanted]
        if REST in codes[RESULT]:
            if everybody is None:
                raise ValueError(f"Count everybody by {dims} too")
            rows.append(everybody - sum(rows))
        yield sort_dimensions((RESULT, *dims), np.stack(rows))


def sort_dimensions(
    dims: tuple[str, ...], counts: Counts
) -> tuple[tuple[str, ...], Counts]:
    """Sort the dimensions by name."""
    order = sorted(range(len(dims)), key=dims.__getitem__)
    return tuple(dims[n] for n in order), counts.transpose(order)


def compute_margin(
    counts: Counts, dims: tuple[str, ...], kept: Iterable[str]
) -> Counts:
    """Compute the sums over all other dimensions."""
    wanted = set(kept)
    axes = tuple(n for n, dim in enumerate(dims) if dim not in wanted)
    sums: Counts = np.asarray(counts.sum(axis=axes), dtype=np.int64)
    return sums
