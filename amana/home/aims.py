"""What is counted of the indicators on which a commitment of the academy should show:
the figure of the last year, for all together, as its sheet shows it."""

from collections.abc import Collection, Iterator

from amana.insight.measure import figure_years
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_questions import FigureQuestion
from amana.insight.measure.figure_view import FigureView
from amana.insight.measure.figure_years import FigureYear
from amana.insight.measure.library.reading import load_library


def map_figures(codes: Collection[str]) -> dict[str, str]:
    """Map each code to its figure in a few words; without what is too small to be
    shown.
    """
    years = figure_years.list_years()
    year = (
        figure_years.load_year(figure_years.choose_default_year(years))
        if years
        else None
    )
    return dict(_shown(codes, year)) if year else {}


def _shown(codes: Collection[str], year: FigureYear) -> Iterator[tuple[str, str]]:
    for code in codes:
        indicator = load_library().get(code)
        if indicator is not None:
            definition = Definition(indicator, indicator.part())
            whole = FigureView(definition, year, FigureQuestion(year.number)).whole
            # What its own page suppresses must not be readable here.
            if not whole.shown.hidden:
                yield code, f"{whole.value} ({year.number})"
