"""What the figures show of what a costing assumes: a hint at the field, with where it
comes from. As everyone sees figures: protected, from the sheets of a year."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amana.insight.costing.models import DriverChoice
from amana.insight.costing.scenario_outcomes import format_number
from amana.insight.measure import figure_labels, figure_years, labels
from amana.insight.measure.library.reading import load_library

SAID_BY = {
    DriverChoice.IDENTIFIED: ("I03", "all"),
    DriverChoice.MONTHS: ("I31", "length"),
    DriverChoice.CASELOAD: ("I34", "cases"),
}
"""The indicator, and its part."""


def map_hints() -> dict[str, str]:
    """Map drivers to hints, as far as there are figures that can be shown."""
    years = figure_years.list_years()
    year = (
        figure_years.load_year(figure_years.choose_default_year(years))
        if years
        else None
    )
    return dict(iterate_hints(year)) if year else {}


def iterate_hints(year: figure_years.FigureYear) -> Iterator[tuple[str, str]]:
    for driver, (code, name) in SAID_BY.items():
        indicator = load_library()[code]
        part = indicator.part(name)
        shown = year.sheets.shown(code, part)
        # of those who were screened, how many; else the figure itself
        counts = driver is DriverChoice.IDENTIFIED and shown.counted is not None
        if not shown.hidden:
            value = (
                format_number(shown.counted or 0)
                if counts
                else figure_labels.format_value(part, shown)
            )
            yield (
                driver,
                _("Figures for %(year)s: %(value)s (%(code)s, %(title)s).")
                % {
                    "year": year.number,
                    "value": value,
                    "code": code,
                    "title": labels.format_text(part.title or indicator.title),
                },
            )
