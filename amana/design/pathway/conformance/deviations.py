"""Kinds of deviation, and their sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from amana.faults import NOTHING, gettext_noop


class DeviationKind(StrEnum):
    """The kinds of deviation."""

    UNKNOWN_STEP = "unknown_step"
    NOT_DUE = "not_due"
    ORDER = "order"
    LEFT_OUT = "left_out"
    AGAIN = "again"
    WRONG_ROLE = "wrong_role"
    LATE = "late"
    OVERDUE = "overdue"
    NO_REASON = "no_reason"
    CODES = "codes"
    NOT_AWAITED = "not_awaited"
    TOO_EARLY = "too_early"
    AFTER_END = "after_end"
    BEFORE_START = "before_start"
    STARTED_TWICE = "started_twice"
    BACKWARDS = "backwards"


D = DeviationKind


SENTENCES: Mapping[DeviationKind, str] = {
    D.UNKNOWN_STEP: gettext_noop("The pathway has no step “%(step)s”."),
    D.NOT_DUE: gettext_noop("“%(step)s” was not due."),
    D.ORDER: gettext_noop("“%(step)s” was done before “%(other)s”."),
    D.LEFT_OUT: gettext_noop(
        "“%(step)s” was skipped without a reason before “%(other)s”."
    ),
    D.AGAIN: gettext_noop("“%(step)s” was done again without being reopened."),
    D.WRONG_ROLE: gettext_noop(
        "“%(step)s” was assigned to %(role)s but was done by %(by)s."
    ),
    D.LATE: gettext_noop("“%(step)s” was done late; it was due on %(due_at)s."),
    D.OVERDUE: gettext_noop("“%(step)s” is late; it was due on %(due_at)s."),
    D.NO_REASON: gettext_noop("No reason was given for what was done with “%(step)s”."),
    D.CODES: gettext_noop("“%(step)s” did not set “%(name)s” to one of its codes."),
    D.NOT_AWAITED: gettext_noop(
        "“%(message)s” arrived, although nothing was waiting for it."
    ),
    D.TOO_EARLY: gettext_noop("The wait in “%(step)s” was too short."),
    D.AFTER_END: gettext_noop("“%(step)s” came after the case had ended."),
    D.BEFORE_START: gettext_noop("“%(step)s” came before the case had begun."),
    D.STARTED_TWICE: gettext_noop("The case began twice."),
    D.BACKWARDS: gettext_noop(
        "“%(step)s” has an earlier time than the event before it."
    ),
}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One place where a case left the pathway."""

    kind: DeviationKind
    number: int
    """Of the fact, from 0; the number of facts for what is still open."""
    step: str
    at: datetime
    values: Mapping[str, object] = field(default=NOTHING)

    @property
    def sentence(self) -> str:
        return SENTENCES[self.kind]

    def __str__(self) -> str:
        return self.sentence % self.values
