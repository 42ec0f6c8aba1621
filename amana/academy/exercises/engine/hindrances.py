"""Why an inject has not come: what it waits for did not happen, or what it depends on
not being done was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.academy.exercises.engine.scenario import ActPattern, Inject, Scenario
from amana.academy.exercises.engine.staging import find_due_time, is_prevented


@dataclass(frozen=True)
class Hindrance:
    """What keeps an inject from coming; one of the three."""

    done: ActPattern | None = None
    """It was done in time, so that it has not to come."""
    awaited: ActPattern | None = None
    """It was not done yet."""
    awaited_inject: str = ""
    """It has not come yet."""


def find_hindrance(
    scenario: Scenario,
    log: ExerciseLog,
    inject: Inject,
    played: Mapping[str, datetime],
) -> Hindrance | None:
    """Find what keeps an inject that was not played; None where only its time is not
    there yet."""
    due_at = find_due_time(scenario, log, inject, played)
    if due_at is None:
        if inject.after_act is not None:
            return Hindrance(awaited=inject.after_act)
        return Hindrance(awaited_inject=inject.after_inject)
    return Hindrance(done=inject.unless) if is_prevented(log, inject, due_at) else None
