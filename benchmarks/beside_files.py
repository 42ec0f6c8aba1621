"""Files of people who don't exist, and how far one is from another."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amana.insight.disclosure.engine import noise

type Rows = NDArray[np.int64]
EPSILON = 1.0
GROUPS = 12
TABLES = 60


@dataclass(frozen=True)
class Column:
    """How many codes; how unlike the groups are; how often it is not known. A column
    that hangs together less evenly has a smaller `spread`."""

    codes: int
    spread: float
    unknown: float = 0.0


MANY_CODES = (
    Column(20, 3),  # year
    Column(3, 0.7, 0.03),  # gender
    Column(7, 0.8, 0.25),  # age
    Column(45, 0.25, 0.1),  # citizenship
    Column(45, 0.25, 0.12),  # country
    Column(3, 0.4, 0.2),  # kind of exploitation
)
CONTROL, RECRUITERS = (0.35, 1.6), (0.3, 2.0)
"""Of a share of yes in each group: the two numbers of a beta distribution."""


@dataclass(frozen=True)
class File:
    name: str
    rows: Rows
    sizes: tuple[int, ...]
    sparse: tuple[bool, ...]
    """Whether code 0 stands for unknown, or no."""

    @property
    def delta(self) -> float:
        return noise.compute_delta(len(self.rows))

    @property
    def words(self) -> str:
        return f"{len(self.rows):,} people, {len(self.sizes)} columns"

    def save(self, path: Path) -> None:
        rho = noise.convert_to_rho(EPSILON, self.delta)
        np.savez(
            path,
            rows=self.rows,
            sizes=self.sizes,
            sparse=self.sparse,
            privacy=(EPSILON, self.delta, rho),
        )

    def few(self, columns: Sequence[int]) -> "File":
        return File(
            "few",
            self.rows[:, columns],
            tuple(self.sizes[c] for c in columns),
            tuple(self.sparse[c] for c in columns),
        )


def people(name: str, many: int) -> File:
    chance = np.random.default_rng(0)
    group = chance.choice(GROUPS, many, p=chance.dirichlet(np.ones(GROUPS) * 2))
    rows, sizes, sparse = [], [], []
    for column in MANY_CODES:
        shares = chance.dirichlet(np.ones(column.codes) * column.spread, GROUPS)
        edges = shares.cumsum(1)[group]
        code = (chance.random(many)[:, None] > edges).sum(1).clip(0, column.codes - 1)
        if column.unknown:
            code = np.where(chance.random(many) < column.unknown, 0, code + 1)
        rows.append(code)
        sizes.append(column.codes + bool(column.unknown))
        sparse.append(bool(column.unknown))
    for yes in (CONTROL,) * 14 + (RECRUITERS,) * 4:
        share = chance.beta(*yes, GROUPS)
        rows.append(chance.random(many) < share[group])
        sizes.append(2)
        sparse.append(True)
    return File(name, np.stack(rows, axis=1).astype(np.int64), (*sizes,), (*sparse,))


def files() -> dict[str, File]:
    """All columns, and a few that every peer can finish: gender, age, kind, and five
    ways of control."""
    large, small = people("200000", 200_000), people("20000", 20_000)
    return {
        "few": small.few([1, 2, 5, 6, 7, 8, 9, 10]),
        "20000": small,
        "200000": large,
    }


def counted(rows: Rows, columns: Sequence[int], sizes: Sequence[int]) -> Any:
    """Shares; a code that none of the real people can have counts beside the others."""
    shape = [sizes[c] + 1 for c in columns]
    at = np.zeros(len(rows), dtype=np.int64)
    for size, column in zip(shape, columns, strict=True):
        at = at * size + np.where(rows[:, column] < 0, size - 1, rows[:, column])
    return np.bincount(at, minlength=int(np.prod(shape))) / len(rows)


def apart(file: File, drawn: Rows) -> list[float]:
    """By one, two and three columns."""
    found = []
    for width in (1, 2, 3):
        every = list(combinations(range(len(file.sizes)), width))
        chance = np.random.default_rng(0)
        picked = chance.choice(len(every), min(TABLES, len(every)), replace=False)
        found.append(float(np.mean([distance(file, drawn, every[n]) for n in picked])))
    return found


def distance(file: File, drawn: Rows, columns: Sequence[int]) -> float:
    here, there = (counted(r, columns, file.sizes) for r in (file.rows, drawn))
    return float(np.abs(here - there).sum() / 2)


def drawn_again(file: File) -> Rows:
    chance = np.random.default_rng(1)
    return file.rows[chance.integers(0, len(file.rows), len(file.rows))]


def shuffled(file: File) -> Rows:
    chance = np.random.default_rng(6)
    return np.stack([chance.permutation(c) for c in file.rows.T], axis=1)
