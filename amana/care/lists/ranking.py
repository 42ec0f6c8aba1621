"""The order of tasks: urgency and lateness together. Pure: no Django.

An unanswered emergency is above anything else, however late that is. Below it, what is
more urgent comes first, and of the same urgency what is late comes before what is not
yet; a task of no given urgency counts as medium. Within a band, the one that is due
first. Medium and routine work that is late by more than a week rises by one urgency, so
that nothing is forgotten for ever under new work.
"""

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Protocol

MEDIUM = "U2"
RISES_AFTER = timedelta(days=7)


class PriorityBand(IntEnum):
    """The written order, the first to be done first."""

    EMERGENCY = 0
    HIGH_LATE = 1
    HIGH = 2
    MEDIUM_LATE = 3
    MEDIUM = 4
    ROUTINE_LATE = 5
    ROUTINE = 6


LEVEL = {"U0": 0, "U1": 1, "U2": 2, "U3": 3}
BANDS: dict[int, tuple[PriorityBand, PriorityBand]] = {
    0: (PriorityBand.EMERGENCY, PriorityBand.EMERGENCY),
    1: (PriorityBand.HIGH_LATE, PriorityBand.HIGH),
    2: (PriorityBand.MEDIUM_LATE, PriorityBand.MEDIUM),
    3: (PriorityBand.ROUTINE_LATE, PriorityBand.ROUTINE),
}
"""By level of urgency: late, and not."""

FAR = datetime.max.replace(tzinfo=UTC)
"""Where a task has no deadline: after all of its band that have one."""


class Rankable(Protocol):
    """What has an urgency (a code or empty) and a deadline (aware, or None)."""

    @property
    def urgency(self) -> str: ...

    @property
    def due_at(self) -> datetime | None: ...


def get_band(task: Rankable, now: datetime) -> PriorityBand:
    """Return the band of a task at a moment."""
    level = LEVEL[task.urgency or MEDIUM]
    late = now - task.due_at if task.due_at else timedelta(0)
    # Never into the emergencies, which would hide those that are real.
    if level > 1 and late > RISES_AFTER:
        level -= 1
    when_late, not_late = BANDS[level]
    return when_late if late > timedelta(0) else not_late


def compute_rank(task: Rankable, now: datetime) -> tuple[PriorityBand, datetime]:
    """Return a key by which tasks are sorted, the first to be done first."""
    return get_band(task, now), task.due_at or FAR
