"""Compare agencies, and by how much they may differ by chance alone.

No league table: a funnel shows of each only whether it lies where it would, if all were
alike. Outside the limits one asks why; none is first or last (Spiegelhalter 2005).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.insight.measure import figure_labels, labels
from amana.insight.measure.engine.definitions import Measure
from amana.insight.measure.engine.protected_tables import AGENCY
from amana.insight.measure.engine.statistics import (
    FUNNEL,
    compute_funnel_limit,
    list_funnel_sizes,
)
from amana.insight.measure.engine.visible_figures import ShownValue
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_years import FigureYear
from amana.ui import charts

FEWEST = 3
"""Of fewer agencies a funnel shows nothing."""

SAID = {
    "inside": lazy("within the range of chance"),
    "watch": lazy("outside 95 of 100: worth checking"),
    "far": lazy("outside 998 of 1,000: ask why"),
}


@dataclass(frozen=True)
class AgencyComparison:
    """An agency in the funnel, by its number there."""

    number: int
    name: str
    shown: ShownValue
    place: str
    value: str

    @property
    def said(self) -> str:
        return str(SAID[self.place])

    @property
    def counted(self) -> str:
        return figure_labels.format_counted(self.shown)


@dataclass(frozen=True)
class ComparedAgencies:
    agencies: tuple[AgencyComparison, ...]
    left_out: int
    whole: str
    chart: charts.FunnelChart | None


def can_compare(definition: Definition) -> bool:
    return definition.part.measure is Measure.SHARE


def compare_agencies(definition: Definition, year: FigureYear) -> ComparedAgencies:
    part, names = definition.part, labels.map_agencies()
    found = map_figures_by_agency(definition, year, names)
    shown = {c: figure for c, figure in found.items() if figure.value is not None}
    whole = year.sheets.shown(definition.code, part)
    if whole.value is None or len(shown) < FEWEST:
        return ComparedAgencies(
            (), len(found), figure_labels.format_value(part, whole), None
        )
    # By name and never by value: the numbers in the picture are no ranks.
    agencies = tuple(
        locate_in_funnel(number, names[c], shown[c], whole.value, definition)
        for number, c in enumerate(sorted(shown, key=names.__getitem__), start=1)
    )
    return ComparedAgencies(
        agencies,
        len(found) - len(shown),
        figure_labels.format_value(part, whole),
        draw_agencies(definition, agencies, whole.value),
    )


def map_figures_by_agency(
    definition: Definition, year: FigureYear, names: Mapping[str, str]
) -> dict[str, ShownValue]:
    part = definition.part
    return {
        c: year.sheets.shown(definition.code, part, ((AGENCY, c),))
        for c in year.sheets.codes(part, AGENCY)
        if c in names
    }


def list_own_agencies(
    definition: Definition,
    year: FigureYear,
    names: Mapping[str, str],
    ours: Collection[str],
) -> list[AgencyComparison]:
    """List these agencies alone out of all that are compared; none where too few can
    be."""
    whole = year.sheets.shown(definition.code, definition.part)
    if whole.value is None or not can_compare(definition):
        return []
    found = map_figures_by_agency(definition, year, names)
    shown = {c: figure for c, figure in found.items() if figure.value is not None}
    if len(shown) < FEWEST:
        return []
    return [
        locate_in_funnel(0, names[c], shown[c], whole.value, definition)
        for c in shown
        if c in ours
    ]


def locate_in_funnel(
    number: int, name: str, shown: ShownValue, whole: float, definition: Definition
) -> AgencyComparison:
    of, share = int(shown.of or 0), shown.value or 0.0
    where = "inside"
    for place, (low, high) in zip(("far", "watch"), FUNNEL, strict=True):
        if (
            not compute_funnel_limit(whole, of, low)
            <= share
            <= compute_funnel_limit(whole, of, high)
        ):
            where = place
            break
    return AgencyComparison(
        number, name, shown, where, figure_labels.format_value(definition.part, shown)
    )


def draw_agencies(
    definition: Definition, agencies: Sequence[AgencyComparison], whole: float
) -> charts.FunnelChart:
    # Some room beyond the largest agency, so that its point is not on the edge.
    sizes = list_funnel_sizes(
        int(max(agency.shown.of or 1 for agency in agencies) * 1.15) + 5
    )
    limits = [
        (
            name,
            [
                (
                    n,
                    compute_funnel_limit(whole, n, low),
                    compute_funnel_limit(whole, n, high),
                )
                for n in sizes
            ],
        )
        for name, (low, high) in zip(("far", "watch"), FUNNEL, strict=True)
    ]
    outside = sum(agency.place != "inside" for agency in agencies)
    words = {
        "title": definition.name,
        "n": len(agencies),
        "outside": outside,
    }
    return charts.draw_funnel(
        [
            charts.Agency(
                agency.number,
                int(agency.shown.of or 0),
                agency.shown.value or 0.0,
                agency.place,  # type: ignore[arg-type]
            )
            for agency in agencies
        ],
        limits,
        whole=whole,
        whole_words=figure_labels.format_amount(definition.part, whole),
        described=_(
            "%(title)s: %(n)s organisations, %(outside)s of them outside the limits. "
            "The table below shows which."
        )
        % words,
        say=lambda n: figure_labels.format_amount(definition.part, n),
        say_size=lambda n: figure_labels.format_number(n, 0),
        mirrored=get_language_bidi(),
    )
