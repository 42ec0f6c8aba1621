"""What one kind of observation is, and the codes that kinds share."""

from dataclasses import dataclass

from django.utils.functional import Promise

from amana.care.cases.models.case_record import ClosureReason
from amana.care.referrals.states import DeclineReason
from amana.insight.facts import codes

type Codes = tuple[str, ...]


@dataclass(frozen=True)
class ObservationKind:
    """One thing that is counted."""

    code: str
    title: str | Promise
    arises: str | Promise
    """How it arises, for readers of a figure."""
    results: Codes = ()
    reasons: Codes = ()
    topics: Codes = ()
    timed: bool = False
    """Whether it says how long it took."""
    numbered: bool = False
    sealed: Codes = ()
    """The columns that are only in sealed words, and nowhere in the clear."""
    of_person: bool = True
    """Whether it is of a person, and so waits sealed for the batch."""
    most_of_a_person: int = 1
    """How many of these one person may add in a year: a group is shown from so many
    times as many facts on as it has to have people."""
    each_topic: bool = False
    """A person may say something of every topic: counted topic by topic (ADR 24)."""

    @property
    def is_hidden(self) -> bool:
        """Whether not even the existence of such an observation is in the clear."""
        return "kind" in self.sealed


IN_TIME: Codes = ("in_time", "late")


IN_TIME_OR_NOT: Codes = ("in_time", "late", "not")


YES_NO: Codes = ("yes", "no")


YES_PARTLY_NO: Codes = ("yes", "partly", "no")


CLOSED_OPEN: Codes = ("closed", "open")


FRESH_STALE: Codes = ("fresh", "stale")


CLOSURES: Codes = tuple(ClosureReason.values)


DECLINES: Codes = tuple(DeclineReason.values)


MOMENTS: Codes = tuple(codes.OutcomeMoment.values)


RESULT: Codes = ("result",)


ALL_BUT_TOPIC: Codes = ("kind", "result")
"""A case shows which needs it has, and not whether what was agreed was reached."""


ALL_OF_IT: Codes = ("kind", "result", "number", "topic", "reason")


TYPES = codes.SERVICE_TYPES


MONTHS = 12
"""What is counted at the end of each month counts each worker so often in a year."""


SEVERAL = 3
"""Hardly anyone has more needs or referrals of a kind in a year."""
