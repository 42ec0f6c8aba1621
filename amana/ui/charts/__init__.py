"""Figures as pictures: from numbers to places on a drawing, which templates fill in.

Nothing is shown by colour alone: shapes, dashes, words and numbers are on the picture,
and the table next to it has all of it. Where text runs from right to left, so do
charts.
"""

from amana.ui.charts.funnels import Agency, FunnelChart, draw_funnel
from amana.ui.charts.lines import (
    ChartLine,
    SmallChart,
    TimePoint,
    draw_line,
    draw_sparkline,
)
from amana.ui.charts.places import choose_scale_end, format_coordinate
from amana.ui.charts.rows import RowChart, RowValue, draw_rows

__all__ = [
    "Agency",
    "ChartLine",
    "FunnelChart",
    "RowChart",
    "RowValue",
    "SmallChart",
    "TimePoint",
    "choose_scale_end",
    "draw_funnel",
    "draw_line",
    "draw_rows",
    "draw_sparkline",
    "format_coordinate",
]
