"""Rank gaps by severity × people × feasibility, each of which is shown with the rank.

The three are judgements, written here and shown to every reader, who may count each
double, once, or not at all; there is no one order that is right.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from amana.design.directory.coverage import Stage
from amana.insight.gaps.finding import Gap, Kind
from amana.insight.gaps.package import Step

OF_KIND = {
    Kind.ABSENT: 3,
    Kind.INACCESSIBLE: 3,
    Kind.UNSAFE: 3,
    Kind.INSUFFICIENT: 2,
    Kind.UNFUNDED: 2,
    Kind.POOR: 1,
}
OF_STEP = {Step.ARRIVAL: 3, Step.REFLECTION: 2, Step.RECOVERY: 2, Step.INCLUSION: 1}
"""Severity is what is wrong times how soon it harms."""
MOST_SEVERE = 9

FROM_PEOPLE = (11, 25, 50)
"""In a half-year: fewer than 11, or not known, counts 1; 50 and more 4."""
MOST_PEOPLE = len(FROM_PEOPLE) + 1

OF_CHANGE = {
    Kind.ABSENT: 1,
    Kind.INSUFFICIENT: 2,
    Kind.INACCESSIBLE: 3,
    Kind.UNSAFE: 2,
    Kind.POOR: 2,
    Kind.UNFUNDED: 3,
}
"""A rule or a contract is changed sooner than a house is founded."""
BY_ROADS = 2
MOST_FEASIBLE = 3


@dataclass(frozen=True)
class Weights:
    """How often each counts: twice, once, or not at all."""

    severity: int = 1
    people: int = 1
    feasibility: int = 1


@dataclass(frozen=True)
class Rank:
    severity: int
    people: int
    feasibility: int

    def score(self, weights: Weights) -> int:
        return int(
            self.severity**weights.severity
            * self.people**weights.people
            * self.feasibility**weights.feasibility
        )


def rank(gap: Gap) -> Rank:
    known = [number.middle for number in (gap.people, gap.unmet) if number]
    feasible = OF_CHANGE[gap.kind]
    # Distance takes a road or a bus, while the other barriers are rules that can be
    # changed.
    if gap.kind == Kind.INACCESSIBLE and gap.barrier == Stage.NEAR:
        feasible = BY_ROADS
    return Rank(
        severity=OF_KIND[gap.kind] * OF_STEP[gap.step],
        people=1 + sum(max(known, default=0) >= least for least in FROM_PEOPLE),
        feasibility=feasible,
    )


def ranked(gaps: Iterable[Gap], weights: Weights) -> list[tuple[Gap, Rank]]:
    """Sort gaps by what to begin with; those of the same weight in the order of the
    package."""
    both = [(gap, rank(gap)) for gap in gaps]
    return sorted(both, key=lambda one: -one[1].score(weights))
