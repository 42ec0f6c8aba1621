"""How far two observers agree, who marked the same moments without talking.

Kappa depends on how common a mark is: of 30 pairs with 28 alike and one stray each it
is below zero. So the share that is alike and Gwet's AC1 are given with it.
Sources: Cohen 1968; Gwet, BJMSP 61:29, 2008; Sim and Wright, Phys Ther 85:257, 2005.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """Of `pairs` marks: shares from 0 to 1; the last two from -1 to 1, None where they
    can't be computed."""

    pairs: int
    alike: float | None
    ac1: float | None
    weighted_kappa: float | None


def compute_agreement(
    first: Sequence[str], second: Sequence[str], *, levels: Sequence[str]
) -> Agreement:
    """Compute the agreement of two observers.

    `first`, `second`: one mark of `levels` for each moment, in the same order. Raises
    ValueError where their numbers differ, or a mark is none of the levels.
    """
    pairs = list(zip(first, second, strict=True))
    if unknown := {*first, *second} - {*levels}:
        raise ValueError(f"None of the levels: {', '.join(sorted(unknown))}")
    if not pairs or len(levels) < 2:
        return Agreement(len(pairs), None, None, None)
    alike = sum(mark == other for mark, other in pairs) / len(pairs)
    return Agreement(
        len(pairs),
        alike,
        compute_ac1(pairs, levels, alike),
        compute_weighted_kappa(pairs, levels),
    )


def compute_ac1(
    pairs: Sequence[tuple[str, str]], levels: Sequence[str], alike: float
) -> float:
    """Compute Gwet's AC1: agreement beyond what chance gives, where chance is to mark
    at random what is hard to mark."""
    marks = Counter(mark for pair in pairs for mark in pair)
    shares = [marks[level] / (2 * len(pairs)) for level in levels]
    chance = sum(share * (1 - share) for share in shares) / (len(levels) - 1)
    return (alike - chance) / (1 - chance)


def compute_weighted_kappa(
    pairs: Sequence[tuple[str, str]], levels: Sequence[str]
) -> float | None:
    """Compute Cohen's kappa with quadratic weights: two levels apart counts four times
    as much as one. None where each observer gave one mark throughout."""
    place = {level: number for number, level in enumerate(levels)}
    # By how often each observer gave each mark: what two would agree on who mark as
    # often, but at random.
    marks = Counter(place[mark] for mark, _other in pairs)
    others = Counter(place[other] for _mark, other in pairs)
    seen = sum((place[mark] - place[other]) ** 2 for mark, other in pairs) / len(pairs)
    expected = (
        sum(
            (mark - other) ** 2 * marks[mark] * others[other]
            for mark in marks
            for other in others
        )
        / len(pairs) ** 2
    )
    return 1 - seen / expected if expected else None
