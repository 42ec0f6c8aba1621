"""Of a gap a brief tells what was counted, and no estimate."""

from datetime import date

from amana.insight.briefs import cited_figures, labels
from amana.insight.gaps.finding import EVERYBODY, EVERYWHERE
from amana.insight.measure.engine.counting import COUNTED, OTHERS
from amana.insight.measure.engine.visible_figures import TablePage, YearTables
from amana.insight.measure.figure_years import FigureYear


def test_what_is_estimated_of_a_gap_is_not_told(regions):
    """Of 128 people 8 are too few to be shown: an estimate of them is no count."""
    page = TablePage(
        {
            **{"I26.all": [COUNTED, OTHERS], "topic": ["SH2"]},
            "area": ["R1", "R2"],
        },
        {
            "I26.all/topic": [60, 340],
            "topic/area": [130, 270],
            "I26.all/topic/area": [None, None, 120, 215],
        },
        {},
        exact=False,
    )
    sheet = FigureYear(2025, date(2026, 1, 1), 11, YearTables({"need": page}))
    source = cited_figures.FigureSource(sheet)
    gap = f"SH2.R1.{EVERYBODY}"

    needed = cited_figures.find_figure(source, labels.NEEDED, gap)
    assert needed is not None
    assert needed.shown.value == 130
    assert cited_figures.find_figure(source, labels.UNMET, gap) is None
    everywhere = cited_figures.find_figure(
        source, labels.UNMET, f"SH2.{EVERYWHERE}.{EVERYBODY}"
    )
    assert everywhere is not None
    assert everywhere.shown.value == 0.15
