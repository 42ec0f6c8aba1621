"""What was missed comes back to the one who missed it, one question at a time."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from fsrs import Rating

from amana import given
from amana.academy.courses import actions as learning
from amana.academy.courses.models import Event
from amana.academy.courses.tests.test_actions import (
    all_but_a_critical_one_right,
    all_right,
)
from amana.academy.practice.review import actions
from amana.academy.practice.review.review_status import get_standing
from amana.errors import Refused
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests.worlds import kept

TODAY = reverse("review:today")


@kept
def missed(enrolment, learner):
    learning.record_answer(enrolment, "m1-q01", [1], by=learner, id=uuid4())
    return enrolment


@pytest.fixture
def tomorrow():
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=True):
        yield


def post(user, name, *args, **fields):
    url = reverse(f"review:{name}", args=args)
    return given.sign_in(user).post(url, make_form_key() | fields)


def names(enrolment):
    return set(get_standing(enrolment).cards)


# --- what begins a card


def test_a_wrong_answer_in_practice_begins_a_card_and_a_right_one_none(
    enrolment, learner
):
    learning.record_answer(enrolment, "m1-q01", [0], by=learner, id=uuid4())
    learning.record_answer(enrolment, "m1-q06", "25", by=learner, id=uuid4())

    assert names(enrolment) == {"m1-q06"}


def test_a_decision_in_which_nothing_is_right_is_never_missed(enrolment, learner):
    learning.record_answer(enrolment, "m1-q02", [1], by=learner, id=uuid4())

    assert names(enrolment) == set()


def test_what_was_wrong_in_a_test_begins_cards_of_practice(attempt, enrolment, learner):
    answers, _critical = all_but_a_critical_one_right(attempt)
    learning.submit_test(attempt, answers, by=learner, id=uuid4())

    # On the same competency; never the question of the test, which explains nothing.
    assert names(enrolment) == {"m1-q01", "m1-q03", "m1-q04"}


def test_what_was_all_right_in_a_test_begins_none(attempt, enrolment, learner):
    learning.submit_test(attempt, all_right(attempt), by=learner, id=uuid4())
    assert names(enrolment) == set()


# --- the action


def test_nothing_is_asked_on_the_day_on_which_it_was_missed(missed, learner):
    with pytest.raises(Refused, match="not asked today"):
        actions.review(missed, "m1-q01", [0], Rating.Good, by=learner, id=uuid4())


def test_what_was_known_is_gone_for_today(missed, learner, tomorrow):
    assert get_standing(missed).today == ["m1-q01"]

    actions.review(missed, "m1-q01", [0], Rating.Good, by=learner, id=uuid4())

    assert get_standing(missed).today == []
    assert AuditEvent.objects.filter(did="reviewed question").count() == 1


def test_the_same_once_more_is_there_once(missed, learner, tomorrow):
    id = uuid4()
    for _time in range(2):
        actions.review(missed, "m1-q01", [0], Rating.Good, by=learner, id=id)

    assert Event.objects.filter(verb="reviewed").count() == 1


def test_what_was_wrong_comes_back_soon_whatever_one_says(missed, learner, tomorrow):
    event = actions.review(missed, "m1-q01", [1], Rating.Easy, by=learner, id=uuid4())

    assert event.result["rating"] == Rating.Again


def test_nobody_reviews_for_somebody_else(missed, stranger, tomorrow):
    with pytest.raises(Denied):
        actions.review(missed, "m1-q01", [0], Rating.Good, by=stranger, id=uuid4())


def test_what_is_no_answer_is_refused(missed, learner, tomorrow):
    for name, answer in (("m1-q01", [7]), ("m1-q99", [0])):
        with pytest.raises(Refused, match="not an answer"):
            actions.review(missed, name, answer, Rating.Good, by=learner, id=uuid4())


# --- the pages


def test_where_nothing_was_missed_the_page_says_so(enrolment, learner):
    shown = given.sign_in(learner).get(TODAY).content.decode()

    assert "Nothing to review" in shown


def test_one_question_at_a_time_its_feedback_and_four_answers(
    missed, learner, tomorrow
):
    learning.record_answer(missed, "m1-q06", "1", by=learner, id=uuid4())
    browser = given.sign_in(learner)
    home = browser.get(reverse("courses:home")).content.decode()
    assert TODAY in home

    shown = browser.get(TODAY).content.decode()
    assert "When may a referral be shared?" in shown
    assert "hours is an urgent referral" not in shown

    fields = {"m1-q01-choice": "0"}
    answered = post(learner, "answer", missed.pk, "m1-q01", **fields)
    words = answered.content.decode()
    assert words.count('name="rating"') == 4
    assert "Yes. This service alone." in words
    assert not Event.objects.filter(verb="reviewed").exists()

    rated = {"given": json.dumps([0]), "rating": "3"}
    led = post(learner, "rate", missed.pk, "m1-q01", **rated)
    assert led.url == TODAY
    assert "That is all for today" in browser.get(TODAY).content.decode()


def test_a_wrong_answer_has_one_way_on(missed, learner, tomorrow):
    fields = {"m1-q01-choice": "2"}
    shown = post(learner, "answer", missed.pk, "m1-q01", **fields).content.decode()

    assert shown.count('name="rating"') == 1
    assert "comes back tomorrow" in shown


def test_what_was_left_out_is_asked_for(missed, learner, tomorrow):
    assert post(learner, "answer", missed.pk, "m1-q01").status_code == 422


def test_a_rating_that_is_none_is_refused(missed, learner, tomorrow):
    for fields in ({}, {"given": "[0]", "rating": "9"}, {"given": "{", "rating": "1"}):
        response = post(learner, "rate", missed.pk, "m1-q01", **fields)
        assert response.status_code == 409


def test_strangers_find_nothing(missed, stranger, tomorrow):
    for name in ("answer", "rate"):
        assert post(stranger, name, missed.pk, "m1-q01").status_code == 404
    assert "Nothing to review" in given.sign_in(stranger).get(TODAY).content.decode()


def test_what_was_never_missed_is_not_found(missed, learner, tomorrow):
    assert post(learner, "answer", missed.pk, "m1-q03").status_code == 404
    assert post(learner, "answer", missed.pk, "m1-q77").status_code == 404


def test_many_misses_ask_no_more_of_the_database(missed, learner, tomorrow):
    browser = given.sign_in(learner)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            browser.get(TODAY)
        return len(seen)

    browser.get(TODAY)
    before = queries()
    for _time in range(10):
        learning.record_answer(missed, "m1-q06", "1", by=learner, id=uuid4())
    assert queries() == before
