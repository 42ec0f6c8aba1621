"""Build everything that people are shown of one kind of observation in a year,
protected at once.

A figure divides the observations of its kind: those counted, the others, the unknown,
and those that it is not about. That is one more dimension of the kind's tables, so all
figures of a kind, in all that splits them, share their sums, and `disclosure` sees them
as an attacker would. A fixed set of tables is made, whatever is asked for (ADR 24).
"""

from amana.insight.measure.engine.protected_tables.dimensions import (
    AGENCY,
    ENOUGH_FOR_BOTH,
    FEW,
    NOTHING,
    OFF,
    OUT,
    QUARTER,
    THIRD,
    TWICE,
    Cell,
    Dims,
    NeededFigure,
    TableContent,
    build_figure_name,
    map_figures_by_kind,
)
from amana.insight.measure.engine.protected_tables.table_making import (
    build_protected_tables,
)

__all__ = [
    "AGENCY",
    "ENOUGH_FOR_BOTH",
    "FEW",
    "NOTHING",
    "OFF",
    "OUT",
    "QUARTER",
    "THIRD",
    "TWICE",
    "Cell",
    "Dims",
    "NeededFigure",
    "TableContent",
    "build_figure_name",
    "build_protected_tables",
    "map_figures_by_kind",
]
