"""Tables of counts, and the same made safe to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Counts = NDArray[np.int64]
type Mask = NDArray[np.bool_]
type Index = tuple[int, ...]

K = 11
"""The fewest people that a figure may be about: that of the Counter Trafficking Data
Collaborative (a group of 10 or fewer is not shown)."""

BASE = 5


@dataclass(frozen=True)
class Table:
    """Counts of people, or of what happened to them, over public lists of codes.

    A name with a colon is a part of the whole before it: "answer:accepted" counts some
    of those in "answer". The code "" counts those of whom it is not known, so that a
    table's sums are those of every other table of the same thing.
    """

    name: str
    dims: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    counts: Counts
    period: str = ""
    headline: bool = False
    """Whether people ask for it first: hidden after everything else."""

    def __post_init__(self) -> None:
        if self.counts.shape != tuple(map(len, self.codes)) or len(self.dims) != len(
            self.codes
        ):
            raise ValueError(f"{self.name}: as many counts as codes, please")

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        return self.name, self.period, self.dims

    @cached_property
    def whole(self) -> str:
        return self.name.partition(":")[0]


@dataclass(frozen=True)
class Protected:
    """A table as anyone may see it: rounded values, and which of them are shown."""

    name: str
    dims: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    values: Counts
    shown: Mask
    period: str = ""

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        return self.name, self.period, self.dims

    def value(self, *codes: str) -> int | None:
        """Get what is shown for these codes, one of each dimension; None if hidden."""
        at = tuple(map(_place, self.codes, codes))
        return int(self.values[at]) if self.shown[at] else None


def _place(codes: Sequence[str], code: str) -> int:
    return codes.index(code)


def compute_least_shown(k: int, base: int) -> int:
    """Compute the least count that is shown: none is rounded to less than k."""
    return next(n for n in range(k, k + base) if (n + base // 2) // base * base >= k)


def round_counts(counts: Counts, base: int) -> Counts:
    """Round each count to the nearest multiple of the base, halves upwards."""
    return (counts + base // 2) // base * base
