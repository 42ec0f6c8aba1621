"""A condition: `route == "child" and consent != "no"`, read and never run.

What it may say is all here: names, codes in quotes, whole numbers, lists of them; == !=
< <= > >= in, not in; and, or, not; brackets. Anything else is refused with a sentence.
"""

from amana.design.pathway.conditions.condition import (
    ComparedValue,
    Condition,
    Constant,
    Name,
    NotACondition,
)
from amana.design.pathway.conditions.condition_parser import (
    iterate_holding_names,
    read_condition,
)

# -- what a condition is made of -------------------------------------------------------


# -- reading ---------------------------------------------------------------------------


# -- holding ---------------------------------------------------------------------------


__all__ = [
    "ComparedValue",
    "Condition",
    "Constant",
    "Name",
    "NotACondition",
    "iterate_holding_names",
    "read_condition",
]
