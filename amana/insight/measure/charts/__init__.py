"""Figures as pictures: from numbers to places on a drawing, which templates fill in.

Nothing is shown by colour alone: shapes, dashes, words and numbers are on the picture,
and the table next to it has all of it. Where text runs from right to left, so do
charts.
"""

from amana.insight.measure.charts.funnels import Agency, Funnel, funnel
from amana.insight.measure.charts.lines import Line, Moment, Small, line, small
from amana.insight.measure.charts.places import nice
from amana.insight.measure.charts.rows import Given, Rows, rows

__all__ = [
    "Agency",
    "Funnel",
    "Given",
    "Line",
    "Moment",
    "Rows",
    "Small",
    "funnel",
    "line",
    "nice",
    "rows",
    "small",
]
