"""A pathway drawn as a line with stations: a list of steps that is also its drawing.

Every step is one item of a list. Next to the list runs a line downwards; where
there is room the same items stand beneath lines that run from the side on which reading
begins, in stretches of a few columns. Items say in words all that the line shows, so a
list without its line, as a screen reader has it, loses nothing. Pure.
"""

from amana.design.mechanism.line.line_drawing import (
    MARK_ROWS,
    MOST_LANES,
    MOST_ROWS,
    MOST_SPAN,
    NARROW,
    WIDE,
    LineStation,
    PathwayLine,
    StationText,
)
from amana.design.mechanism.line.line_layout import (
    build_line,
)
from amana.design.mechanism.line.line_of_pathway import (
    PathwayGraph,
    build_graph,
    build_lines,
    iterate_branchings,
    map_joins,
)

__all__ = [
    "MARK_ROWS",
    "MOST_LANES",
    "MOST_ROWS",
    "MOST_SPAN",
    "NARROW",
    "WIDE",
    "LineStation",
    "PathwayGraph",
    "PathwayLine",
    "StationText",
    "build_graph",
    "build_line",
    "build_lines",
    "iterate_branchings",
    "map_joins",
]
