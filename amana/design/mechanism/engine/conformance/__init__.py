"""What happened, against what was agreed: cases replayed against a version, and every
place where they left it.

A deviation is no verdict. Each is said in words, with its step; after it the replay
goes on from where the case really went, so that one deviation is told once.
"""

from amana.design.mechanism.engine.conformance.deviations import (
    Deviation,
    DeviationKind,
)
from amana.design.mechanism.engine.conformance.many_cases import measure_conformance
from amana.design.mechanism.engine.conformance.replay import find_deviations

__all__ = [
    "Deviation",
    "DeviationKind",
    "find_deviations",
    "measure_conformance",
]
