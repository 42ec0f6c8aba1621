"""What is wrong, for whom and where, in words."""

from dataclasses import dataclass

import numpy as np
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amana.design.directory.codes import format_language
from amana.design.directory.coverage.supply import (
    BANDS,
    NOBODY,
    CoverageAssumptions,
    CoverageStage,
    PopulationGroup,
)
from amana.design.directory.labels.code_labels import lower_first
from amana.design.directory.models import Area
from amana.insight.gaps.demand import DemandShare, ShownNumber
from amana.insight.gaps.finding import (
    EVERYBODY,
    EVERYWHERE,
    SUITED_LEAST,
    Cell,
    Gap,
    GapKind,
    SupplyAndDemand,
)
from amana.insight.measure import country
from amana.insight.measure.figure_labels import format_percent

LEVELS: dict[int, str | Promise] = {
    1: gettext_lazy("low"),
    2: gettext_lazy("medium"),
    3: gettext_lazy("high"),
    4: gettext_lazy("very high"),
}


def format_number(value: float, places: int = 0) -> str:
    return str(number_format(round(value, places) + 0.0, places))


def format_estimate(said: ShownNumber | None) -> str:
    """Format a number as it may be shown."""
    if said is None:
        return _("not counted")
    if said.value is None:
        return _("not shown")
    return _("about %(n)s") % {"n": format_number(said.value)}


def format_people(said: ShownNumber | None) -> str:
    """Format a number of people, with why it isn't shown or that it is estimated."""
    if said is not None and said.value is None:
        return _("fewer than %(n)s, or not shown") % {"n": country.SMALLEST}
    if said is not None and said.estimated:
        return _("%(about)s, estimated") % {"about": format_estimate(said)}
    return format_estimate(said)


def format_note(said: ShownNumber | None, before: ShownNumber | None) -> str:
    """Format how a number is known, and what it was the year before."""
    words = {"people_before": format_estimate(before)}
    if said is not None and said.value is not None and said.estimated:
        return _("estimated; year before: %(people_before)s") % words
    return _("year before: %(people_before)s") % words


def format_group(group: str) -> str:
    return _("Everyone") if group == EVERYBODY else str(PopulationGroup(group).label)


def format_area(area: str, areas: dict[str, Area]) -> str:
    if area == EVERYWHERE:
        return _("The whole country")
    return areas[area].name if area in areas else area


def format_languages(assumed: CoverageAssumptions) -> str:
    return format_language(assumed.language) if assumed.language else ""


def describe_gap(gap: Gap, assumed: CoverageAssumptions) -> list[str]:
    """Describe why it is a gap, a sentence for each reason."""
    said = list(describe_first_kind(gap, assumed))
    for kind in gap.also:
        said += describe_kind(kind, gap.facing, gap.cells[0], assumed)
    return said


def describe_first_kind(gap: Gap, assumed: CoverageAssumptions) -> list[str]:
    if gap.kind == GapKind.INACCESSIBLE and gap.barrier is not None:
        return [describe_barrier(gap.barrier, gap, assumed)]
    # A gap of several groups is described by one of those for whom its first kind is
    # true.
    cell = next((c for c in gap.cells if gap.kind in gap.facing.kinds(c)), gap.cells[0])
    return describe_kind(gap.kind, gap.facing, cell, assumed)


def describe_barrier(
    barrier: CoverageStage, gap: Gap, assumed: CoverageAssumptions
) -> str:
    group = lower_first(format_group(gap.group))
    nearest = min(int(gap.facing.supply.nearest[cell]) for cell in gap.cells)
    sentences = {
        CoverageStage.TAKES_GROUP: _(
            "There is such a service, but none for: %(group)s."
        ),
        CoverageStage.NEAR: _(
            "Nearest service: %(far)s. A journey of more than %(hours)s is not "
            "acceptable."
        ),
        CoverageStage.NO_CONDITIONS: _(
            "Every service within reach asks for papers, for a formal decision, or "
            "for cooperation with the police."
        ),
        CoverageStage.FREE_OF_CHARGE: _(
            "People have to pay at every service they could go to."
        ),
        CoverageStage.UNDERSTOOD: _("No service within reach speaks %(language)s."),
        CoverageStage.OPEN: _("No service within reach is open when needed."),
    }
    return sentences[barrier] % {
        "group": group,
        "far": format_travel(nearest),
        "hours": format_hours(assumed.reach),
        "language": format_languages(assumed),
    }


def describe_kind(
    kind: GapKind, facing: SupplyAndDemand, cell: Cell, assumed: CoverageAssumptions
) -> list[str]:
    if kind == GapKind.ABSENT:
        return [_("No active service does this for people there.")]
    if kind == GapKind.INSUFFICIENT:
        return describe_shortage(facing, cell)
    if kind == GapKind.UNSAFE:
        return describe_unsafe(facing, cell)
    if kind == GapKind.POOR:
        return [describe_poor_quality(mark, facing, cell) for mark in facing.poor(cell)]
    if kind == GapKind.UNFUNDED:
        return [describe_ending(facing, cell, assumed)]
    return []


def describe_shortage(facing: SupplyAndDemand, cell: Cell) -> list[str]:
    said = []
    if facing.too_few(cell):
        said.append(
            _("For each person in need there are %(ratio)s places.")
            % {"ratio": format_ratio(facing, cell)}
        )
    if facing.many_unmet(cell):
        said.append(
            format_share(
                facing.unmet(cell),
                _("In this area nothing acceptable was found for %(share)s."),
                _("In the whole country nothing acceptable was found for %(share)s."),
            )
        )
    return said


def format_ratio(facing: SupplyAndDemand, cell: Cell) -> str:
    """Format the places for each person in need, with their interval."""
    low, middle, high = (
        float(facing.ratio[n][cell]) for n in ("low", "middle", "high")
    )
    if not np.isfinite(middle) or not facing.supply.usable[cell]:
        return "–"
    # With hardly any people the upper limit is infinite: the lower one alone still says
    # something.
    if not np.isfinite(high):
        return _("%(n)s (at least %(low)s)") % {
            "n": format_number(middle, 1),
            "low": format_number(low, 1),
        }
    return _("%(n)s (between %(low)s and %(high)s)") % {
        "n": format_number(middle, 1),
        "low": format_number(low, 1),
        "high": format_number(high, 1),
    }


def describe_unsafe(facing: SupplyAndDemand, cell: Cell) -> list[str]:
    said = []
    if facing.locked(cell):
        said.append(_("People can’t go out freely at any service they could use."))
    if facing.suited(cell).below(SUITED_LEAST):
        said.append(
            _("Only %(share)s of the children there live in a suitable place.")
            % {"share": format_percent(facing.suited(cell).value or 0)}
        )
    return said


def describe_poor_quality(mark: str, facing: SupplyAndDemand, cell: Cell) -> str:
    if mark == "accepted":
        return format_share(
            facing.accepted(cell),
            _("In this area only %(share)s of the referrals are accepted."),
            _("In the whole country only %(share)s of the referrals are accepted."),
        )
    if mark == "met":
        return format_share(
            facing.met(cell),
            _("In this area only %(share)s of those asked report that it helped."),
            _(
                "In the whole country only %(share)s of those asked report that it "
                "helped."
            ),
        )
    if mark == "wait":
        return _("In the whole country half of the people wait longer than 30 days.")
    return _(
        "Only %(share)s of the entries for these services were verified in time."
    ) % {"share": format_percent(facing.fresh(cell))}


def format_share(share: DemandShare, here: str, everywhere: str) -> str:
    """Format a share of the area, where its own figure is shown, else of the
    country."""
    return (here if share.here else everywhere) % {
        "share": format_percent(share.value or 0)
    }


def describe_ending(
    facing: SupplyAndDemand, cell: Cell, assumed: CoverageAssumptions
) -> str:
    said = ngettext(
        "The funding of %(n)s service ends within %(days)s days, of %(all)s in all.",
        "The funding of %(n)s services ends within %(days)s days, of %(all)s in all.",
        int(facing.supply.ending[cell]),
    )
    return said % {
        "n": facing.supply.ending[cell],
        "days": assumed.ends_within,
        "all": facing.supply.usable[cell],
    }


def format_hours(n: int) -> str:
    return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}


def format_travel(band: int) -> str:
    """Format the journey to the nearest service that takes the group, from the middle
    of the area."""
    if band == NOBODY:
        return _("nowhere")
    if band > len(BANDS):
        return _("not known")
    if band == len(BANDS):
        return _("more than %(hours)s") % {"hours": format_hours(BANDS[-1])}
    if band == 0:
        return _("up to %(hours)s") % {"hours": format_hours(BANDS[0])}
    return _("%(from)s to %(to)s hours") % {"from": BANDS[band - 1], "to": BANDS[band]}


@dataclass(frozen=True)
class GapLine:
    label: str
    values: list[str]


def list_groups(gap: Gap) -> list[tuple[str, Cell]]:
    """List the groups and cells of a gap, of one region where it is of all."""
    # Columns for all groups of every region would not fit on a page, and what is absent
    # everywhere is the same in each.
    region = gap.cells[0][1]
    cells = [cell for cell in gap.cells if cell[1] == region]
    return [(str(list(PopulationGroup)[cell[2]].label), cell) for cell in cells]
