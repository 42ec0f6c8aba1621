"""Which other cells have to be hidden, so that no small one can be worked out.

For each cell of 1 to k - 1 a *move* is looked for: another set of people with the same
published values, in which this cell is empty or holds k. A move turns some dimensions
of the cell to other codes, like the corners of a box, and adds as many people at every
second corner as it takes away at the others. All sums over one of these dimensions stay
as they are, in every table; what does not stay is hidden, unless its rounding hides the
change already. So an attacker who solves for the cell finds more than one answer, and
one of them is not small. (The hypercube method: Repsilber 1994; Giessing and Repsilber
2002; Hundepool et al. 2012, 4.4.5. Its protection by rounding is added here.)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from amana.insight.disclosure.engine.subject import Node, Subject
from amana.insight.disclosure.engine.tables import Index

type Prices = NDArray[np.float64]
type Grid = dict[str, NDArray[np.intp]]
"""For each dimension, the code that each candidate has in it."""

TRIED = 3
"""So many of the cheapest boxes in a table are followed into the finer tables."""
TRIED_FOR_HEADLINES = 60
"""For so many small cells other ways are looked for, lest a headline be hidden: each
takes long, and where there are many more, hardly any of its splits could be shown."""


@dataclass(frozen=True)
class Hypercube:
    """From a cell, the dimensions that turn, each to which code; the codes of the other
    dimensions; and how many people more or fewer there are in the cell itself."""

    turned: Mapping[str, tuple[int, int]]
    fixed: Mapping[str, int]
    change: int

    def corners(self, node: Node) -> Iterator[tuple[Index, int]]:
        """Yield the cells of a node that change, and by how much."""
        for flips in product((0, 1), repeat=len(self.turned)):
            at = {d: self.turned[d][f] for d, f in zip(self.turned, flips, strict=True)}
            sign = -1 if sum(flips) % 2 else 1
            where = tuple(at.get(d, self.fixed.get(d, 0)) for d in node.dims)
            yield where, sign * self.change


def suppress_small_cells(subject: Subject) -> bool:
    """Hide until every small cell has a move; False if one of them can have none."""
    split = [node for node in subject.nodes.values() if node.dims]
    for node in sorted(split, key=lambda node: -len(node.dims)):
        small = np.argwhere((node.counts > 0) & (node.counts < subject.rule.k))
        order = np.argsort(-node.counts[tuple(small.T)], kind="stable")
        for cell in small[order]:
            at = dict(zip(node.dims, map(int, cell), strict=True))
            if not protect_cell(subject, at, int(node.counts[tuple(cell)])):
                return False
    return True


def protect_cell(subject: Subject, cell: Mapping[str, int], count: int) -> bool:
    """Hide what one small cell needs: in one move; in several small ones, where there
    is none or it costs a headline."""
    goals = -count, subject.rule.k - count
    if any(
        price == 0
        for goal in goals
        for price, _m in iterate_moves(subject, cell, (), goal)
    ):
        return True  # as no whole of it is published, there may be fewer or more of it
    every = range(len(cell), 0, -1)
    move = choose_cheapest_move(subject, cell, goals, every)
    trials = [Trial(subject).make(move).undo()] if move else []
    if not trials:
        trials = list_decompositions(subject, cell, goals, every)
    costs = trials and all(trial.costs_headline for trial in trials)
    if costs and subject.tried < TRIED_FOR_HEADLINES:
        subject.tried += 1
        trials += spare_headlines(subject, cell, goals)
    if trials:
        best = min(trials, key=lambda trial: trial.price)
        best.hide()
        return True
    move = choose_cheapest_move(subject, cell, goals, [0])
    if move is None:
        return False
    Trial(subject).make(move).undo(keep_hidden=True)
    return True


class Trial:
    """Moves made one upon the other, and taken back."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.made: list[tuple[Node, Index, int]] = []
        self.hidden: list[tuple[Node, Index]] = []
        self.price = 0.0

    def make(self, move: Hypercube) -> "Trial":
        for node in self.subject.above(move.turned):
            for at, change in move.corners(node):
                if node.gives_away(at, change):
                    self.price += node.worth * (1 + np.log2(node.counts[at] + 1))
                    self.hidden.append((node, at))
                    node.shown[at] = False
                node.alter(at, change)
                self.made.append((node, at, change))
        return self

    def undo(self, *, keep_hidden: bool = False) -> "Trial":
        for node, at, change in self.made:
            node.alter(at, -change)
        for node, at in self.hidden:
            node.shown[at] = keep_hidden is False
        return self

    def hide(self) -> None:
        for node, at in self.hidden:
            node.shown[at] = False

    @property
    def costs_headline(self) -> bool:
        return any(node.headline for node, _at in self.hidden)


def list_decompositions(
    subject: Subject,
    cell: Mapping[str, int],
    goals: Sequence[int],
    sizes: Sequence[int],
) -> list[Trial]:
    """List the ways to each goal in several moves."""
    steps = (decompose_move(subject, cell, goal, sizes) for goal in goals)
    return [trial for trial in steps if trial]


def spare_headlines(
    subject: Subject, cell: Mapping[str, int], goals: Sequence[int]
) -> list[Trial]:
    """Find the first way in several moves that hides no headline: the nearer goal
    first."""
    for size in range(len(cell), 1, -1):
        for goal in sorted(goals, key=abs):
            trial = decompose_move(subject, cell, goal, [size], spare=True)
            if trial is not None:
                return [trial]
    return []


def decompose_move(
    subject: Subject,
    cell: Mapping[str, int],
    goal: int,
    sizes: Sequence[int],
    *,
    spare: bool = False,
) -> Trial | None:
    """Reach the goal by several moves, as large as they can be, each turning so many
    dimensions."""
    trial = Trial(subject)
    left, step = abs(goal), abs(goal)
    sign = 1 if goal > 0 else -1
    while left:
        step = min(step, left)
        move = choose_cheapest_move(subject, cell, (sign * step,), sizes)
        if move is not None:
            trial.make(move)
            left -= step
            if spare and trial.costs_headline:
                trial.undo()
                return None
        elif step == 1:
            trial.undo()
            return None
        else:
            step //= 2
    return trial.undo()


def choose_cheapest_move(
    subject: Subject,
    cell: Mapping[str, int],
    changes: Iterable[int],
    sizes: Iterable[int],
) -> Hypercube | None:
    """Choose the move that costs least, of those that turn as many dimensions as can
    be: the others cost much time and save little (0.1 % of values)."""
    for size in sizes:
        best: tuple[float, Hypercube] | None = None
        for turned in combinations(cell, size):
            for change in changes:
                for price, move in iterate_moves(subject, cell, turned, change):
                    if best is None or price < best[0]:
                        best = price, move
                if best is not None and best[0] == 0:
                    return best[1]
        if best is not None:
            return best[1]
    return None


def iterate_moves(
    subject: Subject, cell: Mapping[str, int], turned: tuple[str, ...], change: int
) -> Iterator[tuple[float, Hypercube]]:
    """Yield the cheapest possible moves that turn just these dimensions."""
    grid = list_opposite_corners(subject, cell, turned)
    near = [n for n in subject.above(turned) if {*n.dims} <= {*cell}]
    prices = sum_information_loss(near, cell, turned, grid, change)
    far = [n for n in subject.above(turned) if not {*n.dims} <= {*cell}]
    for candidate in np.argsort(prices, kind="stable")[: TRIED if far else 1]:
        if not np.isfinite(prices[candidate]):
            return
        to = {dim: (cell[dim], int(grid[dim][candidate])) for dim in turned}
        fixed = {dim: code for dim, code in cell.items() if dim not in to}
        more, found = propagate_move(subject, far, to, fixed, change)
        if found is not None:
            yield float(prices[candidate]) + more, Hypercube(to, found, change)


def list_opposite_corners(
    subject: Subject, cell: Mapping[str, int], turned: tuple[str, ...]
) -> Grid:
    """List every opposite corner."""
    codes = [
        [code for code in range(len(subject.codes[dim])) if code != cell[dim]]
        for dim in turned
    ]
    mesh = np.meshgrid(*codes, indexing="ij") if turned else []
    return {
        dim: axis.ravel().astype(np.intp)
        for dim, axis in zip(turned, mesh, strict=True)
    }


def sum_information_loss(
    nodes: list[Node],
    cell: Mapping[str, int],
    turned: tuple[str, ...],
    grid: Grid,
    change: int,
) -> Prices:
    """Sum what each opposite corner costs in these nodes; infinite if it can't be."""
    length = len(grid[turned[0]]) if turned else 1
    prices = np.zeros(length)
    for node in nodes:
        for flips in product((False, True), repeat=len(turned)):
            side = dict(zip(turned, flips, strict=True))
            at = tuple(
                grid[dim] if side.get(dim) else np.full(length, cell[dim])
                for dim in node.dims
            )
            by = -change if sum(flips) % 2 else change
            prices += compute_information_loss(node, at, by)
    return prices


def compute_information_loss(
    node: Node, at: tuple[NDArray[np.intp], ...], change: int
) -> Prices:
    found = node.price(at, change)
    if change < 0:
        found = np.where(node.counts[at] < -change, np.inf, found)
    return found


def propagate_move(
    subject: Subject,
    far: list[Node],
    to: Mapping[str, tuple[int, int]],
    fixed: Mapping[str, int],
    change: int,
) -> tuple[float, dict[str, int] | None]:
    """Carry a move into finer tables: for each further dimension the code in which the
    people come and go, the same in all tables, and chosen table by table."""
    settled, total = dict(fixed), 0.0
    done: set[tuple[str, ...]] = set()
    for node in sorted(far, key=lambda node: -len(node.dims)):
        if node.dims in done:
            continue
        open_ = [d for d in node.dims if d not in to and d not in settled]
        codes = [range(len(subject.codes[dim])) for dim in open_]
        mesh = np.meshgrid(*codes, indexing="ij") if open_ else []
        grid = {d: axis.ravel() for d, axis in zip(open_, mesh, strict=True)}
        inside = [n for n in far if {*n.dims} <= {*node.dims} and n.dims not in done]
        prices = sum_propagated_loss(inside, to, settled, grid, change)
        best = int(np.argmin(prices))
        if not np.isfinite(prices[best]):
            return np.inf, None
        total += float(prices[best])
        settled |= {dim: int(axis[best]) for dim, axis in grid.items()}
        done |= {n.dims for n in inside}
    return total, settled


def sum_propagated_loss(
    nodes: list[Node],
    to: Mapping[str, tuple[int, int]],
    settled: Mapping[str, int],
    grid: Grid,
    change: int,
) -> Prices:
    length = len(next(iter(grid.values()))) if grid else 1
    prices = np.zeros(length)
    for node in nodes:
        for flips in product((0, 1), repeat=len(to)):
            corner = {d: to[d][f] for d, f in zip(to, flips, strict=True)} | {**settled}
            at = tuple(
                grid[d] if d in grid else np.full(length, corner[d]) for d in node.dims
            )
            prices += compute_information_loss(
                node, at, -change if sum(flips) % 2 else change
            )
    return prices
