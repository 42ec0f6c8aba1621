"""Replay a case against its pathway."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice, product

from amana.design.pathway.case import apply_fact
from amana.design.pathway.conformance.deviations import D, Deviation, DeviationKind
from amana.design.pathway.item_lists import read_items
from amana.design.pathway.pathway_model import LIST, Codes, Do, Pathway
from amana.design.pathway.run_events import EventKind, RunEvent
from amana.design.pathway.run_state import EventNotApplicable, RunState, split_key
from amana.design.pathway.running import RunAdvance
from amana.design.pathway.tokens import StepToken
from amana.faults import NOTHING

LISTS = (LIST,)


LOOK_AHEAD = 8
"""Facts that are looked at to see where a case really went."""


MOST_TRIED = 24


UNSAID = "unsaid"
"""The reason of a fact that came without one, so that the replay can go on."""


def find_deviations(
    pathway: Pathway, facts: Sequence[RunEvent], *, now: datetime | None = None
) -> list[Deviation]:
    """Find where a case left the pathway; with `now`, also what is late and still open.
    Of a case that was moved, what came before followed another version and is not
    replayed.
    """
    first = next((n for n in reversed(range(len(facts))) if is_move(facts[n])), 0)
    quick = Replay(pathway, facts, first)
    # Most cases keep to the pathway. Only for the others is a state frozen after each
    # fact, which takes longer.
    try:
        quick.quickly()
    except EventNotApplicable:
        quick = Replay(pathway, facts, first)
        quick.step_by_step()
    if now is not None:
        quick.overdue(now)
    return sorted(quick.found, key=lambda deviation: deviation.number)


def is_move(fact: RunEvent) -> bool:
    return fact.kind is EventKind.MOVED


@dataclass
class Replay:
    pathway: Pathway
    facts: Sequence[RunEvent]
    first: int
    found: list[Deviation] = field(default_factory=list)
    state: RunState = field(default_factory=RunState)
    early: dict[str, RunEvent] = field(default_factory=dict)
    """What was done before it was due, until it is."""

    def quickly(self) -> None:
        """Replay all at once, as long as every fact applies. Raises
        `EventNotApplicable` otherwise."""
        running = RunAdvance(self.pathway, self.state)
        for number in range(self.first, len(self.facts)):
            fact = self.facts[number]
            if fact.kind in (EventKind.DONE, EventKind.SKIPPED):
                self.in_time(number, fact, running.open.get(fact.step))
            self.in_order_of_time(number)
            running.take(fact)
        self.state = running.frozen()

    def step_by_step(self) -> None:
        for number in range(self.first, len(self.facts)):
            fact = self.facts[number]
            self.in_order_of_time(number)
            if fact.kind in (EventKind.DONE, EventKind.SKIPPED):
                running = RunAdvance(self.pathway, self.state)
                self.in_time(number, fact, running.open.get(fact.step))
            try:
                self.state = apply_fact(self.state, self.pathway, fact)
            except EventNotApplicable as no:
                self.departs(number, fact, no)
            self.catch_up(fact.at)

    def say(
        self, kind: DeviationKind, number: int, step: str, **values: object
    ) -> None:
        at = self.facts[min(number, len(self.facts) - 1)].at
        values = {"step": step or self.facts[number].kind.value, **values}
        self.found.append(Deviation(kind, number, step, at, values))

    # -- what applied, and still was not as agreed

    def in_time(self, number: int, fact: RunEvent, token: StepToken | None) -> None:
        if token is None:
            return
        if fact.kind is EventKind.DONE and fact.role and fact.role != token.role:
            values = {"role": token.role, "by": fact.role}
            self.say(D.WRONG_ROLE, number, fact.step, **values)
        due_at = token.due_at(self.pathway.calendar)
        if due_at is not None and fact.at > due_at:
            self.say(D.LATE, number, fact.step, due_at=due_at)

    def in_order_of_time(self, number: int) -> None:
        if number > self.first and self.facts[number].at < self.facts[number - 1].at:
            self.say(D.BACKWARDS, number, self.facts[number].step)

    def overdue(self, now: datetime) -> None:
        for key in self.state.late(now):
            due_at = self.state.open[key].due_at
            values = {"step": key, "due_at": due_at}
            number = len(self.facts)
            self.found.append(Deviation(D.OVERDUE, number, key, now, values))

    # -- what did not apply

    def departs(self, number: int, fact: RunEvent, no: EventNotApplicable) -> None:
        if self.state.ended is not None and fact.kind is not EventKind.START:
            self.say(D.AFTER_END, number, fact.step or fact.message)
            return
        match fact.kind, no.code:
            case EventKind.START, "started":
                self.say(D.STARTED_TWICE, number, "")
            case _, "not_started":
                self.say(D.BEFORE_START, number, fact.step)
            case _, "no_reason":
                self.say(D.NO_REASON, number, fact.step)
                self.retry(number, replace(fact, reason=UNSAID))
            case (
                (EventKind.START | EventKind.DONE | EventKind.SKIPPED),
                ("missing" | "unknown_code" | "unknown_name" | "not_a_list"),
            ):
                self.say(D.CODES, number, fact.step, name=no.values["name"])
                self.without_wrong_codes(number, fact)
            case _, "unknown_step":
                self.say(D.UNKNOWN_STEP, number, fact.step)
            case ((EventKind.DONE | EventKind.SKIPPED), ("done_already" | "not_due")):
                self.out_of_turn(number, fact)
            case EventKind.EXPIRED, "too_early":
                self.say(D.TOO_EARLY, number, fact.step)
                until = self.state.waiting[fact.step].until
                if until is not None:
                    self.force(replace(fact, at=until))
            case EventKind.HEARD, _:
                self.say(D.NOT_AWAITED, number, fact.step, message=fact.message)
            case _:
                self.say(D.NOT_DUE, number, fact.step)

    def retry(self, number: int, fact: RunEvent) -> None:
        try:
            self.state = apply_fact(self.state, self.pathway, fact)
        except EventNotApplicable as no:
            self.departs(number, fact, no)

    def force(self, fact: RunEvent) -> bool:
        """Continue as if the fact had been right; return whether that was possible."""
        try:
            self.state = apply_fact(self.state, self.pathway, fact)
        except EventNotApplicable:
            return False
        return True

    def without_wrong_codes(self, number: int, fact: RunEvent) -> None:
        """Continue with the codes that fit best what came after."""
        if fact.kind is EventKind.START:
            declared = self.pathway.starts_with
        else:
            declared = self.gives(fact.step)
            fact = replace(fact, kind=EventKind.SKIPPED, reason=UNSAID)
        tries = self.completed(number, fact, declared)
        states = [
            then for attempt in tries if (then := self.after(self.state, attempt))
        ]
        if states:
            self.state = max(
                states, key=lambda then: self.fits(number, then, self.early)
            )

    def out_of_turn(self, number: int, fact: RunEvent) -> None:
        """Record a step that was done when it was not due, in the way that best
        explains what followed.

        Of ways that explain it equally, a step that was done before was done again, and
        any other came before its turn, or had others left out before it.
        """
        key = fact.step
        again = key in self.state.done
        missing = self.missing(key)
        ways = [(self.fits(number, self.state, self.early), 2 * again)]
        gone = None
        if missing is not None:
            early = {**self.early, key: fact}
            later = {
                fact.step for fact in self.facts[number + 1 :] if fact.kind in ENDING
            }
            other = next((due for due in missing if due in later), None)
            fitting = self.fits(number, self.state, early) if other else -1
            ways.append((fitting, 1 if again else 2))
            gone = self.without(number, missing)
            done = self.after(gone, fact) if gone else None
            fitting = self.fits(number, done, self.early) if done else -1
            ways.append((fitting, 0 if again else 1))
        match ways.index(max(ways)):
            case 1:
                self.say(D.ORDER, number, key, other=other)
                self.early = early
            case 2 if gone:
                for due in missing or ():
                    self.say(D.LEFT_OUT, number, due, other=key)
                if not missing:
                    self.say(D.NOT_DUE, number, key)
                self.state = gone
                self.retry(number, fact)
            case _:
                self.say(D.AGAIN if again else D.NOT_DUE, number, key)

    def without(self, number: int, missing: Sequence[str]) -> RunState | None:
        """Find where the case is when these steps are left out and that of the fact is
        due: as if they had been skipped, or else simply there.
        """
        then, key, at = self.state, self.facts[number].step, self.facts[number].at
        for due in missing:
            if due in then.open:
                skip = RunEvent(EventKind.SKIPPED, at, due, reason=UNSAID)
                tries = self.completed(number - 1, skip, self.gives(due))
                skipped = [one for f in tries if (one := self.after(then, f))]
                leading = [state for state in skipped if key in state.open]
                then = next(iter(leading or skipped), then)
        if key in then.open:
            return then
        goes = RunEvent(EventKind.OVERRIDDEN, at, reason=UNSAID, to=key)
        return self.after(self.state, goes)

    def fits(self, number: int, then: RunState, early: Mapping[str, RunEvent]) -> int:
        """Count how many of the next facts would apply."""
        ahead = Replay(self.pathway, self.facts, self.first, [], then, dict(early))
        ahead.catch_up(self.facts[number].at)
        coming = self.facts[number + 1 : number + 1 + LOOK_AHEAD]
        applied = 0
        for fact in coming:
            applied += ahead.force(fact)
            ahead.catch_up(fact.at)
        return applied

    def after(self, then: RunState, fact: RunEvent) -> RunState | None:
        try:
            return apply_fact(then, self.pathway, fact)
        except EventNotApplicable:
            return None

    def missing(self, key: str) -> list[str] | None:
        """List what is due in place of this step; None: it can't be done here at
        all."""
        running = RunAdvance(self.pathway, self.state)
        step, item = split_key(key)
        if not isinstance(self.pathway.steps[step], Do):
            return None
        due = [*running.open, *running.waiting]
        try:
            running.place(step, item)
        except EventNotApplicable:
            lists = {each for each, _, _ in running.lists(step, item)}
            return [k for k in due if lists & self.gives(k).keys()] or None
        return [k for k in due if k not in running.open and k not in running.waiting]

    def gives(self, key: str) -> Mapping[str, Codes]:
        step = self.pathway.steps.get(split_key(key)[0])
        return step.gives if isinstance(step, Do) else NOTHING

    def completed(
        self, number: int, fact: RunEvent, declared: Mapping[str, Codes]
    ) -> list[RunEvent]:
        """Build a fact with what is right in it, and each of the codes that may be
        missing. A missing list has the items for which something was done after it.
        """
        good: dict[str, object] = {
            n: v for n, v in fact.data.items() if v in declared.get(n, ())
        }
        for name, codes in declared.items():
            if codes == LISTS:
                good[name] = self.listed(number, fact, name)
        unknown = [name for name in declared if name not in good]
        # Codes that are missing multiply. A few of the ways are enough to continue;
        # which one fits is seen from what came after.
        some = islice(product(*(declared[name] for name in unknown)), MOST_TRIED)
        every = [dict(zip(unknown, codes, strict=True)) for codes in some]
        return [replace(fact, data={**good, **codes}) for codes in every]

    def listed(self, number: int, fact: RunEvent, name: str) -> tuple[str, ...]:
        with suppress(EventNotApplicable):
            return read_items(name, fact.data.get(name))
        return self.items_after(number, fact.step, name)

    def items_after(self, number: int, giver: str, name: str) -> tuple[str, ...]:
        """List the items for which something was done, until the list was given
        again."""
        running = RunAdvance(self.pathway, self.state)
        found: dict[str, None] = {}
        done = [*self.early.values(), *self.facts[number + 1 :]]
        for fact in done:
            step, item = split_key(fact.step)
            if step in self.pathway.steps:
                lists = running.lists(step, item)
                found |= {
                    inner: None for each, _, inner in lists if inner and each == name
                }
            if fact.step == giver:
                break
        return tuple(found)

    def catch_up(self, at: datetime) -> None:
        """Apply what was done too early once its turn has come."""
        # What is caught up may make another early step due.
        while due := [key for key in self.early if key in self.state.open]:
            for key in due:
                fact = self.early.pop(key)
                self.force(replace(fact, at=max(at, fact.at)))


ENDING = frozenset(
    {
        EventKind.DONE,
        EventKind.SKIPPED,
        EventKind.CANCELLED,
        EventKind.EXPIRED,
        EventKind.HEARD,
    }
)
