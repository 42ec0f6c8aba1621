"""Criteria of conduct: what has to come before, after, or never, in the log.

Five operators, each with a fixed meaning (Declare's constraints, with keys, data and a
clock; Di Ciccio and Montali 2022):

    precedence     before each `then` there was a `first` of the same keys
    response       after each `first` comes a `then` of the same keys, in time
    absence        it is never done
    not_after      after `first` no `then` of the same keys, unless `again` in between
    exclusion      not both of the same person

A criterion is decided for each occasion. What gave no occasion is “not tested”, and is
never counted as met: a rule that nothing put to the test holds by itself, and says
nothing about those who played (vacuity; Di Ciccio et al. 2018).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from amana.academy.exercises.engine.exercise_log import ExerciseEvent, ExerciseLog
from amana.faults import NOTHING
from amana.working_time import TimeSpan

type Values = Mapping[str, frozenset[str]]


class Verdict(StrEnum):
    """What the log shows of a criterion."""

    MET = "met"
    ABSENT = "absent"
    PENDING = "pending"
    """Its time has not run out yet."""
    NOT_TESTED = "not_tested"


@dataclass(frozen=True)
class Finding:
    """One occasion: the verdict, and the events that show it."""

    verdict: Verdict
    events: tuple[int, ...]
    """Numbers: of the act that gave the occasion, then of what decided it."""


@dataclass(frozen=True)
class Condition:
    """Which events an operator looks at: those with one of these values in each."""

    where: Values = field(default=NOTHING)
    unless: Values = field(default=NOTHING)

    def admits(self, event: ExerciseEvent) -> bool:
        fits = all(has_value(event, name, of) for name, of in self.where.items())
        return fits and not any(
            has_value(event, name, of) for name, of in self.unless.items()
        )


def has_value(event: ExerciseEvent, name: str, values: frozenset[str]) -> bool:
    return str(event.keys.get(name, event.data.get(name, ""))) in values


ANY = Condition()


class Operator(Protocol):
    """What decides each occasion of a log."""

    def find(self, log: ExerciseLog) -> Iterator[Finding]: ...


@dataclass(frozen=True)
class Precedence:
    """Before each `then` there was a `first` of the same keys, by anyone."""

    first: tuple[str, ...]
    then: tuple[str, ...]
    same: tuple[str, ...] = ("person",)
    when: Condition = ANY
    """Which `then` count."""
    ended_by: tuple[str, ...] = ()
    """After one of these of the same keys, a `first` counts no longer."""
    covers: str = ""
    """Data of all `first` that has to include that of `then`: fields consented to."""

    def find(self, log: ExerciseLog) -> Iterator[Finding]:
        for then in log.find(self.then):
            if self.when.admits(then):
                before = self._list_before(log, then)
                is_met = before and self._is_covered(before, then)
                verdict = Verdict.MET if is_met else Verdict.ABSENT
                numbers = (first.number for first in before)
                yield Finding(verdict, (then.number, *numbers))

    def _list_before(
        self, log: ExerciseLog, then: ExerciseEvent
    ) -> list[ExerciseEvent]:
        """List what counts when `then` is done."""
        # Without mere attempts: a consent that the engine refused allows nothing. What
        # comes `then` counts also if it was only tried.
        before: list[ExerciseEvent] = []
        for event in log.find((*self.first, *self.ended_by), done=True):
            # By number and not by time: the clock may have been set back.
            if event.number < then.number and is_same(event, then, self.same):
                if event.act in self.ended_by:
                    before.clear()
                else:
                    before.append(event)
        return before

    def _is_covered(self, before: list[ExerciseEvent], then: ExerciseEvent) -> bool:
        """Check that everything `then` has, some `first` has too."""
        if not self.covers:
            return True
        covered = [convert_to_set(first.data.get(self.covers)) for first in before]
        return convert_to_set(then.data.get(self.covers)) <= frozenset().union(*covered)


@dataclass(frozen=True)
class Response:
    """After each `first` comes a `then` of the same keys, before its time is over."""

    first: tuple[str, ...]
    then: tuple[str, ...]
    same: tuple[str, ...] = ("person",)
    other: tuple[str, ...] = ()
    """Keys in which they have to differ: another service than the one that declined."""
    when: Condition = ANY
    """Which `first` count."""
    already: bool = False
    """Whether one that was done before is enough."""
    by_another: bool = False
    """Whether someone else than who did `first` has to do it: two people decide."""
    within: TimeSpan | None = None
    """Else until the time that `first` has in `due`, or until the end."""
    due: str = ""

    def find(self, log: ExerciseLog) -> Iterator[Finding]:
        for first in log.find(self.first, done=True):
            if self.when.admits(first):
                yield self._decide(log, first)

    def _decide(self, log: ExerciseLog, first: ExerciseEvent) -> Finding:
        until = self._find_end(log, first)
        for then in log.find(self.then, done=True):
            is_later = then.number > first.number
            if (is_later or self.already) and self._answers(first, then):
                in_time = until is None or then.at <= until or not is_later
                verdict = Verdict.MET if in_time else Verdict.ABSENT
                return Finding(verdict, (first.number, then.number))
        # An exercise that ends before the time is over leaves the person without an
        # answer: that is absent, and not pending for ever.
        is_over = log.ended if until is None else log.ended or log.now > until
        verdict = Verdict.ABSENT if is_over else Verdict.PENDING
        return Finding(verdict, (first.number,))

    def _answers(self, first: ExerciseEvent, then: ExerciseEvent) -> bool:
        if self.by_another and first.by == then.by:
            return False
        differs = all(first.keys.get(k) != then.keys.get(k) for k in self.other)
        return differs and is_same(first, then, self.same)

    def _find_end(self, log: ExerciseLog, first: ExerciseEvent) -> datetime | None:
        if self.within is not None:
            return self.within.after(first.at, log.calendar)
        due = first.data.get(self.due)
        return due if isinstance(due, datetime) else None


@dataclass(frozen=True)
class Absence:
    """It is never done, though `tested_by` gave the occasion."""

    acts: tuple[str, ...]
    tested_by: tuple[str, ...]
    when: Condition = ANY
    """Which of the acts count; by default all."""

    def find(self, log: ExerciseLog) -> Iterator[Finding]:
        done = [event for event in log.find(self.acts) if self.when.admits(event)]
        for event in done:
            yield Finding(Verdict.ABSENT, (event.number,))
        # That it was never done says something only where it could have been.
        tested = next(log.find(self.tested_by), None)
        if not done and tested:
            verdict = Verdict.MET if log.ended else Verdict.PENDING
            yield Finding(verdict, (tested.number,))


@dataclass(frozen=True)
class NotAfter:
    """After `first` no `then` of the same keys, unless there is an `again` between."""

    first: tuple[str, ...]
    then: tuple[str, ...]
    again: tuple[str, ...] = ()
    same: tuple[str, ...] = ("person",)
    when: Condition = ANY
    """Which `then` count."""

    def find(self, log: ExerciseLog) -> Iterator[Finding]:
        for first in log.find(self.first, done=True):
            later = self._find_after(log, first)
            if later is not None:
                yield Finding(Verdict.ABSENT, (first.number, later.number))
            else:
                verdict = Verdict.MET if log.ended else Verdict.PENDING
                yield Finding(verdict, (first.number,))

    def _find_after(
        self, log: ExerciseLog, first: ExerciseEvent
    ) -> ExerciseEvent | None:
        again: list[ExerciseEvent] = []
        for event in log.find((*self.again, *self.then)):
            if event.number <= first.number or not is_same(first, event, self.same):
                continue
            if event.act in self.again:
                again += [] if event.attempted else [event]
            elif self.when.admits(event) and not any(
                is_same(done, event, self.same) for done in again
            ):
                return event
        return None


@dataclass(frozen=True)
class Exclusion:
    """Not both of the same person: `one` names by `key` whom `other` names too."""

    one: str
    other: str
    key: str
    other_key: str

    def find(self, log: ExerciseLog) -> Iterator[Finding]:
        # In whichever order: a companion may be recognised after having interpreted.
        others = list(log.find((self.other,), done=True))
        for event in log.find((self.one,)):
            clash = next(
                (
                    other
                    for other in others
                    if is_same(event, other, ("person",))
                    and event.keys.get(self.key) == other.keys.get(self.other_key)
                ),
                None,
            )
            if clash is not None:
                yield Finding(Verdict.ABSENT, (event.number, clash.number))
            else:
                verdict = Verdict.MET if log.ended else Verdict.PENDING
                yield Finding(verdict, (event.number,))


def is_same(one: ExerciseEvent, other: ExerciseEvent, keys: tuple[str, ...]) -> bool:
    """Check that both are of the same, in each of these keys. An act that leaves one
    out is of all: who withdraws consent without naming a team withdraws it from each.
    """
    return all(
        key not in one.keys or key not in other.keys or one.keys[key] == other.keys[key]
        for key in keys
    )


def convert_to_set(value: object) -> frozenset[str]:
    if value is None:
        return frozenset()
    if isinstance(value, list | tuple | frozenset | set):
        return frozenset(map(str, value))
    return frozenset({str(value)})


@dataclass(frozen=True)
class ConductCriterion:
    """One rule of conduct. `critical`: without it nothing else makes up for it."""

    code: str
    operator: Operator
    critical: bool = False


@dataclass(frozen=True)
class Score:
    """What the log shows of one criterion."""

    criterion: ConductCriterion
    verdict: Verdict
    findings: tuple[Finding, ...]


def score_conduct(log: ExerciseLog, criterion: ConductCriterion) -> Score:
    """Score a criterion by all its occasions: one that is absent outweighs all others,
    and one that is pending leaves it open."""
    findings = tuple(criterion.operator.find(log))
    found = {finding.verdict for finding in findings}
    order = (Verdict.ABSENT, Verdict.PENDING, Verdict.MET)
    verdict = next((v for v in order if v in found), Verdict.NOT_TESTED)
    return Score(criterion, verdict, findings)
