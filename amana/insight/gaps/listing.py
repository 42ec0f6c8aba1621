"""Build what the pages show: gaps grouped where the same is wrong for several
groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from amana.insight.gaps import labels
from amana.insight.gaps.finding import EVERYBODY, EVERYWHERE, Gap, GapKind
from amana.insight.gaps.gap_view import GapView
from amana.insight.gaps.models import GapPlan, Key
from amana.insight.gaps.package import PACKAGE, PackageNeed
from amana.insight.gaps.ranking import (
    MOST_FEASIBLE,
    MOST_PEOPLE,
    MOST_SEVERE,
    GapRank,
    RankWeights,
    sort_gaps,
)
from amana.ui.labels import format_list

ON_A_PAGE = 20
AREAS = 3


@dataclass(frozen=True)
class GapArea:
    """Where the same is wrong, and for whom."""

    name: str
    gaps: list[Gap]

    @property
    def groups(self) -> list[tuple[str, Gap]]:
        return [(labels.format_group(gap.group), gap) for gap in self.gaps]

    @property
    def words(self) -> str:
        return format_list(name for name, _gap in self.groups)


@dataclass
class GapRow:
    """One line of the list: what is wrong with a need, in an area or several."""

    gap: Gap
    """The first to begin with, of which the words are."""
    rank: GapRank
    why: str
    areas: dict[str, GapArea] = field(default_factory=dict)
    plan: GapPlan | None = None
    news: str = ""

    @property
    def gaps(self) -> list[Gap]:
        return [gap for area in self.areas.values() for gap in area.gaps]

    @property
    def kinds(self) -> set[GapKind]:
        """All that is wrong somewhere in it: by each of them it is found."""
        return {kind for gap in self.gaps for kind in (gap.kind, *gap.also)}

    @property
    def first(self) -> list[GapArea]:
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
        return [(format_list(names), words) for words, names in found.items()]

    @property
    def people(self) -> str:
        return labels.format_people(self.gap.people)

    @property
    def severity(self) -> str:
        return labels.format_level(self.rank.severity, MOST_SEVERE)

    @property
    def size(self) -> str:
        return labels.format_level(self.rank.people, MOST_PEOPLE)

    @property
    def feasibility(self) -> str:
        return labels.format_level(self.rank.feasibility, MOST_FEASIBLE)


def build_rows(
    look: GapView,
    gaps: Iterable[Gap],
    weights: RankWeights,
    plans: Mapping[Key, GapPlan],
    *,
    apart: bool = False,
) -> list[GapRow]:
    """Build the rows, the first to begin with on top. Groups for whom the same is wrong
    share a row, and so do areas, unless they are kept `apart`."""
    found: dict[object, GapRow] = {}
    for gap, rank in sort_gaps(gaps, weights):
        same = (gap.need.code, gap.kind, gap.barrier, gap.area if apart else "")
        if same not in found:
            # Of the first gap, which ranks highest: the row is sorted by it, and so
            # explained by it.
            why = labels.describe_gap(gap, look.assumed)[0]
            found[same] = GapRow(gap, rank, why)
        row = found[same]
        name = labels.format_area(gap.area, look.areas)
        row.areas.setdefault(gap.area, GapArea(name, [])).gaps.append(gap)
        row.plan = row.plan or plans.get(gap.key)
    return list(found.values())


@dataclass(frozen=True)
class GapSquare:
    """A need in a region: the gravest that is wrong there, for anyone."""

    kind: GapKind | None
    gap: Gap | None


def build_squares(
    look: GapView, group: str, needs: Iterable[PackageNeed] = PACKAGE
) -> list[tuple[PackageNeed, list[GapSquare]]]:
    """Build a table with needs as rows and regions as columns."""
    worst: dict[tuple[str, str], Gap] = {}
    order = list(GapKind)
    for gap in look.gaps:
        if group and gap.group not in (EVERYBODY, group):
            continue
        for area in look.areas if gap.area == EVERYWHERE else [gap.area]:
            at = (gap.need.code, area)
            # There is room for one sign: the gravest.
            if at not in worst or order.index(gap.kind) < order.index(worst[at].kind):
                worst[at] = gap
    return [
        (need, [build_square(worst.get((need.code, area))) for area in look.areas])
        for need in needs
        if not group or group in need.groups
    ]


def build_square(gap: Gap | None) -> GapSquare:
    return GapSquare(gap.kind if gap else None, gap)
