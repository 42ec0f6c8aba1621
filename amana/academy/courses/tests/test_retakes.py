"""A test is taken again a day later, three times, and then when a person opened it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from amana import given
from amana.academy.courses import actions, retakes
from amana.academy.courses.models import Attempt, AttemptRequest
from amana.academy.courses.retakes import BETWEEN, load_retakes
from amana.academy.courses.tests.courses import small_course
from amana.academy.courses.tests.test_actions import all_right
from amana.academy.courses.tests.test_views import page, post, text
from amana.errors import Refused
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent


def fail(enrolment, *, times=1):
    """Fail a test so many times, a day and an hour apart; leave the clock behind."""
    began = timezone.now()
    for number in range(times):
        with time_machine.travel(began + number * (BETWEEN + timedelta(hours=1))):
            attempt = actions.begin_test(enrolment, "m1", by=enrolment.person)
            actions.submit_test(attempt, {}, by=enrolment.person, id=uuid4())


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days))


def test_it_cant_be_begun_again_within_a_day(enrolment, learner):
    fail(enrolment)

    with pytest.raises(Refused, match="You can take this test again from"):
        actions.begin_test(enrolment, "m1", by=learner)
    with time_machine.travel(timezone.now() + BETWEEN - timedelta(minutes=5)):
        assert load_retakes(enrolment, "m1").opens_at
        with pytest.raises(Refused):
            actions.begin_test(enrolment, "m1", by=learner)
    with time_machine.travel(timezone.now() + BETWEEN):
        actions.begin_test(enrolment, "m1", by=learner)
    # Another module's test has nothing to do with it.
    actions.begin_test(enrolment, "m2", by=learner)


def test_one_that_is_open_is_continued_whatever_the_day(enrolment, attempt, learner):
    assert actions.begin_test(enrolment, "m1", by=learner) == attempt


def test_after_three_a_person_is_asked(enrolment, learner):
    fail(enrolment, times=3)

    with later(10):
        assert load_retakes(enrolment, "m1").is_used_up
        with pytest.raises(Refused, match="You have taken this test 3 times"):
            actions.begin_test(enrolment, "m1", by=learner)
        first = actions.ask_for_attempts(enrolment, "m1", by=learner)
        assert actions.ask_for_attempts(enrolment, "m1", by=learner) == first
        with pytest.raises(Refused):
            actions.begin_test(enrolment, "m1", by=learner)
    assert AuditEvent.objects.filter(did="asked for attempts").count() == 1


def test_nobody_is_asked_while_there_are_attempts_left(enrolment, learner, stranger):
    fail(enrolment, times=2)

    with later(5), pytest.raises(Refused, match="without asking anyone"):
        actions.ask_for_attempts(enrolment, "m1", by=learner)
    with pytest.raises(Denied):
        actions.ask_for_attempts(enrolment, "m1", by=stranger)
    assert not AttemptRequest.objects.exists()


def test_opened_attempts_are_three_again(enrolment, learner, coordinator):
    fail(enrolment, times=3)
    with later(5):
        asked = actions.ask_for_attempts(enrolment, "m1", by=learner)
        waiting = AttemptRequest.objects.filter(pk=asked.pk)
        waiting.update(answered_at=timezone.now(), answered_by=coordinator)
        assert load_retakes(enrolment, "m1").left == 3
        fail(enrolment, times=3)
    with later(20):
        assert load_retakes(enrolment, "m1").is_used_up


def test_after_a_pass_it_begins_anew(enrolment, learner):
    fail(enrolment, times=2)
    with later(4):
        attempt = actions.begin_test(enrolment, "m1", by=learner)
        actions.submit_test(attempt, all_right(attempt), by=learner, id=uuid4())
    with later(400):
        assert load_retakes(enrolment, "m1").left == 3
        fail(enrolment, times=3)
    with later(500):
        assert load_retakes(enrolment, "m1").is_used_up


def test_a_newer_version_of_the_course_gives_no_new_attempts(
    enrolment, learner, coordinator
):
    fail(enrolment, times=3)
    changed = {"glossary.yaml": "- {term: yes, meaning: Her free yes.}\n"}
    version = actions.publish_version(small_course(**changed), by=coordinator)

    with later(5):
        newer = actions.begin_course(version, by=learner)
        with pytest.raises(Refused, match="3 times"):
            actions.begin_test(newer, "m1", by=learner)


def test_one_that_is_open_in_an_older_version_is_no_attempt_in_reserve(
    enrolment, learner, coordinator
):
    kept = actions.begin_test(enrolment, "m1", by=learner)
    changed = {"glossary.yaml": "- {term: yes, meaning: Her free yes.}\n"}
    version = actions.publish_version(small_course(**changed), by=coordinator)
    newer = actions.begin_course(version, by=learner)
    attempt = actions.begin_test(newer, "m1", by=learner)
    actions.submit_test(attempt, {}, by=learner, id=uuid4())

    with pytest.raises(Refused, match="so it doesn’t count"):
        actions.submit_test(kept, all_right(kept), by=learner, id=uuid4())
    assert Attempt.objects.open().get() == kept


def test_who_has_passed_waits_a_month(attempt, enrolment, learner):
    actions.submit_test(attempt, all_right(attempt), by=learner, id=uuid4())
    with later(29), pytest.raises(Refused, match="again from"):
        actions.begin_test(enrolment, "m1", by=learner)
    with later(30):
        actions.begin_test(enrolment, "m1", by=learner)


def test_what_is_asked_in_two_versions_is_asked_once(enrolment, learner, coordinator):
    fail(enrolment, times=3)
    changed = {"glossary.yaml": "- {term: yes, meaning: Her free yes.}\n"}
    version = actions.publish_version(small_course(**changed), by=coordinator)
    with later(5):
        first = actions.ask_for_attempts(enrolment, "m1", by=learner)
        newer = actions.begin_course(version, by=learner)
        assert actions.ask_for_attempts(newer, "m1", by=learner) == first
    assert AttemptRequest.objects.count() == 1


def test_the_tries_of_others_are_theirs(enrolment, version, stranger):
    fail(enrolment, times=3)
    theirs = actions.begin_course(version, by=stranger)
    assert load_retakes(theirs, "m1").left == retakes.IN_A_ROW


# -- on the page


def test_the_page_says_when_and_offers_no_button(enrolment, learner):
    fail(enrolment)
    shown = text(page(learner, "test", "small", "m1"))
    assert "You can take it again from:" in shown
    assert "Begin the test" not in shown


def test_the_page_leads_to_a_person(enrolment, learner):
    fail(enrolment, times=3)
    with later(5):
        shown = text(page(learner, "test", "small", "m1"))
        assert "Ask for further attempts" in shown
        assert "Begin the test" not in shown
        post(learner, "ask_again", "small", "m1")
        shown = text(page(learner, "test", "small", "m1"))
    assert "You have asked for further attempts" in shown
    assert Attempt.objects.count() == 3


def test_asking_takes_a_post_of_ones_own(enrolment, stranger):
    assert post(stranger, "ask_again", "small", "m1").status_code == 404
    client = given.sign_in(enrolment.person)
    assert client.get("/academy/courses/small/m1/test/ask").status_code in (404, 405)
