"""Observations in columns: each code as a small number, 0 where it is unknown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

type Numbers = NDArray[np.float64]
type Coded = NDArray[np.uint8] | NDArray[np.uint16]
type Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class ObservationColumn:
    names: tuple[str, ...]
    """What each number stands for; the first is "", unknown."""
    values: Coded

    @classmethod
    def of(cls, codes: Sequence[str], said: Iterable[str]) -> Self:
        """Build a column from words; `codes` are all that there may be, but for
        unknown."""
        names = ("", *codes)
        numbers = {name: number for number, name in enumerate(names)}
        values = np.fromiter(map(numbers.__getitem__, said), dtype=np.uint16)
        return cls(names, values.astype(np.uint8) if len(names) <= 256 else values)

    def among(self, codes: Sequence[str]) -> "ObservationColumn":
        """Convert to these codes and no others; what is none of them becomes
        unknown."""
        names = ("", *codes)
        number = [names.index(name) if name in names else 0 for name in self.names]
        return ObservationColumn(names, np.array(number, dtype=np.uint8)[self.values])

    def of_rows(self, rows: Mask | NDArray[np.intp] | slice) -> "ObservationColumn":
        return ObservationColumn(self.names, self.values[rows])


@dataclass(frozen=True)
class ObservationColumns:
    """Facts: as many rows as there are, in columns of the same length."""

    coded: Mapping[str, ObservationColumn]
    number: Numbers
    """What was counted or scored; not a number where it is unknown."""
    bands: tuple[tuple[str, float | None], ...] = ()
    """The coded lengths of time, each with its upper limit in hours."""

    def __len__(self) -> int:
        return len(self.number)

    def of_rows(self, rows: Mask | NDArray[np.intp] | slice) -> "ObservationColumns":
        coded = {name: column.of_rows(rows) for name, column in self.coded.items()}
        return ObservationColumns(coded, self.number[rows], self.bands)

    def among(self, codes: Mapping[str, Sequence[str]]) -> "ObservationColumns":
        """Keep no other codes in these columns than those that an observation can
        have."""
        some = {name: self.coded[name].among(known) for name, known in codes.items()}
        return ObservationColumns({**self.coded, **some}, self.number, self.bands)

    @cached_property
    def kinds(self) -> Mapping[str, "ObservationColumns"]:
        """The same facts, kind by kind: every figure is made of one kind or two."""
        kind = self.coded["kind"]
        # Sorted once, so that each kind is a slice and no copy of the columns.
        order = np.argsort(kind.values, kind="stable")
        sorted_ = self.of_rows(order)
        counts = np.bincount(kind.values, minlength=len(kind.names))
        ends = np.cumsum(counts)
        return {
            name: sorted_.of_rows(slice(end - count, end))
            for name, count, end in zip(kind.names, counts, ends, strict=True)
        }

    def kind(self, code: str) -> "ObservationColumns":
        return self.kinds[code] if code in self.kinds else self.of_rows(slice(0))

    def where(self, codes: Mapping[str, Sequence[str]]) -> "ObservationColumns":
        """Keep only observations that are known to have one of these codes in each
        column."""
        rows = np.ones(len(self), dtype=bool)
        for name, wanted in codes.items():
            column = self.coded[name]
            wanted_ = np.array([name in wanted and name != "" for name in column.names])
            rows &= wanted_[column.values]
        return self.of_rows(rows)
