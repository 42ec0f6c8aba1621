"""What the pages show: gaps side by side where the same is wrong for several groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from amana.insight.gaps import wording
from amana.insight.gaps.demand import Number
from amana.insight.gaps.finding import EVERYBODY, EVERYWHERE, Gap, Kind
from amana.insight.gaps.looking import Look
from amana.insight.gaps.models import Key, Plan
from amana.insight.gaps.package import PACKAGE, Need
from amana.insight.gaps.ranking import (
    MOST_FEASIBLE,
    MOST_PEOPLE,
    MOST_SEVERE,
    Rank,
    Weights,
    ranked,
)

ON_A_PAGE = 20


@dataclass
class Row:
    """One line of the list: a need in an area, for one group or more."""

    gap: Gap
    rank: Rank
    area: str
    why: str
    gaps: list[Gap] = field(default_factory=list)
    plan: Plan | None = None
    news: str = ""

    @property
    def groups(self) -> list[tuple[str, Gap]]:
        return [(wording.group_name(gap.group), gap) for gap in self.gaps]

    @property
    def people(self) -> str:
        return wording.people(self.most)

    @property
    def most(self) -> Number | None:
        """Of the group of which there are most."""
        counted = [gap.people for gap in self.gaps if gap.people]
        return max(counted, key=lambda n: n.value or 0, default=None)

    @property
    def severity(self) -> str:
        return wording.level(self.rank.severity, MOST_SEVERE)

    @property
    def size(self) -> str:
        return wording.level(self.rank.people, MOST_PEOPLE)

    @property
    def feasibility(self) -> str:
        return wording.level(self.rank.feasibility, MOST_FEASIBLE)


def rows(
    look: Look, gaps: Iterable[Gap], weights: Weights, plans: Mapping[Key, Plan]
) -> list[Row]:
    """The first to begin with; groups for whom the same is wrong stand together."""
    found: dict[object, Row] = {}
    for gap, rank in ranked(gaps, weights):
        same = (gap.need.code, gap.area, gap.kind, gap.barrier)
        if same not in found:
            found[same] = Row(
                gap,
                rank,
                wording.area_name(gap.area, look.areas),
                wording.reasons(gap, look.assumed)[0],
            )
        row = found[same]
        row.gaps.append(gap)
        row.plan = row.plan or plans.get(gap.key)
    return list(found.values())


@dataclass(frozen=True)
class Square:
    """A need in a region: the gravest that is wrong there, for anybody."""

    kind: Kind | None
    gap: Gap | None


def squares(
    look: Look, group: str, needs: Iterable[Need] = PACKAGE
) -> list[tuple[Need, list[Square]]]:
    """Needs down, regions across."""
    worst: dict[tuple[str, str], Gap] = {}
    order = list(Kind)
    for gap in look.gaps:
        if group and gap.group not in (EVERYBODY, group):
            continue
        for area in look.areas if gap.area == EVERYWHERE else [gap.area]:
            at = (gap.need.code, area)
            if at not in worst or order.index(gap.kind) < order.index(worst[at].kind):
                worst[at] = gap
    return [
        (need, [square(worst.get((need.code, area))) for area in look.areas])
        for need in needs
        if not group or group in need.groups
    ]


def square(gap: Gap | None) -> Square:
    return Square(gap.kind if gap else None, gap)
