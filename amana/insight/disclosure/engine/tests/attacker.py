"""Somebody who wants to know how many people are in a small cell.

They know everything that was published, how it is rounded, that counts are whole and
not negative, and that tables of the same thing share their sums. They solve for the
least and the most that a cell can hold, in whole numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from amana.insight.disclosure.engine import BASE, Protected
from amana.insight.disclosure.engine.subject import RESULT

type Codes = dict[str, tuple[str, ...]]

MANY = 1_000_000
EDITION = "edition"
"""Figures of the same period at two times are figures of two worlds."""


@dataclass
class Attacker:
    """What is known, as sums of unknowns that lie between two numbers."""

    sets: Sequence[tuple[str, ...]]
    """The dimensions of each table of unknowns; all share their sums."""
    codes: Codes
    unknown: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = field(
        default_factory=dict
    )
    rows: list[tuple[list[tuple[int, int]], float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for dims in self.sets:
            for at in product(*(self.codes[dim] for dim in dims)):
                self.unknown[dims, at] = len(self.unknown)
        for number, dims in enumerate(self.sets):
            for others in self.sets[:number]:
                shared = [dim for dim in dims if dim in others]
                for at in product(*(self.codes[dim] for dim in shared)):
                    cell = dict(zip(shared, at, strict=True))
                    here = [(n, 1) for n in self.within(dims, cell)]
                    there = [(n, -1) for n in self.within(others, cell)]
                    self.rows.append((here + there, 0, 0))

    def within(self, dims: tuple[str, ...], cell: dict[str, str]) -> list[int]:
        choices = [(cell[dim],) if dim in cell else self.codes[dim] for dim in dims]
        return [self.unknown[dims, at] for at in product(*choices)]

    def sum_of(self, cell: dict[str, str]) -> list[int]:
        dims = next(dims for dims in self.sets if {*cell} <= {*dims})
        return self.within(dims, cell)

    def read(self, tables: Iterable[Protected], **also: str) -> None:
        """`also` says what all these tables are of, such as the edition."""
        for table in tables:
            part = table.name.partition(":")[2]
            of = {**also, RESULT: part} if part else also
            for at in map(tuple, np.argwhere(table.shown)):
                codes = zip(table.dims, table.codes, at, strict=True)
                cell = {dim: some[n] for dim, some, n in codes} | of
                low = int(table.values[at]) - BASE // 2
                self.rows.append((self.terms(cell), low, low + BASE - 1))

    def terms(self, cell: dict[str, str], factor: int = 1) -> list[tuple[int, int]]:
        return [(n, factor) for n in self.sum_of(cell)]

    @cached_property
    def known(self) -> LinearConstraint:
        """All that is known; nothing is read any more from here on."""
        entries = [
            (row, n, factor)
            for row, (terms, _, _) in enumerate(self.rows)
            for n, factor in terms
        ]
        row, column, value = zip(*entries, strict=True)
        matrix = coo_array(
            (value, (row, column)), shape=(len(self.rows), len(self.unknown))
        )
        _, lows, highs = zip(*self.rows, strict=True)
        return LinearConstraint(matrix.tocsr(), lows, highs)

    def possible(self, terms: list[tuple[int, int]], least: float, most: float) -> bool:
        """Whether some people would have these figures, with a sum in between."""
        aim = np.zeros(len(self.unknown))
        for n, factor in terms:
            aim[n] += factor
        if not self.rows:
            return True
        found = milp(
            np.zeros(len(aim)),
            constraints=[self.known, LinearConstraint(aim[np.newaxis], least, most)],
            bounds=Bounds(0, MANY),
            integrality=np.ones(len(aim)),
        )
        return found.x is not None

    def learns(self, cell: dict[str, str], k: int) -> bool:
        """That there is somebody, and that they are fewer than k."""
        some = self.terms(cell)
        return not self.possible(some, 0, 0) and not self.possible(some, k, MANY)

    def learns_change(self, cell: dict[str, str], k: int) -> bool:
        """That between two editions somebody came or went, and fewer than k did."""
        later, before = {**cell, EDITION: "2"}, {**cell, EDITION: "1"}
        apart = self.terms(later) + self.terms(before, -1)
        ways = (0, 0), (k, MANY), (-MANY, -k)
        return not any(self.possible(apart, *way) for way in ways)
