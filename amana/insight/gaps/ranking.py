"""Rank gaps by severity × people × feasibility, each of which is shown with the rank.

The three are judgements, written here and shown to every reader, who may count each
double, once, or not at all; there is no one order that is right.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from amana.design.directory.coverage import CoverageStage
from amana.insight.gaps.finding import Gap, GapKind
from amana.insight.gaps.package import PackageStep

OF_KIND = {
    GapKind.ABSENT: 3,
    GapKind.INACCESSIBLE: 3,
    GapKind.UNSAFE: 3,
    GapKind.INSUFFICIENT: 2,
    GapKind.UNFUNDED: 2,
    GapKind.POOR: 1,
}
OF_STEP = {
    PackageStep.ARRIVAL: 3,
    PackageStep.REFLECTION: 2,
    PackageStep.RECOVERY: 2,
    PackageStep.INCLUSION: 1,
}
"""Severity is what is wrong times how soon it harms."""
MOST_SEVERE = 9

FROM_PEOPLE = (11, 25, 50)
"""In a half-year: fewer than 11, or not known, counts 1; 50 and more 4."""
MOST_PEOPLE = len(FROM_PEOPLE) + 1

OF_CHANGE = {
    GapKind.ABSENT: 1,
    GapKind.INSUFFICIENT: 2,
    GapKind.INACCESSIBLE: 3,
    GapKind.UNSAFE: 2,
    GapKind.POOR: 2,
    GapKind.UNFUNDED: 3,
}
"""A rule or a contract is changed sooner than a house is founded."""
BY_ROADS = 2
MOST_FEASIBLE = 3


@dataclass(frozen=True)
class RankWeights:
    """How often each counts: twice, once, or not at all."""

    severity: int = 1
    people: int = 1
    feasibility: int = 1


@dataclass(frozen=True)
class GapRank:
    severity: int
    people: int
    feasibility: int

    def score(self, weights: RankWeights) -> int:
        return int(
            self.severity**weights.severity
            * self.people**weights.people
            * self.feasibility**weights.feasibility
        )


def compute_rank(gap: Gap) -> GapRank:
    known = [number.middle for number in (gap.people, gap.unmet) if number]
    feasible = OF_CHANGE[gap.kind]
    # Distance takes a road or a bus, while the other barriers are rules that can be
    # changed.
    if gap.kind == GapKind.INACCESSIBLE and gap.barrier == CoverageStage.NEAR:
        feasible = BY_ROADS
    return GapRank(
        severity=OF_KIND[gap.kind] * OF_STEP[gap.step],
        people=1 + sum(max(known, default=0) >= least for least in FROM_PEOPLE),
        feasibility=feasible,
    )


def sort_gaps(gaps: Iterable[Gap], weights: RankWeights) -> list[tuple[Gap, GapRank]]:
    """Sort gaps by what to begin with; those of the same weight in the order of the
    package."""
    both = [(gap, compute_rank(gap)) for gap in gaps]
    return sorted(both, key=lambda one: -one[1].score(weights))
