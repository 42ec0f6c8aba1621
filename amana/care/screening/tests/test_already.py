"""What the safety questions have just answered is not asked again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.tests.pages import text_of
from amana.care.screening.already import map_known_answers
from amana.care.screening.models import Screening
from amana.care.screening.results import open_result
from amana.care.screening.tests.screening_forms import finished
from amana.design.mechanism import actions as mechanisms
from amana.trust.access.models import Role
from tests.worlds import kept

EXAMPLE = Path("mechanisms/example")
SAFE = given.SAFE_ANSWERS
QUICK = "quick-screening"


@kept
def example(db):
    coordinator = given.make_worker(role=Role.COORDINATOR)
    return mechanisms.adopt_shipped(EXAMPLE, by=coordinator)


@kept
def window(shelter_worker):
    return given.sign_in(shelter_worker)


def known(version, case, worker):
    form = version.pack.forms[QUICK]
    told = map_known_answers(case, form, by=worker)
    return {name: answer.answer for name, answer in told.items()}


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (SAFE, {"private": "yes", "urgent": "none", "age_group": "adult"}),
        (
            SAFE | {"SAFE03": "yes", "SAFE02": "yes"},
            {"private": "yes", "urgent": "danger doctor", "age_group": "adult"},
        ),
        (SAFE | {"SAFE04": "unsure"}, {"private": "yes", "age_group": "adult"}),
        ({"SAFE08": "unsure"}, {"age_group": "unsure"}),
        ({"SAFE08": "yes", "SAFE01": "no"}, {"private": "no", "age_group": "child"}),
        ({}, {}),
    ],
)
def test_each_answer_of_the_gate_answers_its_question(
    example, shelter_worker, answers, found
):
    case = given.make_case(worked_on_by=shelter_worker, gate=answers)
    assert known(example, case, shelter_worker) == found


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ({"identity_age": "24"}, "adult"),
        ({"identity_age": "15"}, "child"),
        ({"identity_child": "yes"}, "child"),
        ({"identity_child": "no"}, "adult"),
        ({"identity_age": "24", "identity_child": "unsure"}, "child"),
    ],
)
def test_the_age_of_the_basic_details_counts_too(example, shelter_worker, said, group):
    case = given.make_case(worked_on_by=shelter_worker, **said)
    assert known(example, case, shelter_worker) == {"age_group": group}


def test_what_was_answered_long_ago_is_asked_again(
    example, shelter_worker, monkeypatch
):
    case = given.make_case(worked_on_by=shelter_worker, gate=SAFE)
    later = timezone.now() + timedelta(hours=7)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert known(example, case, shelter_worker) == {}


def test_the_page_shows_who_answered_and_can_be_finished_as_it_is(
    example, shelter_worker, window
):
    case = given.make_case(worked_on_by=shelter_worker, gate=SAFE)
    there = reverse("screening:in_case", args=[case.pk, example.pk, QUICK])
    page = window.get(there)
    html = page.content.decode()
    assert 'data-already="private"' in html
    assert 'data-already="urgent"' in html
    assert shelter_worker.name in text_of(page)
    assert "Change" in text_of(page)
    assert 'name="private" value="yes" checked' in html
    assert "leave out any question" not in html

    window.post(
        there,
        finished(private="yes", urgent="none", age_group="adult", wishes_help="no"),
    )
    screening = Screening.objects.get()
    answers = open_result(screening, by=shelter_worker).sealed.answers
    assert answers["private"] == "yes"


def test_a_changed_answer_stands_open(example, shelter_worker, window):
    case = given.make_case(worked_on_by=shelter_worker, gate=SAFE)
    there = reverse("screening:in_case", args=[case.pk, example.pk, QUICK])
    said = finished(private="no", urgent="none", age_group="adult")
    html = window.post(there, said | {"form:to": "look"}).content.decode()
    head = html[html.index('data-already="private"') :]
    assert "open" in head[: head.index("<summary>")]
    head = html[html.index('data-already="urgent"') :]
    assert "open" not in head[: head.index("<summary>")]


def test_only_those_who_read_the_part_are_told(example, shelter_worker):
    case = given.make_case(worked_on_by=shelter_worker, gate=SAFE)
    colleague = given.make_worker(of=case.team)
    assert known(example, case, colleague) == {}
    cases.assign(case, worker=colleague, by=shelter_worker)
    assert known(example, case, colleague)["private"] == "yes"
