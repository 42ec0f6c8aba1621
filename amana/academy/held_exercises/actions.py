"""What can be done with exercises: write one down, agree on steps, finish them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.held_exercises.models import ExerciseStep, HeldExercise
from amana.academy.held_exercises.observing import observe
from amana.academy.held_exercises.rules import WRITERS, write_exercise, write_step
from amana.design.mechanism.models import Version
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log
from amana.years import require_recent


@dataclass(frozen=True)
class ExerciseReport:
    """An exercise as it was held."""

    title: str
    form: str
    held_on: date
    spheres: Sequence[str]
    learned: str
    version: Version | None = None


@transaction.atomic
def record_exercise(held: ExerciseReport, *, by: User) -> HeldExercise:
    """Record that it was held: the figures count it in its month."""
    if not has_role(by, WRITERS):
        raise Denied(write_exercise, by)
    return add_to_register(held, by=by)


def add_to_register(held: ExerciseReport, *, by: User) -> HeldExercise:
    """Add one that was held, within the action of a caller who has checked that `by`
    may. Raises Refused where its day is still to come, or years away."""
    if held.held_on > timezone.localdate():
        raise Refused(_("Record an exercise after it has been held."))
    require_recent(held.held_on)
    fact = observe("exercise", number=1, month=held.held_on)
    exercise = HeldExercise.objects.create(**vars(held), fact=fact, recorded_by=by)
    log.record("recorded exercise", exercise, by=by, form=held.form)
    return exercise


@transaction.atomic
def remove_exercise(exercise: HeldExercise, *, by: User) -> None:
    """Remove an exercise that was recorded by mistake; the figures count it no more."""
    write_exercise.require(by, exercise)
    if exercise.steps.exists():
        raise Refused(
            _("Steps were agreed after this exercise, so it cannot be removed.")
        )
    observe("exercise", number=0, month=exercise.held_on, corrects=exercise.fact)
    log.record("took out exercise", exercise, by=by)
    exercise.delete()


@transaction.atomic
def agree_step(
    exercise: HeldExercise, words: str, *, office: str, due_on: date, by: User
) -> ExerciseStep:
    """Record who will do what by when, because of an exercise."""
    write_exercise.require(by, exercise)
    fact = observe("action", result="open", month=exercise.held_on)
    step = ExerciseStep.objects.create(
        exercise=exercise, words=words, office=office, due_on=due_on, fact=fact
    )
    log.record("agreed step", step, by=by, exercise=str(exercise.pk))
    return step


@transaction.atomic
def finish_step(step: ExerciseStep, *, seen_by: str, done_on: date, by: User) -> None:
    """Finish a step, with what shows it."""
    write_step.require(by, step)
    if not seen_by.strip():
        raise Refused(_("Enter what shows that it is done."))
    if not step.exercise.held_on <= done_on <= timezone.localdate():
        raise Refused(_("Choose a day between the exercise and today."))
    open_still = ExerciseStep.objects.filter(pk=step.pk, done_on=None)
    if not open_still.update(done_on=done_on, seen_by=seen_by.strip()):
        raise Changed(_("This step is already done."))
    held_on = step.exercise.held_on
    # It corrects the first report: the figures count each step once.
    fact = observe("action", result="closed", month=held_on, corrects=step.fact)
    ExerciseStep.objects.filter(pk=step.pk).update(fact=fact)
    step.done_on, step.seen_by, step.fact = done_on, seen_by.strip(), fact
    log.record("finished step of exercise", step, by=by)
