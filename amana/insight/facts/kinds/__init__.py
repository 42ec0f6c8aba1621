"""Every kind of observation: its possible results, and in one sentence how it
arises."""

from amana.insight.facts.kinds.kind_of_observation import (
    MOMENTS,
    TYPES,
    Codes,
    ObservationKind,
)
from amana.insight.facts.kinds.kinds_of_mechanism import (
    KINDS,
    OF_THE_MECHANISM,
    REASONS,
    TOPICS,
)
from amana.insight.facts.kinds.kinds_of_people import OF_PEOPLE

__all__ = [
    "KINDS",
    "MOMENTS",
    "OF_PEOPLE",
    "OF_THE_MECHANISM",
    "REASONS",
    "TOPICS",
    "TYPES",
    "Codes",
    "ObservationKind",
]
