"""Compare a figure at different times: quarters, and halves of years.

Nothing is counted again. Quarters are in the protected tables, protected together with
their year and its months (ADR 24). A half is the sum of its two quarters where both are
shown, which any reader could add up; where one of them is hidden, the half is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from django.utils.translation import gettext as _

from amana.insight.measure import figure_labels, figure_years, labels
from amana.insight.measure.engine import statistics
from amana.insight.measure.engine.definitions import IndicatorPart, Measure
from amana.insight.measure.engine.protected_tables import OFF, QUARTER
from amana.insight.measure.engine.visible_figures import HIDDEN, ShownValue
from amana.insight.measure.figure_view import FigureView, TableLine

type Quarters = tuple[str, ...]

HALVES: Mapping[str, Quarters] = {"H1": ("1", "2"), "H2": ("3", "4")}
QUARTERS: Mapping[str, Quarters] = {n: (n,) for n in labels.QUARTERS}
ADD_UP = frozenset({Measure.COUNT, Measure.SHARE})
"""A mean or a median of two quarters can't be told from those of each."""
WITHOUT_CHANCE = frozenset({Measure.TOTAL, Measure.RATIO, Measure.DISTRIBUTION})
"""How far chance moves these is not known."""


@dataclass(frozen=True)
class PeriodComparison:
    """A quarter or a half; how it differs from the one before, and from the same a year
    before, in words; empty where one of the two is not shown."""

    line: TableLine
    before: str
    year_before: str


def list_periods(look: FigureView) -> list[TableLine]:
    """List the halves and quarters of the year that are over and shown."""
    return [
        line
        for part_of_year in (HALVES, QUARTERS)
        for line in iterate_finished(look, part_of_year)
    ]


def compare_periods(look: FigureView) -> list[PeriodComparison]:
    """Compare each of them with earlier ones, where any comparison is possible."""
    last = figure_years.load_year(look.year.number - 1)
    earlier = replace(look, year=last) if last else None
    found = [
        stretch
        for part_of_year in (HALVES, QUARTERS)
        for stretch in iterate_comparisons(look, earlier, part_of_year)
    ]
    return (
        found if any(stretch.before or stretch.year_before for stretch in found) else []
    )


def iterate_comparisons(
    look: FigureView, earlier: FigureView | None, parts: Mapping[str, Quarters]
) -> Iterator[PeriodComparison]:
    codes = list(parts)
    for line in iterate_finished(look, parts):
        place = codes.index(line.code)
        year_before = get_period_figure(earlier, parts[line.code])
        before = (
            get_period_figure(look, parts[codes[place - 1]])
            if place
            else get_period_figure(earlier, parts[codes[-1]])
        )
        part = look.definition.part
        yield PeriodComparison(
            line,
            format_change(part, before, line.shown),
            format_change(part, year_before, line.shown),
        )


def iterate_finished(
    look: FigureView, parts: Mapping[str, Quarters]
) -> Iterator[TableLine]:
    for code, quarters in parts.items():
        if 3 * int(quarters[-1]) <= look.months_known:
            shown = get_period_figure(look, quarters)
            if not shown.hidden:
                yield TableLine(label_period(quarters), code, shown, look.definition)


def label_period(quarters: Quarters) -> str:
    names = labels.map_month_names()
    ends = {
        "first": names[3 * int(quarters[0]) - 2],
        "last": names[3 * int(quarters[-1])],
    }
    return _("%(first)s to %(last)s") % ends


def get_period_figure(look: FigureView | None, quarters: Quarters) -> ShownValue:
    """Get what the figure was in these quarters, for the people who were asked
    about."""
    if look is None or look.question.dim == QUARTER:
        return HIDDEN
    if look.definition.part.measure in WITHOUT_CHANCE:
        return HIDDEN
    shown = [look.at(*look.question.at, (QUARTER, n)) for n in quarters]
    return shown[0] if len(shown) == 1 else add_up_periods(look.definition.part, shown)


def add_up_periods(part: IndicatorPart, shown: Sequence[ShownValue]) -> ShownValue:
    """Add up several periods, if each is shown and they add up."""
    # One hidden quarter hides the half: their difference would show what is hidden.
    # Counted by itself, a half reveals it to an attacker (ADR 24).
    if part.measure not in ADD_UP or any(stretch.value is None for stretch in shown):
        return HIDDEN
    counted = sum(stretch.counted or 0 for stretch in shown)
    of = sum(stretch.of or 0 for stretch in shown)
    if part.measure is Measure.COUNT:
        return ShownValue(value=counted, counted=counted, of=of)
    interval = statistics.compute_wilson_interval(counted, of)
    return ShownValue(counted / of, *interval, counted=counted, of=of)


def format_change(part: IndicatorPart, before: ShownValue, now: ShownValue) -> str:
    """Format a change, as far as it is certain."""
    if before.value is None or now.value is None:
        return ""
    words = {"value": figure_labels.format_value(part, before)}
    surely = judge_change(part, before, now)
    if not surely:
        return _("no clear difference: it was %(value)s") % words
    higher = _("higher: it was %(value)s") % words
    return higher if surely > 0 else _("lower: it was %(value)s") % words


def judge_change(part: IndicatorPart, before: ShownValue, now: ShownValue) -> int:
    """Judge a change: 1 or -1 where chance alone hardly explains it, else 0. For
    counts, by the difference of two Poisson counts (Przyborowski and Wilenski 1940) and
    their rounding."""
    if part.measure is not Measure.COUNT:
        return figure_labels.compare_values(part, before, now)
    one, other = now.value or 0.0, before.value or 0.0
    by = one - other
    # Each of the two counts was rounded by up to half a step.
    chance = statistics.Z * sqrt(one + other) + 2 * OFF
    return 0 if abs(by) <= chance else 1 if by > 0 else -1
