"""Faults of exercises, and of mechanisms side by side."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from .registry import fault, put

EXERCISES = "amana/academy/exercises/tests"
CRITERIA = f"{EXERCISES}/test_criteria.py"
SCENARIOS = f"{EXERCISES}/test_scenario.py"
RETIRING = "amana/design/mechanism/tests/test_retiring.py"


@fault(f"{CRITERIA}::test_what_the_engine_refused_brings_no_effect")
def refused_consent_allows() -> None:
    """A consent that the engine refused allows sharing."""
    from amana.academy.exercises.engine.exercise_log import ExerciseLog

    right = ExerciseLog.find

    def find(
        self: ExerciseLog, acts: Iterable[str], *, done: bool = False
    ) -> Iterator[Any]:
        return right(self, acts)

    put(ExerciseLog, find=find)


@fault(f"{CRITERIA}::test_an_independent_evaluator_agrees_on_random_logs")
def consent_to_anything_covers_all() -> None:
    """Whatever was consented to, all fields may be shared."""
    from amana.academy.exercises.engine import criteria

    put(criteria.Precedence, _is_covered=lambda self, before, then: True)


@fault(f"{CRITERIA}::test_each_criterion_is_tried")
def a_criterion_is_not_tried() -> None:
    """A new criterion comes without a log that breaks it."""
    from amana.academy.exercises.standard_criteria import STANDARD

    STANDARD["kindness"] = STANDARD["seen_alone"]


@fault(f"{SCENARIOS}::test_an_inject_does_not_come_where_what_it_asks_for_was_done")
def every_inject_comes() -> None:
    """An inject comes though what it asks for was done in time."""
    from amana.academy.exercises.engine import staging

    put(staging, is_prevented=lambda log, inject, due_at: False)


@fault(f"{SCENARIOS}::test_an_agency_that_is_closed_answers_when_it_is_open")
def closed_agency_answers() -> None:
    """A script answers at night for an agency that is closed."""
    from amana.academy.exercises.engine.scenario import Agency

    put(Agency, is_open=lambda self, local: True)


@fault(f"{SCENARIOS}::test_it_can_be_set_back_and_two_at_once_hurt_nothing")
def clock_jumps_back() -> None:
    """Of two who press at once, the earlier one undoes the later."""
    from amana.academy.exercises.engine.game_clock import GameClock

    put(GameClock, _find_begin=lambda self, wall: wall)


@fault("amana/care/pathways/tests/test_retiring.py::test_all_have_a_week")
def retires_at_once() -> None:
    """A mechanism retires tomorrow, and no team could prepare."""
    from amana.design.mechanism.actions import retiring

    put(retiring, NOTICE=timedelta(days=1))


@fault(f"{RETIRING}::test_it_ends_once_it_has_retired_and_is_not_used")
def retired_mechanism_ends_under_its_cases() -> None:
    """A retired mechanism ends while cases still follow it."""
    from amana.design.mechanism import actions
    from amana.design.mechanism.actions import retiring

    right = retiring.end_if_unused
    put(
        actions,
        end_if_unused=lambda version, *, is_used: right(version, is_used=bool),
    )
