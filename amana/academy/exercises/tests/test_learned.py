"""What was learned from an exercise goes to the register, with steps and dates."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.exercises import actions, rules
from amana.academy.exercises.models import PlayMode
from amana.academy.exercises.tests.conftest import CODE
from amana.academy.held_exercises import actions as register
from amana.academy.held_exercises.models import ExerciseStep, HeldExercise
from amana.academy.held_exercises.rules import read_exercise, write_exercise
from amana.errors import Changed, Refused
from amana.home import today as days
from amana.insight.facts.models import Observation
from amana.trust.access.models import Membership
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui import once


def report():
    return register.ExerciseReport(
        title="A boat",
        form=HeldExercise.Form.PLAYED,
        held_on=timezone.localdate(),
        spheres=["health"],
        learned="No one called the guardian.",
    )


def read(client, exercise):
    page = client.get(reverse("scenarios:exercise", args=[exercise.pk]))
    return page.content.decode()


def send(client, url, **fields):
    return client.post(url, once.make_form_key() | fields)


def test_who_led_it_records_what_was_learned_and_agrees_on_steps(
    exercise, trainer, learners
):
    leads, plays = given.sign_in(trainer), given.sign_in(learners[0])
    actions.take_seat(exercise, "nurse", by=learners[0])
    to = reverse("scenarios:record", args=[exercise.pk])
    assert to in read(leads, exercise)
    assert to not in read(plays, exercise)
    assert "Not recorded yet" in read(plays, exercise)
    assert plays.get(to).status_code == 404

    words = {"learned": "No one called the guardian.", "spheres": ["health"]}
    assert send(leads, to, **words, held_on="").status_code == 422
    sent = send(leads, to, **words, held_on=f"{timezone.localdate()}")
    held = HeldExercise.objects.get()
    assert sent.url == reverse("held_exercises:exercise", args=[held.pk])
    assert held.title == "The domestic worker’s child"
    assert held.form == "played"
    assert [(fact.kind, fact.number) for fact in Observation.objects.all()] == [
        ("exercise", 1)
    ]
    step = {"words": "A guardian on call", "office": "Ministry", "due_on": "2030-01-01"}
    send(leads, reverse("held_exercises:agree", args=[held.pk]), **step)

    page = read(plays, exercise)
    assert "No one called the guardian." in page
    assert "A guardian on call" in page
    assert "Ministry" in page
    assert plays.get(sent.url).status_code == 404
    assert send(leads, to, **words).url == sent.url


@pytest.fixture
def played(exercise, learners):
    actions.take_seat(exercise, "nurse", by=learners[0])
    return exercise


def test_what_no_one_played_is_not_recorded(exercise, trainer, learners):
    with pytest.raises(Refused, match="No one has taken a seat"):
        actions.record_outcome(exercise, report(), by=trainer)
    actions.take_seat(exercise, "the-observers", by=learners[1])
    with pytest.raises(Refused, match="No one has taken a seat"):
        actions.record_outcome(exercise, report(), by=trainer)
    actions.take_seat(exercise, "nurse", by=learners[0])
    before = replace(report(), held_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="Choose a day"):
        actions.record_outcome(exercise, before, by=trainer)
    assert not Observation.objects.exists()


def test_it_is_recorded_once_and_by_who_leads(played, trainer, learners, stranger):
    exercise = played
    for user in (learners[0], stranger):
        with pytest.raises(Denied):
            actions.record_outcome(exercise, report(), by=user)
    actions.record_outcome(exercise, report(), by=trainer)
    with pytest.raises(Changed, match="already recorded"):
        actions.record_outcome(exercise, report(), by=trainer)
    assert HeldExercise.objects.count() == Observation.objects.count() == 1
    assert AuditEvent.objects.filter(did="recorded exercise").count() == 1


def test_who_leads_no_longer_reads_and_writes_no_longer(played, trainer, stranger):
    exercise = played
    address = reverse("held_exercises:exercises")
    assert given.sign_in(trainer).get(address).status_code == 404
    held = actions.record_outcome(exercise, report(), by=trainer)
    elsewhere = register.add_to_register(report(), by=trainer)
    rules = (read_exercise, write_exercise)
    assert all(rule.permits(trainer, held) for rule in rules)
    assert given.sign_in(trainer).get(address).status_code == 200
    assert not any(rule.permits(stranger, held) for rule in rules)
    assert not any(rule.permits(trainer, elsewhere) for rule in rules)

    Membership.objects.filter(user=trainer).delete()
    assert not any(rule.permits(trainer, held) for rule in rules)


def test_a_late_step_is_among_the_tasks_of_who_led_it(played, trainer, stranger):
    exercise = played
    now = timezone.localdate()
    held = actions.record_outcome(exercise, report(), by=trainer)
    register.agree_step(
        held, "Call", office="Ours", due_on=now - timedelta(days=1), by=trainer
    )
    other = register.add_to_register(report(), by=trainer)
    ExerciseStep.objects.create(
        exercise=other,
        words="Not theirs",
        office="X",
        due_on=now - timedelta(days=1),
        fact=held.fact,
    )
    what = "Complete a follow-up to an exercise"
    assert [task.title for task in days.build_day(trainer).tasks] == [what]
    assert what not in [task.title for task in days.build_day(stranger).tasks]


def test_what_was_removed_by_mistake_can_be_recorded_again(played, trainer):
    exercise = played
    register.remove_exercise(
        actions.record_outcome(exercise, report(), by=trainer), by=trainer
    )
    exercise.refresh_from_db()
    assert exercise.held is None
    assert actions.record_outcome(exercise, report(), by=trainer)


def test_what_one_plays_alone_is_led_by_oneself_and_counted_by_no_one(
    cohort, learners, trainer, var
):
    alone = actions.open_exercise(cohort, CODE, mode=PlayMode.ALONE, by=learners[0])
    actions.take_seat(alone, "nurse", by=learners[0])
    page = read(given.sign_in(learners[0]), alone)
    assert reverse("scenarios:record", args=[alone.pk]) not in page
    for user in (learners[0], trainer):
        with pytest.raises(Denied):
            actions.record_outcome(alone, report(), by=user)
    assert not Observation.objects.exists()

    assert rules.lead.permits(learners[0], alone)
    learners[0].applications.all().delete()
    assert not rules.lead.permits(learners[0], alone)
