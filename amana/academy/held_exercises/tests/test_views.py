"""The pages of exercises: written by who coordinates, read by those who learn."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.held_exercises import actions
from amana.academy.held_exercises.models import ExerciseStep, HeldExercise
from amana.academy.held_exercises.rules import read_exercise, write_exercise
from amana.ui import once


def url(name, *args):
    return reverse(f"held_exercises:{name}", args=args)


def text(response):
    return response.content.decode()


def sent(client, to, **said):
    return client.post(to, once.make_form_key() | said)


def test_an_exercise_is_written_page_by_page(coordinator):
    client = given.sign_in(coordinator)
    assert "No exercises recorded yet" in text(client.get(url("exercises")))
    today = timezone.localdate()
    said = {
        "title": "A boat at night",
        "form": "table",
        "held_on": f"{today}",
        "spheres": ["border", "law_enforcement"],
        "learned": "Nobody knew whom to call.",
    }
    assert sent(client, url("new"), **said | {"spheres": []}).status_code == 422
    made = sent(client, url("new"), **said)
    exercise = HeldExercise.objects.get()
    assert made.url == url("exercise", exercise.pk)
    page = text(client.get(made.url))
    assert "Law enforcement and justice" in page
    assert "No steps agreed yet" in page

    step = {"words": "A list at the gate", "office": "Border Guard"}
    sent(client, url("agree", exercise.pk), **step, due_on=f"{today}")
    one = ExerciseStep.objects.get()
    finish = url("finish", exercise.pk, one.pk)
    assert finish in text(client.get(made.url))
    sent(client, finish, done_on=f"{today}", seen_by="It hangs there")

    page = text(client.get(made.url))
    assert "Done on time" in page
    assert "It hangs there" in page
    assert finish not in page
    assert client.get(finish).status_code == 404
    assert "1 of 1" in text(client.get(url("exercises")))


def test_what_was_written_by_mistake_is_taken_out(exercise, coordinator):
    client = given.sign_in(coordinator)
    out = url("take_out", exercise.pk)
    assert out in text(client.get(url("exercise", exercise.pk)))

    sent(client, out)
    assert not HeldExercise.objects.exists()


def test_others_read_and_write_nothing(exercise, step, authority, stranger):
    read = [url("exercises"), url("exercise", exercise.pk)]
    write = [
        url("new"),
        url("agree", exercise.pk),
        url("finish", exercise.pk, step.pk),
    ]
    reader, outside = given.sign_in(authority), given.sign_in(stranger)

    assert [u for u in read if reader.get(u).status_code != 200] == []
    assert [u for u in write if u in text(reader.get(read[1]))] == []
    assert [u for u in write if reader.get(u).status_code != 404] == []
    assert sent(reader, url("take_out", exercise.pk)).status_code == 404
    assert [u for u in read + write if outside.get(u).status_code != 404] == []


def test_a_long_list_costs_no_more_queries(exercise, coordinator):
    client = given.sign_in(coordinator)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(url("exercises")).status_code == 200
        return len(found)

    few = queries()
    for n in range(8):
        held = actions.ExerciseReport(
            f"No. {n}", "table", exercise.held_on, ["legal"], "Much"
        )
        made = actions.record_exercise(held, by=coordinator)
        actions.agree_step(
            made, "More", office="All", due_on=exercise.held_on, by=coordinator
        )
    assert queries() <= few


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        (read_exercise, {"coordinator", "authority"}),
        (write_exercise, {"coordinator"}),
    ],
)
def test_lists_and_single_things_are_for_the_same_people(
    rule, who, exercise, coordinator, authority, stranger
):
    cast = {"coordinator": coordinator, "authority": authority, "stranger": stranger}
    held = HeldExercise.objects.all()

    assert {n for n, user in cast.items() if rule.permits(user, exercise)} == who
    assert {n for n, user in cast.items() if rule.among(held, user)} == who
