"""What happens by itself in an exercise: injects that are due, and scripts that answer
for seats that no one plays."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from amana.academy.exercises.engine.exercise_log import ExerciseEvent, ExerciseLog
from amana.academy.exercises.engine.scenario import (
    ActPattern,
    Inject,
    InventedPerson,
    Knowledge,
    Scenario,
    ScriptedReaction,
    Seat,
)

type AnsweredEvent = tuple[str, int, str]
"""A seat, with the number of the event that its script answered, and which part of it.
"""


@dataclass(frozen=True)
class DueInject:
    """An inject whose time has come, and when that was: it may be late."""

    inject: Inject
    due_at: datetime


@dataclass(frozen=True)
class ScriptedAct:
    """What a script does for a seat, as the answer to an event."""

    seat: Seat
    reaction: ScriptedReaction
    event: ExerciseEvent
    due_at: datetime

    @property
    def answered(self) -> AnsweredEvent:
        return build_answered(self.seat, self.event)


HANDED = "screening.handed"
ALIKE = {"help.asked": "referral.sent", HANDED: "referral.sent"}
"""What a script answers as it answers another act, unless it has an answer of its own:
those who have a place for a referral have it for a request too."""
OPENED_BY: Mapping[str, frozenset[str]] = {
    "asked": frozenset({"safety.assessed", "screening.finished", "narrative.written"}),
    "alone": frozenset({"seen.alone"}),
    "safe": frozenset({"safety.assessed"}),
    "interpreter": frozenset({"interpreter.used"}),
    "guardian": frozenset({"guardian.called"}),
    "agreed": frozenset({"consent.recorded"}),
    "needs_met": frozenset({"need.acted_on"}),
}
"""What a person waits for before they disclose something, with the acts that show it.
"""


def build_answered(seat: Seat, event: ExerciseEvent) -> AnsweredEvent:
    # One row of the log asks several teams at once, and an agency may be two of them.
    return seat.code, event.number, event.keys.get("enquiry", "")


def list_disclosed(person: InventedPerson, log: ExerciseLog) -> list[Knowledge]:
    """List what a person has disclosed by now: all that it waits for was done."""
    done = {
        event.act
        for event in log.events
        if not event.attempted and event.keys.get("person") == person.code
    }
    return [
        known
        for known in person.knows
        if all(OPENED_BY[condition] & done for condition in known.when)
    ]


def list_due_injects(
    scenario: Scenario, log: ExerciseLog, *, played: Mapping[str, datetime]
) -> list[DueInject]:
    """List what has come due and was not played yet, the earliest first.

    `played`: when each inject was played, by the clock of the exercise. Each is played
    once, also where the clock is set back; one that is late is played all the same."""
    found = [
        DueInject(inject, due_at)
        for code, inject in scenario.injects.items()
        if code not in played
        and (due_at := find_due_time(scenario, log, inject, played)) is not None
        and due_at <= log.now
        and not is_prevented(log, inject, due_at)
    ]
    # The sort is stable: of two at the same moment, the first of the file.
    return sorted(found, key=lambda due: due.due_at)


def find_due_time(
    scenario: Scenario,
    log: ExerciseLog,
    inject: Inject,
    played: Mapping[str, datetime],
) -> datetime | None:
    """Find when an inject is due; None as long as it waits for what did not happen."""
    cause: datetime | None = scenario.start
    if inject.after_inject:
        cause = played.get(inject.after_inject)
    elif inject.after_act is not None:
        first = next(iterate_acts(log, inject.after_act), None)
        cause = first.at if first else None
    if cause is None or inject.at is None:
        return cause
    return inject.at.after(cause, log.calendar)


def is_prevented(log: ExerciseLog, inject: Inject, due_at: datetime) -> bool:
    """Check whether what it depends on not being done was done before it was due."""
    if inject.unless is None:
        return False
    # Any of them, not the first: where the clock was set back, a later one may be
    # earlier by it.
    return any(event.at <= due_at for event in iterate_acts(log, inject.unless))


def iterate_acts(log: ExerciseLog, pattern: ActPattern) -> Iterator[ExerciseEvent]:
    """Yield the events of a pattern that took effect."""
    for event in log.find((pattern.act,), done=True):
        if pattern.is_shown_by(event.act, event.keys):
            yield event


def list_scripted_acts(
    scenario: Scenario,
    log: ExerciseLog,
    *,
    empty: Collection[str],
    answered: Collection[AnsweredEvent],
    places: Mapping[str, int],
) -> list[ScriptedAct]:
    """List what scripts have to do by now for seats that no one plays, in the order of
    the events that they answer.

    `empty`: the seats that no one plays; `answered`: what they answered; `places`: how
    many each agency has left."""
    left = dict(places)
    found = []
    for event in log.events:
        for seat in iterate_addressed(scenario, event, empty):
            if build_answered(seat, event) in answered:
                continue
            act = choose_reaction(scenario, log, seat, event, left)
            if act is not None:
                found.append(act)
    return found


def iterate_addressed(
    scenario: Scenario, event: ExerciseEvent, empty: Collection[str]
) -> Iterator[Seat]:
    """Find the empty seats of the agency to which an act was addressed."""
    # What the engine refused reached no one.
    if not event.attempted:
        for code in empty:
            seat = scenario.seats[code]
            if seat.script and event.keys.get("recipient") == seat.agency:
                yield seat


def choose_reaction(
    scenario: Scenario,
    log: ExerciseLog,
    seat: Seat,
    event: ExerciseEvent,
    left: dict[str, int],
) -> ScriptedAct | None:
    """Choose the first reaction that fits, if its time has come; it takes a place where
    it depends on one. An agency that is closed answers when it is open."""
    reactions = scenario.scripts[seat.script]
    has_own = any(reaction.upon == event.act for reaction in reactions)
    upon = event.act if has_own else ALIKE.get(event.act, event.act)
    for reaction in reactions:
        if reaction.upon != upon:
            continue
        # Who takes a screening on has promised no place.
        takes_place = reaction.if_places and event.act != HANDED
        if takes_place and left.get(seat.agency, 0) <= 0:
            continue
        due_at = reaction.after.after(event.at, log.calendar)
        local = log.now.astimezone(scenario.start.tzinfo)
        # Asked again at each look: it may have opened, and the answer is then late by
        # as long as it was closed, as in life.
        if due_at > log.now or not scenario.agencies[seat.agency].is_open(local):
            return None
        if takes_place:
            left[seat.agency] -= 1
        return ScriptedAct(seat, reaction, event, due_at)
    return None
