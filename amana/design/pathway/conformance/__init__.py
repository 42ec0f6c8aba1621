"""What happened, against what was agreed: cases replayed against a version, and every
place where they left it.

A deviation is no verdict. Each is said in words, with its step; after it the replay
goes on from where the case really went, so that one deviation is told once.
"""

from amana.design.pathway.conformance.deviations import Deviation, DeviationKind
from amana.design.pathway.conformance.many_cases import measure_conformance
from amana.design.pathway.conformance.replay import find_deviations

__all__ = [
    "Deviation",
    "DeviationKind",
    "find_deviations",
    "measure_conformance",
]
