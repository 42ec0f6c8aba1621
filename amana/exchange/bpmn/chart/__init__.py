"""A pathway as nodes and arrows: which element of BPMN each step is.

Steps are drawn from a list of what is still to do, never by recursion along the
pathway: it may be as long as an author likes.
"""

from amana.exchange.bpmn.chart.chart_builder import draw_processes
from amana.exchange.bpmn.chart.chart_parts import (
    ChartFlow,
    ChartNode,
    ChartProcess,
    begin_line,
    format_name,
    format_step_title,
)

__all__ = [
    "ChartFlow",
    "ChartNode",
    "ChartProcess",
    "begin_line",
    "draw_processes",
    "format_name",
    "format_step_title",
]
