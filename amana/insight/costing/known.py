"""What the figures show of what a costing assumes: a hint at the field, with where it
comes from. As everyone sees figures: protected, from the sheets of a year."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from amana.insight.costing.models import Driver
from amana.insight.costing.outcomes import number
from amana.insight.measure import looking, naming, telling
from amana.insight.measure.library.reading import library

SAID_BY = {
    Driver.IDENTIFIED: ("I03", "all"),
    Driver.MONTHS: ("I31", "length"),
    Driver.CASELOAD: ("I34", "cases"),
}
"""The indicator, and its part."""


def hints() -> dict[str, str]:
    """Map drivers to hints, as far as there are figures that can be shown."""
    years = looking.years()
    year = looking.year(looking.usual(years)) if years else None
    return dict(told(year)) if year else {}


def told(year: looking.Year) -> Iterator[tuple[str, str]]:
    for driver, (code, name) in SAID_BY.items():
        indicator = library()[code]
        part = indicator.part(name)
        shown = year.sheets.shown(code, part)
        # of those who were screened, how many; else the figure itself
        counts = driver is Driver.IDENTIFIED and shown.counted is not None
        if not shown.hidden:
            value = number(shown.counted or 0) if counts else telling.value(part, shown)
            yield (
                driver,
                _("Figures of %(year)s: %(value)s (%(code)s, %(title)s).")
                % {
                    "year": year.number,
                    "value": value,
                    "code": code,
                    "title": naming.said(part.title or indicator.title),
                },
            )
