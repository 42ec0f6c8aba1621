"""What was done in an exercise, in the order in which it was done."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from amana.faults import NOTHING
from amana.working_time import Calendar

ACTS: Mapping[str, frozenset[str]] = {
    name: frozenset(keys.split())
    for name, keys in {
        "safety.assessed": "person",
        "seen.alone": "person",
        "need.found": "person",
        "need.acted_on": "person",
        "narrative.written": "person",
        "screening.finished": "person",
        "interpreter.used": "person interpreter",
        "companion.seen": "person companion",
        "consent.recorded": "person recipient",
        "consent.withdrawn": "person recipient",
        "guardian.consented": "person guardian",
        "guardian.suspected": "person guardian",
        "guardian.called": "person",
        "age.doubted": "person",
        "disclosure.made": "person recipient",
        "call.told": "person recipient",
        "border.asked": "recipient",
        "handover.ordered": "person",
        "handover.confirmed": "person",
        "referral.sent": "person referral recipient",
        "referral.received": "person referral",
        "referral.answered": "person referral",
        "referral.declined": "person referral recipient",
        "referral.completed": "person referral",
        "help.asked": "person enquiry recipient",
        "help.answered": "person enquiry recipient",
        "help.declined": "person enquiry recipient",
        "screening.handed": "screening recipient",
        "need.unmet": "person",
        "word.heard": "person referral",
        "case.assigned": "person colleague",
        "case.opened": "person colleague",
    }.items()
}
"""What can be done, and of whom or what each act is. What the engine of the mechanism
refuses is here too, as attempted."""


@dataclass(frozen=True, slots=True)
class ExerciseEvent:
    """One act. Its number gives the order: two acts may have the same time."""

    number: int
    act: str
    at: datetime
    """By the clock of the exercise."""
    by: str
    """The player, or the script that stands in for one."""
    keys: Mapping[str, str] = field(default=NOTHING)
    """Of whom or what it is: `{"person": "samir", "recipient": "hospital"}`."""
    data: Mapping[str, object] = field(default=NOTHING)
    """What else criteria ask for: fields, sphere, basis, due_at, at_request."""
    attempted: bool = False
    """The engine refused it: the intention counts, the effect does not."""


@dataclass(frozen=True)
class ExerciseLog:
    """All acts of an exercise until `now`, a time of its clock."""

    events: tuple[ExerciseEvent, ...]
    now: datetime
    ended: bool = False
    calendar: Calendar = field(default_factory=Calendar)

    @classmethod
    def of(
        cls,
        events: Iterable[ExerciseEvent],
        *,
        now: datetime,
        ended: bool = False,
        calendar: Calendar | None = None,
    ) -> "ExerciseLog":
        """Put the acts in order. `calendar`: when people work, where it is played."""
        ordered = tuple(sorted(events, key=lambda e: e.number))
        return cls(ordered, now, ended, calendar or Calendar())

    def find(
        self, acts: Iterable[str], *, done: bool = False
    ) -> Iterator[ExerciseEvent]:
        """Find the events of some acts; with `done`, without mere attempts."""
        wanted = frozenset(acts)
        for event in self.events:
            if event.act in wanted and not (done and event.attempted):
                yield event
