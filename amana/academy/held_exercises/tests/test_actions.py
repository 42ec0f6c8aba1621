"""An exercise is counted in its month, and each step after it once, as it stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from amana.academy.held_exercises import actions
from amana.academy.held_exercises.models import ExerciseStep, HeldExercise
from amana.errors import Changed, Refused
from amana.insight.facts.actions import get_month_start
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent


def counted(exercise):
    """Indicator I52: exercises held in the month, and the share of their steps done."""
    month = get_month_start(exercise.held_on)
    until = get_month_start(month + timedelta(days=31))
    return [
        measure.compute_figure("I52", part=part, since=month, until=until).value
        for part in ("held", "closed")
    ]


def in_force(kind):
    facts = Observation.objects.in_force().filter(kind=kind)
    return [(fact.result, fact.number, fact.month) for fact in facts]


def test_an_exercise_is_counted_in_the_month_in_which_it_was_held(exercise):
    month = get_month_start(exercise.held_on)
    assert in_force("exercise") == [("", 1, month)]
    assert month < get_month_start(timezone.localdate())
    assert counted(exercise) == [1, None]
    assert AuditEvent.objects.filter(did="recorded exercise").count() == 1


def test_a_year_of_two_digits_is_looked_at_again(coordinator):
    held = actions.ExerciseReport(
        "A boat", "table", date(26, 11, 26), ["health"], "Little."
    )

    with pytest.raises(Refused, match="Check the year"):
        actions.record_exercise(held, by=coordinator)
    assert not HeldExercise.objects.exists()
    assert in_force("exercise") == []


def test_each_step_is_counted_once_as_it_stands(exercise, step, coordinator):
    other = actions.agree_step(
        exercise,
        "A bed for the night",
        office="Dar Amal",
        due_on=timezone.localdate() + timedelta(days=30),
        by=coordinator,
    )
    assert counted(exercise) == [1, 0.0]
    actions.finish_step(
        other, seen_by="A room", done_on=timezone.localdate(), by=coordinator
    )

    month = get_month_start(exercise.held_on)
    assert sorted(in_force("action")) == [
        ("closed", None, month),
        ("open", None, month),
    ]
    assert counted(exercise) == [1, 0.5]
    assert AuditEvent.objects.filter(did="agreed step").count() == 2
    assert AuditEvent.objects.filter(did="finished step of exercise").count() == 1


def test_a_step_is_done_once_and_something_shows_it(step, coordinator):
    today = timezone.localdate()
    with pytest.raises(Refused, match="what shows"):
        actions.finish_step(step, seen_by=" ", done_on=today, by=coordinator)
    for day in (step.exercise.held_on - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(Refused, match="between the exercise and today"):
            actions.finish_step(step, seen_by="A list", done_on=day, by=coordinator)
    assert in_force("action")[0][0] == "open"

    actions.finish_step(step, seen_by="A list", done_on=today, by=coordinator)
    with pytest.raises(Changed):
        actions.finish_step(step, seen_by="Another", done_on=today, by=coordinator)
    assert ExerciseStep.objects.get().seen_by == "A list"


def test_steps_that_are_due_are_late_until_they_are_done(step, coordinator):
    assert list(ExerciseStep.objects.late()) == [step]
    assert step.is_late

    day = step.due_on
    actions.finish_step(step, seen_by="A list", done_on=day, by=coordinator)
    assert not ExerciseStep.objects.late().exists()
    assert not step.is_late


def test_what_is_still_to_come_was_not_held(coordinator, exercise):
    held = actions.ExerciseReport(
        title="Next year",
        form="place",
        held_on=timezone.localdate() + timedelta(days=1),
        spheres=["legal"],
        learned="Nothing yet",
    )
    with pytest.raises(Refused, match="after it has been held"):
        actions.record_exercise(held, by=coordinator)
    assert actions.record_exercise(
        replace(held, held_on=timezone.localdate()), by=coordinator
    )


def test_what_was_written_down_by_mistake_is_counted_no_more(exercise, coordinator):
    actions.remove_exercise(exercise, by=coordinator)

    assert [number for _result, number, _month in in_force("exercise")] == [0]
    assert not HeldExercise.objects.exists()
    assert AuditEvent.objects.filter(did="took out exercise").count() == 1


def test_an_exercise_that_led_to_something_stays(exercise, step, coordinator):
    with pytest.raises(Refused, match="so it cannot be removed"):
        actions.remove_exercise(exercise, by=coordinator)
    assert HeldExercise.objects.exists()


def test_only_who_coordinates_writes_it_down(exercise, step, authority):
    held = actions.ExerciseReport(
        "Ours", "table", timezone.localdate(), ["legal"], "Much"
    )
    today = timezone.localdate()
    for tried in (
        lambda: actions.record_exercise(held, by=authority),
        lambda: actions.remove_exercise(exercise, by=authority),
        lambda: actions.agree_step(
            exercise, "More", office="All", due_on=today, by=authority
        ),
        lambda: actions.finish_step(step, seen_by="All", done_on=today, by=authority),
    ):
        with pytest.raises(Denied):
            tried()
    assert HeldExercise.objects.count() == ExerciseStep.objects.count() == 1
