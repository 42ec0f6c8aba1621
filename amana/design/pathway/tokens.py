"""Where a case is at: tokens, and the joins that wait for branches."""

from datetime import datetime

from amana.design.pathway.pathway_model import Step
from amana.design.pathway.run_state import OpenStep, WaitingStep
from amana.working_time import Calendar, TimeSpan

type Place = tuple[str, str, str | None]
"""A step, an item, and the block that its branch ends in."""


type Lane = tuple[tuple[str, str, str], ...]
"""The branch that a step stands in: for each block around it, the block, the first
step of the branch, and the item."""


class StepToken:
    """Where a case is at: an open step, or one that waits. Moments are worked out only
    when they are to be seen, for most are passed before."""

    __slots__ = ("again", "due", "item", "join", "remind", "role", "since", "step")

    def __init__(
        self,
        step: Step,
        item: str,
        join: str | None,
        since: datetime,
        role: str = "",
        due: TimeSpan | datetime | None = None,
        remind: TimeSpan | datetime | None = None,
        again: bool = False,
    ) -> None:
        self.step = step
        self.item = item
        self.join = join
        self.since = since
        self.role = role
        self.due = due
        self.remind = remind
        self.again = again

    def due_at(self, calendar: Calendar) -> datetime | None:
        if isinstance(self.due, TimeSpan):
            self.due = self.due.after(self.since, calendar)
        return self.due

    def remind_at(self, calendar: Calendar) -> datetime | None:
        due_at = self.due_at(calendar)
        if isinstance(self.remind, TimeSpan) and due_at:
            self.remind = max(self.since, self.remind.before(due_at, calendar))
        return self.remind if isinstance(self.remind, datetime) else None

    def open(self, calendar: Calendar) -> OpenStep:
        return OpenStep(
            self.step.id,
            self.item,
            self.role,
            self.since,
            self.due_at(calendar),
            self.remind_at(calendar),
            self.join,
            self.again,
        )

    def waiting(self, calendar: Calendar) -> WaitingStep:
        return WaitingStep(
            self.step.id, self.item, self.since, self.due_at(calendar), self.join
        )


class TokenJoin:
    """A join while the case runs."""

    __slots__ = ("item", "join", "left", "step")

    def __init__(self, step: str, item: str, left: int, join: str | None) -> None:
        self.step = step
        self.item = item
        self.left = left
        self.join = join
