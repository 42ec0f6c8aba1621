"""An exercise that was held, who wrote it down, and those who only read."""

from datetime import timedelta

from django.utils import timezone

from amana import given
from amana.academy.held_exercises import actions
from amana.academy.held_exercises.models import ExerciseStep, HeldExercise
from amana.insight.costing.tests.conftest import authority, coordinator, stranger
from amana.trust.access.models import User
from tests.worlds import kept


@kept
def exercise(coordinator: User) -> HeldExercise:
    held = actions.ExerciseReport(
        title="Nineteen people on a boat",
        form="table",
        held_on=timezone.localdate() - timedelta(days=70),
        spheres=["border", "health"],
        learned="Nobody knew who calls the interpreter.",
    )
    return actions.record_exercise(held, by=coordinator)


@kept
def step(exercise: HeldExercise, coordinator: User) -> ExerciseStep:
    return actions.agree_step(
        exercise,
        "A list of interpreters at the gate",
        office="Border Guard",
        due_on=timezone.localdate() - timedelta(days=1),
        by=coordinator,
    )
