"""Who is screened, believed, accepted, helped in time: is it the same for everyone?

Each group is compared with all the others together; a gap counts as one only where the
interval of the difference excludes zero (Newcombe 1998).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.insight.measure import figure_labels, labels
from amana.insight.measure.engine.definitions import Indicator, IndicatorPart, Measure
from amana.insight.measure.engine.statistics import compare_shares
from amana.insight.measure.engine.visible_figures import HIDDEN, ShownValue
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_years import FigureYear
from amana.ui import charts

DIMS = ("sex", "age_band", "nationality_group", "disability", "exploitation")

LOOKED_AT: Sequence[tuple[str, str | Promise]] = (
    ("I01", lazy("Who is screened")),
    ("I03", lazy("Who is believed")),
    ("I20", lazy("Who is accepted by services")),
    ("I19", lazy("Who gets an answer in time")),
    ("I24", lazy("How long people wait")),
)


@dataclass(frozen=True)
class ComparedGroup:
    label: str
    shown: ShownValue
    value: str
    between: str
    counted: str
    apart: str = ""
    """How much more or less than the others, in words."""
    is_gap: bool = False


@dataclass(frozen=True)
class GroupComparison:
    """One comparison, group by group."""

    definition: Definition
    title: str
    whole: str
    groups: tuple[ComparedGroup, ...]
    chart: charts.RowChart | None

    @property
    def shown(self) -> list[ComparedGroup]:
        return [group for group in self.groups if not group.shown.hidden]

    @property
    def hidden(self) -> list[str]:
        return [group.label for group in self.groups if group.shown.hidden]

    @property
    def has_gaps(self) -> bool:
        return self.definition.part.measure is Measure.SHARE


def compare_groups(
    library: Mapping[str, Indicator], year: FigureYear, dim: str
) -> list[GroupComparison]:
    return [
        compare_indicator(
            Definition(library[code], library[code].part()), str(title), year, dim
        )
        for code, title in LOOKED_AT
    ]


def compare_indicator(
    definition: Definition, title: str, year: FigureYear, dim: str
) -> GroupComparison:
    part, code = definition.part, definition.code
    known = year.sheets.codes(part, dim)
    found = {c: year.sheets.shown(code, part, ((dim, c),)) for c in known}
    whole = year.sheets.shown(code, part)
    names = labels.map_labels(dim)
    groups = tuple(
        build_group(definition, str(label), c, found)
        for c, label in names.items()
        if c in found
    )
    drawn = None
    if any(not shown.hidden for shown in found.values()):
        drawn = draw_groups(definition, title, groups, whole)
    return GroupComparison(
        definition, title, figure_labels.format_value(part, whole), groups, drawn
    )


def build_group(
    definition: Definition, label: str, code: str, found: Mapping[str, ShownValue]
) -> ComparedGroup:
    part, shown = definition.part, found[code]
    said = (
        figure_labels.format_value(part, shown),
        figure_labels.format_interval(part, shown),
        figure_labels.format_counted(shown),
    )
    if part.measure is Measure.COUNT:
        return ComparedGroup(label, *convert_to_shares(part, shown, found))
    # With all the others together, not with the whole: a large group would be compared
    # with itself.
    others = [
        other for c, other in found.items() if c != code and other.value is not None
    ]
    if part.measure is not Measure.SHARE or shown.value is None or not others:
        return ComparedGroup(label, shown, *said)
    counted = sum(other.counted or 0 for other in others)
    of = sum(other.of or 0 for other in others)
    by, low, high = compare_shares(shown.counted or 0, shown.of or 1, counted, of)
    return ComparedGroup(
        label,
        shown,
        *said,
        apart=format_difference(by, low, high),
        is_gap=low > 0 or high < 0,
    )


def convert_to_shares(
    part: IndicatorPart, shown: ShownValue, found: Mapping[str, ShownValue]
) -> tuple[ShownValue, str, str, str]:
    """Convert a count to its part of all that are shown."""
    counted, of = (
        count_people(shown),
        sum(count_people(figure) for figure in found.values()),
    )
    if not counted:
        return HIDDEN, _("Not shown"), "", ""
    share = ShownValue(value=counted / of, counted=counted, of=of)
    # Where groups are too few to be added, the total is known only as a lower bound:
    # the words then say so many or more, of which the share is one.
    some_hidden = any(figure.at_least is not None for figure in found.values())
    words = (
        figure_labels.format_value(part, shown)
        if some_hidden
        else figure_labels.format_counted(share)
    )
    return share, figure_labels.format_percent(counted / of), "", words


def count_people(shown: ShownValue) -> float:
    return shown.counted or shown.at_least or 0.0


def format_difference(by: float, low: float, high: float) -> str:
    """Format a difference in percentage points, with the interval in which it lies."""
    # “5 points less (3 to 8)”: without a sign, the ends have to change places.
    ends = (low, high) if by > 0 or low <= 0 <= high else (-high, -low)
    points = {
        "n": figure_labels.format_number(abs(100 * by), 0),
        "low": figure_labels.format_number(100 * ends[0], 0),
        "high": figure_labels.format_number(100 * ends[1], 0),
    }
    if low <= 0 <= high:
        return _("no clear difference (%(low)s to %(high)s points)") % points
    if by > 0:
        return _("%(n)s points more (%(low)s to %(high)s)") % points
    return _("%(n)s points less (%(low)s to %(high)s)") % points


def draw_groups(
    definition: Definition,
    title: str,
    groups: Sequence[ComparedGroup],
    whole: ShownValue,
) -> charts.RowChart:
    part = definition.part
    shares = figure_labels.is_share(part) or part.measure is Measure.COUNT
    tops = [top for group in groups for top in (group.shown.best, group.shown.high)]
    most = charts.choose_scale_end(
        max((top for top in tops if top is not None), default=1)
    )
    same = whole.value if part.measure is not Measure.COUNT else None
    return charts.draw_rows(
        [
            charts.RowValue(
                group.label,
                group.value,
                *(group.shown.value, group.shown.low, group.shown.high),
                *(group.shown.at_least, group.shown.at_most),
                marked=group.is_gap,
            )
            for group in groups
            if not group.shown.hidden
        ],
        described=_("%(title)s, by group. The table below shows every value.")
        % {"title": title},
        most=1.0 if shares else most,
        mirrored=get_language_bidi(),
        whole=same,
        whole_words=figure_labels.format_value(part, whole) if same is not None else "",
    )
