"""The answer: what fits, what nearly fits, and which rule excludes the rest."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amana.design.directory.matching.rank import RankPart
from amana.design.directory.matching.reasons import (
    MatchBenefit,
    MatchDrawback,
    MatchRule,
    Respondent,
    list_reasons,
)


@dataclass(frozen=True)
class MatchQuestion:
    """A question that must be answered before this service is certain, and who can
    answer."""

    reason: MatchRule
    whom: Respondent


@dataclass(frozen=True)
class Match:
    """One service in the answer."""

    service: int
    score: float
    km: float | None
    """To a hidden place: to the middle of its area."""
    against: tuple[MatchRule, ...]
    ask: tuple[MatchQuestion, ...]
    why: tuple[MatchBenefit, ...]
    but: tuple[MatchDrawback, ...]
    shares: dict[RankPart, float]


@dataclass(frozen=True)
class ExcludedMatch:
    """Every candidate with a reason against it."""

    services: NDArray[np.int64]
    bits: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.services)

    def __iter__(self) -> Iterator[tuple[int, tuple[MatchRule, ...]]]:
        for service, bits in zip(self.services, self.bits, strict=True):
            yield int(service), list_reasons(int(bits))

    def why_not(self, service: int) -> tuple[MatchRule, ...]:
        """List the rules against one service; empty when it isn't among the
        excluded."""
        found = np.flatnonzero(self.services == service)
        return list_reasons(int(self.bits[found[0]])) if len(found) else ()


@dataclass(frozen=True)
class MatchAnswer:
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
    funnel: dict[MatchRule, int]
    """How many candidates carry each reason; reasons that none carries are left out.
    One candidate can carry several, so they can add up to more than there are."""
    questions: dict[MatchRule, int]
    """How many of those with no reason against them hang on each question."""
    excluded: ExcludedMatch
