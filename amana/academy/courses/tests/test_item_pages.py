"""Trainers see how questions are answered, and nothing of who answered."""

import random
from uuid import uuid4

import pytest
from django.urls import reverse

from amana import given
from amana.academy.courses import actions, item_pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.item_statistics import LEAST_SHOWN
from amana.academy.courses.models import Attempt, Event
from amana.academy.courses.tests.courses import BANK, RIGHT, small_course
from amana.academy.courses.tests.test_actions import all_right
from amana.trust.access.models import Role


@pytest.fixture
def answered(version):
    """Two hundred tests of four people, written as rows: each of them could not have
    taken fifty."""
    people = [given.make_worker(name=f"Invented Learner {n}") for n in range(4)]
    enrolments = [actions.begin_course(version, by=person) for person in people]
    rng = random.Random(5)
    for number in range(200):
        submit(enrolments[number % 4], rng)
    return version


def submit(enrolment, rng):
    attempt = Attempt.objects.create(
        enrolment=enrolment, module="m1", submitted_at=enrolment.begun_at
    )
    answers = {
        name: right if rng.random() < 0.7 else [(right[0] + 1) % 4]
        for name, right in all_right(attempt).items()
    }
    Event.objects.create(
        id=uuid4(),
        enrolment=enrolment,
        attempt=attempt,
        verb="submitted",
        object="m1",
        result={"answers": answers},
    )


def get(user, code="m1", **more):
    return given.sign_in(user).get(
        reverse("courses:items", args=["small", code]), **more
    )


def test_questions_are_shown_with_their_shares_and_no_person(answered, coordinator):
    shown = get(coordinator).content.decode()

    assert "What do you do in case" in shown
    assert "Answered " in shown
    for enrolment in answered.enrolments.all():
        assert enrolment.person.name not in shown
        assert enrolment.person.email not in shown


def test_the_first_page_leads_here_and_is_the_first_module(answered, coordinator):
    course = given.sign_in(coordinator).get(reverse("courses:course", args=["small"]))
    url = reverse("courses:answers", args=["small"])
    assert url in course.content.decode()
    assert "m1-b" in given.sign_in(coordinator).get(url).content.decode()
    assert get(coordinator, "m9").status_code == 404


def test_few_answers_are_not_shown(version, coordinator, enrolment):
    rng = random.Random(1)
    for _ in range(LEAST_SHOWN - 1):
        submit(enrolment, rng)
    shown = get(coordinator).content.decode()
    assert "Too few answers yet" in shown
    assert "What do you do in case" not in shown


def test_learners_see_none_of_it(answered, learner, stranger, outsider):
    for person in (learner, stranger, outsider):
        assert get(person).status_code == 404
    assert get(given.make_worker(role=Role.TRAINER)).status_code == 200


def test_another_wording_is_another_question(answered, coordinator):
    changed = BANK.replace("What do you do in case 050?", "What is done in case 050?")
    files = small_course(**{"modules/1-consent/bank.yaml": changed})
    newer = actions.publish_version(files, by=coordinator)

    items = item_pages.load_items(newer, load_content(newer).modules[0])
    assert items["m1-b050"].asked == 0
    assert items["m1-b051"].asked > 0
    before = item_pages.load_items(answered, load_content(answered).modules[0])
    assert before["m1-b051"].asked == items["m1-b051"].asked
    assert items["m1-b051"].right == frozenset(RIGHT["m1-b051"])
