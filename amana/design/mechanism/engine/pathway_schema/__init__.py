"""Whether a pathway's file has the shape of one: words, references, lengths of time,
conditions. What comes out clean can be read; whether it is sound is `soundness`."""

from amana.design.mechanism.engine.pathway_schema.decision_table_shape import (
    check_table,
)
from amana.design.mechanism.engine.pathway_schema.pathway_validator import (
    PathwayContext,
    PathwayValidator,
    find_near_name,
)

# -- decision tables -------------------------------------------------------------------


__all__ = [
    "PathwayContext",
    "PathwayValidator",
    "check_table",
    "find_near_name",
]
