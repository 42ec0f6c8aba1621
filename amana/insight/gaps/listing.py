"""Build what the pages show: gaps grouped where the same is wrong for several
groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from amana.insight.gaps import wording
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
from amana.ui.sentences import listed

ON_A_PAGE = 20
AREAS = 3


@dataclass(frozen=True)
class Area:
    """Where the same is wrong, and for whom."""

    name: str
    gaps: list[Gap]

    @property
    def groups(self) -> list[tuple[str, Gap]]:
        return [(wording.group_name(gap.group), gap) for gap in self.gaps]

    @property
    def words(self) -> str:
        return listed(name for name, _gap in self.groups)


@dataclass
class Row:
    """One line of the list: what is wrong with a need, in an area or several."""

    gap: Gap
    """The first to begin with, of which the words are."""
    rank: Rank
    why: str
    areas: dict[str, Area] = field(default_factory=dict)
    plan: Plan | None = None
    news: str = ""

    @property
    def gaps(self) -> list[Gap]:
        return [gap for area in self.areas.values() for gap in area.gaps]

    @property
    def kinds(self) -> set[Kind]:
        """All that is wrong somewhere in it: by each of them it is found."""
        return {kind for gap in self.gaps for kind in (gap.kind, *gap.also)}

    @property
    def first(self) -> list[Area]:
        return list(self.areas.values())[:AREAS]

    @property
    def more(self) -> int:
        """Areas that are not named."""
        return max(0, len(self.areas) - AREAS)

    @property
    def alike(self) -> list[tuple[str, str]]:
        """Areas in which it is wrong for the same groups, and which these are."""
        found: dict[str, list[str]] = {}
        for area in self.areas.values():
            found.setdefault(area.words, []).append(area.name)
        return [(listed(names), words) for words, names in found.items()]

    @property
    def people(self) -> str:
        return wording.people(self.gap.people)

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
    look: Look,
    gaps: Iterable[Gap],
    weights: Weights,
    plans: Mapping[Key, Plan],
    *,
    apart: bool = False,
) -> list[Row]:
    """Build the rows, the first to begin with on top. Groups for whom the same is wrong
    share a row, and so do areas, unless they are kept `apart`."""
    found: dict[object, Row] = {}
    for gap, rank in ranked(gaps, weights):
        same = (gap.need.code, gap.kind, gap.barrier, gap.area if apart else "")
        if same not in found:
            # Of the first gap, which ranks highest: the row is sorted by it, and so
            # explained by it.
            why = wording.reasons(gap, look.assumed)[0]
            found[same] = Row(gap, rank, why)
        row = found[same]
        name = wording.area_name(gap.area, look.areas)
        row.areas.setdefault(gap.area, Area(name, [])).gaps.append(gap)
        row.plan = row.plan or plans.get(gap.key)
    return list(found.values())


@dataclass(frozen=True)
class Square:
    """A need in a region: the gravest that is wrong there, for anyone."""

    kind: Kind | None
    gap: Gap | None


def squares(
    look: Look, group: str, needs: Iterable[Need] = PACKAGE
) -> list[tuple[Need, list[Square]]]:
    """Build a table with needs as rows and regions as columns."""
    worst: dict[tuple[str, str], Gap] = {}
    order = list(Kind)
    for gap in look.gaps:
        if group and gap.group not in (EVERYBODY, group):
            continue
        for area in look.areas if gap.area == EVERYWHERE else [gap.area]:
            at = (gap.need.code, area)
            # There is room for one sign: the gravest.
            if at not in worst or order.index(gap.kind) < order.index(worst[at].kind):
                worst[at] = gap
    return [
        (need, [square(worst.get((need.code, area))) for area in look.areas])
        for need in needs
        if not group or group in need.groups
    ]


def square(gap: Gap | None) -> Square:
    return Square(gap.kind if gap else None, gap)
