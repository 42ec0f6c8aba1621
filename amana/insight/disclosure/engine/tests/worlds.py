"""Small invented countries, of which somebody publishes tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from amana.insight.disclosure.engine import Table
from amana.insight.disclosure.engine.tables import Counts

type Dims = tuple[str, ...]


@dataclass(frozen=True)
class World:
    """People by all their codes at once: what no release ever holds."""

    codes: dict[str, tuple[str, ...]]
    people: Counts

    @property
    def dims(self) -> Dims:
        return tuple(self.codes)

    def table(self, dims: Dims, name: str = "person") -> Table:
        axes = tuple(n for n, dim in enumerate(self.dims) if dim not in dims)
        counts = np.asarray(self.people.sum(axis=axes))
        return Table(name, dims, tuple(self.codes[dim] for dim in dims), counts)

    def tables(self, wanted: Iterable[Dims]) -> dict[Dims, Table]:
        """These tables and all their sums."""
        return {some: self.table(some) for dims in wanted for some in sums(dims)}

    def corrected(self, rng: np.random.Generator, times: int) -> "World":
        """The same after some facts were corrected or came late."""
        people = self.people.copy()
        for _ in range(times):
            at = tuple(rng.integers(0, size) for size in people.shape)
            people[at] = max(0, people[at] + rng.choice([1, 1, -1]))
        return World(self.codes, people)

    def small(self, dims: Dims, k: int) -> list[dict[str, str]]:
        """The cells of this table that hold somebody, and fewer than k."""
        table = self.table(dims)
        found = np.argwhere((table.counts > 0) & (table.counts < k))
        return [
            {dim: self.codes[dim][n] for dim, n in zip(dims, at, strict=True)}
            for at in found
        ]


def sums(dims: Dims) -> list[Dims]:
    return [some for n in range(len(dims) + 1) for some in combinations(dims, n)]


def a_world(rng: np.random.Generator) -> World:
    """Two or three dimensions; few people or many, spread evenly or not."""
    dims = "abc"[: rng.integers(2, 4)]
    codes = {dim: tuple("1234"[: rng.integers(2, 5)]) for dim in dims}
    shape = tuple(map(len, codes.values()))
    spread = np.ones(int(np.prod(shape))) * rng.choice([0.1, 0.3, 1])
    people = rng.multinomial(
        rng.choice([40, 80, 150, 400, 1000]), rng.dirichlet(spread)
    )
    return World(codes, people.reshape(shape).astype(np.int64))


def a_choice(world: World, rng: np.random.Generator) -> Sequence[Dims]:
    """Some tables to be published together."""
    every = [dims for dims in sums(world.dims) if dims]
    size = min(len(every), int(rng.integers(1, 3)))
    return [every[n] for n in rng.choice(len(every), size=size, replace=False)]
