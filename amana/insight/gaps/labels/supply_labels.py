"""What the services lack, in words."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from amana.design.directory.coverage.supply import EXCLUDING, CoverageStage
from amana.design.directory.labels.code_labels import lower_first
from amana.design.directory.labels.match_labels import SHORT
from amana.insight.facts.kinds import REASONS
from amana.insight.gaps.demand import ACCEPTED
from amana.insight.gaps.finding import Cell, Gap, GapKind
from amana.insight.gaps.labels.gap_labels import (
    LEVELS,
    GapLine,
    format_number,
    format_ratio,
    format_travel,
    list_groups,
)
from amana.insight.measure.figure_labels import format_percent
from amana.insight.measure.library.reading import load_library
from amana.ui.labels import format_list

STAGES: dict[CoverageStage, str | Promise] = {
    CoverageStage.THERE: gettext_lazy("Serve people there"),
    CoverageStage.TAKES_GROUP: gettext_lazy("Accept this group"),
    CoverageStage.NEAR: gettext_lazy("Within reach, or come to people"),
    CoverageStage.NO_CONDITIONS: gettext_lazy("Require no papers, decision or police"),
    CoverageStage.FREE_OF_CHARGE: gettext_lazy("Are free of charge"),
    CoverageStage.UNDERSTOOD: gettext_lazy("Speak the language"),
    CoverageStage.OPEN: gettext_lazy("Are open when needed"),
}


def list_funnel(gap: Gap) -> list[GapLine]:
    """List how many services are left after each question, for each group."""
    left = gap.facing.supply.left
    return [
        GapLine(
            str(label),
            [format_number(left[(stage, *cell)]) for _name, cell in list_groups(gap)],
        )
        for stage, label in STAGES.items()
    ]


def list_exclusions(gap: Gap) -> list[GapLine]:
    """List which rules of the services exclude people, and how many services have
    each."""
    found = []
    for place, reason in enumerate(EXCLUDING):
        counts = [
            int(gap.facing.supply.excluded[(place, *cell)])
            for _name, cell in list_groups(gap)
        ]
        if any(counts):
            found.append(
                GapLine(str(SHORT[reason]), [format_number(n) for n in counts])
            )
    return found


def list_supply(gap: Gap) -> list[GapLine]:
    """List what can be used, in figures."""
    facing, supply = gap.facing, gap.facing.supply
    cells = [cell for _name, cell in list_groups(gap)]

    def line(label: str, say: Callable[[Cell], str]) -> GapLine:
        return GapLine(label, [say(cell) for cell in cells])

    def places(cell: Cell) -> str:
        said = format_number(supply.places[cell])
        # Some services count no places: the sum is then a lower bound.
        if facing.is_counted(cell) or not supply.usable[cell]:
            return said
        return _("%(n)s or more") % {"n": said}

    return [
        line(_("Nearest, one way"), lambda c: format_travel(int(supply.nearest[c]))),
        line(_("People who can be taken in per month"), places),
        line(_("Places for each person in need"), lambda c: format_ratio(facing, c)),
        line(_("Full today"), lambda c: format_number(supply.full[c])),
        line(_("Verified in time"), lambda c: format_number(supply.fresh[c])),
        line(_("Funding ends soon"), lambda c: format_number(supply.ending[c])),
        line(
            _("Services that come to people"), lambda c: format_number(supply.coming[c])
        ),
    ]


def list_decline_reasons(gap: Gap) -> list[tuple[str, str]]:
    """List why services declined, for all needs and the whole country, as far as
    shown."""
    year = gap.facing.demand.year
    if year is None:
        return []
    found = year.sheets.shares(ACCEPTED, load_library()[ACCEPTED].part("reasons"))
    said = [(s.value, r) for r, s in found.items() if s.value is not None]
    shares = sorted(said, reverse=True)
    return [(str(REASONS.get(r, r)), format_percent(share)) for share, r in shares]


def format_wait(gap: Gap) -> str:
    """Format how long half of the people wait at most, in the whole country."""
    hours = gap.facing.demand.hours_waited(gap.need.code)
    if hours is None:
        return ""
    days = round(hours / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": format_number(days)}


def list_shares(gap: Gap) -> list[tuple[str, str, str]]:
    """List the outcomes, as far as they may be shown: what, how much, and where."""
    facing, cell = gap.facing, gap.cells[0]
    asked = (
        (_("Referrals accepted"), facing.accepted(cell)),
        (_("Helped, according to people"), facing.met(cell)),
    )
    return [
        (
            label,
            format_percent(share.value),
            _("In this area") if share.here else _("In the whole country"),
        )
        for label, share in asked
        if share.value is not None
    ]


def format_level(value: int, most: int) -> str:
    """Format a factor, and out of how many."""
    step = max(1, round(value / most * len(LEVELS)))
    return _("%(level)s (%(n)s of %(most)s)") % {
        "level": LEVELS[min(step, len(LEVELS))],
        "n": value,
        "most": most,
    }


def format_kinds(kinds: tuple[GapKind, ...]) -> str:
    return format_list(lower_first(str(kind.label)) for kind in kinds)
