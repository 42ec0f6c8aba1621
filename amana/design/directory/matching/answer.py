"""The answer: what fits, what nearly fits, and which rule excludes the rest."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amana.design.directory.matching.rank import Part
from amana.design.directory.matching.reasons import (
    But,
    Reason,
    Whom,
    Why,
    reasons_in,
)


@dataclass(frozen=True)
class Question:
    """A question that must be answered before this service is certain, and who can
    answer."""

    reason: Reason
    whom: Whom


@dataclass(frozen=True)
class Match:
    """One service in the answer."""

    service: int
    score: float
    km: float | None
    """To a hidden place: to the middle of its area."""
    against: tuple[Reason, ...]
    ask: tuple[Question, ...]
    why: tuple[Why, ...]
    but: tuple[But, ...]
    shares: dict[Part, float]


@dataclass(frozen=True)
class Excluded:
    """Every candidate with a reason against it."""

    services: NDArray[np.int64]
    bits: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.services)

    def __iter__(self) -> Iterator[tuple[int, tuple[Reason, ...]]]:
        for service, bits in zip(self.services, self.bits, strict=True):
            yield int(service), reasons_in(int(bits))

    def why_not(self, service: int) -> tuple[Reason, ...]:
        """List the rules against one service; empty when it isn't among the
        excluded."""
        found = np.flatnonzero(self.services == service)
        return reasons_in(int(self.bits[found[0]])) if len(found) else ()


@dataclass(frozen=True)
class Answer:
    eligible: tuple[Match, ...]
    """The best of those with no reason against them, and a place as far as known."""
    unconfirmed: tuple[Match, ...]
    """The best of those with no reason against them whose last count of free places is
    old, or that have never counted them."""
    full: tuple[Match, ...]
    """The best of those that would fit if they had a place."""
    near_misses: tuple[Match, ...]
    """The best of those with exactly one other reason, which can perhaps be changed."""
    candidates: int
    fitting: int
    """How many are eligible in all."""
    to_confirm: int
    """How many are unconfirmed in all."""
    funnel: dict[Reason, int]
    """How many candidates carry each reason; reasons that none carries are left out.
    One candidate can carry several, so they can add up to more than there are."""
    questions: dict[Reason, int]
    """How many of those with no reason against them hang on each question."""
    excluded: Excluded
