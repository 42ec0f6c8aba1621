"""A case on its way: its facts, and what they say is due.

Facts are all there is; `OpenTask` and `PendingSignal` say in rows what their fold says,
so that
lists are cheap. Codes only: words about a person are sealed in the case."""

from amana.care.pathways.models.open_tasks import (
    OpenTask,
    OpenTaskQuerySet,
    PendingSignal,
    PendingSignalQuerySet,
    RoleAssignment,
)
from amana.care.pathways.models.runs import (
    CASE_CLOSED,
    NO_CLOCK,
    DecisionBasis,
    DeviationReason,
    PathwayEvent,
    PathwayRun,
    PathwayRunQuerySet,
    UnmovedRun,
    VersionMove,
    convert_tuple,
    copy_or_none,
)

__all__ = [
    "CASE_CLOSED",
    "NO_CLOCK",
    "DecisionBasis",
    "DeviationReason",
    "OpenTask",
    "OpenTaskQuerySet",
    "PathwayEvent",
    "PathwayRun",
    "PathwayRunQuerySet",
    "PendingSignal",
    "PendingSignalQuerySet",
    "RoleAssignment",
    "UnmovedRun",
    "VersionMove",
    "convert_tuple",
    "copy_or_none",
]
