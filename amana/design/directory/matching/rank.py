"""The order of an answer: what a service is worth to this person, in named parts."""

from enum import StrEnum, auto

import numpy as np
from numpy.typing import NDArray

from amana.design.directory.matching.columns import Directory, Rows
from amana.design.directory.matching.person import Person
from amana.design.directory.matching.rules import FULL_DAY, find_coming

type Shares = NDArray[np.float64]

DAYS = 7
"""After this number of days a count, or a wait, is worth half."""
USUAL_KM = 100.0
"""The scale of distance where no limit was named."""


class RankPart(StrEnum):
    COVERAGE = auto()
    NEAR = auto()
    ANSWERS = auto()
    LANGUAGE = auto()
    FRESH = auto()
    SURE = auto()
    WAIT = auto()
    PREFERENCE = auto()


WEIGHTS: dict[RankPart, int] = {
    RankPart.COVERAGE: 50,
    RankPart.NEAR: 30,
    RankPart.ANSWERS: 15,
    RankPart.LANGUAGE: 10,
    RankPart.FRESH: 10,
    RankPart.SURE: 10,
    RankPart.WAIT: 5,
    RankPart.PREFERENCE: 20,
}
"""How much each part counts; a part is a share between 0 and 1."""


def compute_parts(
    directory: Directory, person: Person, at: Rows, km: Shares, questions: Shares
) -> dict[RankPart, Shares]:
    """Compute the shares of each row; `questions` is how many are open for it."""
    return {
        RankPart.COVERAGE: compute_coverage(directory, person, at),
        RankPart.NEAR: compute_nearness(directory, person, at, km),
        # Without a record as if it answered exactly in time: a new service must not
        # come last for being new.
        RankPart.ANSWERS: 1 / (1 + np.nan_to_num(directory["lateness"][at], nan=1.0)),
        RankPart.LANGUAGE: directory.codes["languages"].any_of(person.languages, at)
        * 1.0,
        RankPart.FRESH: compute_freshness(directory, person, at),
        RankPart.SURE: 1 / (1 + questions),
        RankPart.WAIT: compute_wait(directory, at),
        RankPart.PREFERENCE: compute_preference(directory, person, at),
    }


def compute_coverage(directory: Directory, person: Person, at: Rows) -> Shares:
    """Compute the share of the needs that it meets."""
    types = directory.codes["types"]
    met = sum(types.any_of(need, at).astype(np.float64) for need in person.needs)
    return np.asarray(met / len(person.needs))


def compute_nearness(
    directory: Directory, person: Person, at: Rows, km: Shares
) -> Shares:
    """Compute nearness: 1 at the door and 0 at the limit; a service that comes to the
    person is at her door."""
    if person.place is None:
        return np.zeros(len(at))
    share = np.maximum(0, 1 - km / (person.within_km or USUAL_KM))
    return np.where(find_coming(directory, person, at), 1.0, np.nan_to_num(share))


def compute_freshness(directory: Directory, person: Person, at: Rows) -> Shares:
    """Compute how recent the count of free places is; where none are counted, nothing
    ages."""
    age = person.at.timestamp() - directory["said_at"][at]
    share = 1 / (1 + np.maximum(0, age) / FULL_DAY / DAYS)
    said = np.where(directory["free"][at] >= 0, np.nan_to_num(share), 0.0)
    return np.where(directory["counts_places"][at], said, 1.0)


def compute_wait(directory: Directory, at: Rows) -> Shares:
    days = directory["wait_days"][at]
    # A wait that is not known counts as one of a week, so that silence is no advantage.
    return np.where(days < 0, 0.5, 1 / (1 + np.maximum(0, days) / DAYS))


def compute_preference(directory: Directory, person: Person, at: Rows) -> Shares:
    """Compute the share of her wishes that it has."""
    traits, wishes = directory.codes["traits"], person.prefers
    if not wishes:
        return np.zeros(len(at))
    met = sum(traits.any_of({wishe}, at).astype(np.float64) for wishe in sorted(wishes))
    return np.asarray(met / len(wishes))


def compute_score(shares: dict[RankPart, Shares]) -> Shares:
    """Compute the score, rounded, so that no order depends on the last bit of a sum."""
    total = sum(WEIGHTS[part] * share for part, share in shares.items())
    return np.round(np.asarray(total, np.float64), 6)


def choose_best(scores: Shares, ids: NDArray[np.int64], keep: int) -> Rows:
    """Choose the positions of the `keep` highest scores; the lower id first where
    equal."""
    positions = np.arange(len(scores))
    # Partitioning first is linear: only the few best are sorted, of however many
    # candidates.
    if len(scores) > 4 * keep:
        least = np.partition(scores, len(scores) - keep)[len(scores) - keep]
        positions = np.flatnonzero(scores >= least)
    order = np.lexsort((ids[positions], -scores[positions]))
    return np.asarray(positions[order[:keep]], np.intp)
