"""What is counted of the indicators on which a commitment of the academy should show:
the figure of the last year, for all together, as its sheet shows it."""

from collections.abc import Collection, Iterator

from amana.insight.measure import looking
from amana.insight.measure.asking import FigureQuestion
from amana.insight.measure.library.reading import load_library
from amana.insight.measure.looking import FigureYear
from amana.insight.measure.reading import FigureView
from amana.insight.measure.telling import Definition


def map_figures(codes: Collection[str]) -> dict[str, str]:
    """Map each code to its figure in a few words; without what is too small to be
    shown.
    """
    years = looking.list_years()
    year = looking.load_year(looking.choose_default_year(years)) if years else None
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
