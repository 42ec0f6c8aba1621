"""Who used up the attempts at a test is talked with, and gets others."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.cohorts import actions
from amana.academy.courses import actions as courses
from amana.academy.courses.models import AttemptRequest
from amana.academy.courses.retakes import load_retakes
from amana.academy.courses.tests.test_retakes import fail
from amana.errors import Changed
from amana.home import today
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key


@pytest.fixture
def asked(offered, learner):
    enrolment = actions.accept_place(offered, by=learner)
    fail(enrolment, times=3)
    with time_machine.travel(timezone.now() + timedelta(days=5)):
        courses.ask_for_attempts(enrolment, "m1", by=learner)
    return AttemptRequest.objects.select_related("enrolment").get()


def desk(user):
    return given.sign_in(user).get(reverse("cohorts:desk")).content.decode()


def test_who_leads_the_cohort_opens_them(asked, trainer):
    assert "Learners who ask for further attempts" in desk(trainer)
    url = reverse("cohorts:open_attempts", args=[asked.pk])
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        given.sign_in(trainer).post(url, make_form_key())
        assert load_retakes(asked.enrolment, "m1").left == 3
    assert "further attempts" not in desk(trainer)
    assert AuditEvent.objects.filter(did="opened attempts").count() == 1
    asked.refresh_from_db()
    assert asked.answered_by == trainer


def test_it_is_opened_once(asked, trainer, coordinator):
    actions.open_attempts(asked, by=trainer)
    with pytest.raises(Changed):
        actions.open_attempts(asked, by=coordinator)


def test_it_stands_among_the_tasks_of_who_leads_without_a_name(asked, trainer, learner):
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        tasks = [task.title for task in today.build_day(trainer).tasks]
    assert "Talk with a learner who did not pass a test three times" in tasks
    assert not [what for what in tasks if learner.name in what]


def test_others_neither_see_nor_open_it(asked, other_trainer, learner, stranger):
    assert asked.enrolment.person.name not in desk(other_trainer)
    for person in (other_trainer, learner, stranger):
        with pytest.raises(Denied):
            actions.open_attempts(asked, by=person)
        url = reverse("cohorts:open_attempts", args=[asked.pk])
        answer = given.sign_in(person).post(url, make_form_key())
        assert answer.status_code == 404
    assert AttemptRequest.objects.waiting().exists()


def test_who_learns_without_a_cohort_is_answered_by_a_coordinator(
    version, stranger, trainer, coordinator
):
    enrolment = courses.begin_course(version, by=stranger)
    fail(enrolment, times=3)
    request = courses.ask_for_attempts(enrolment, "m1", by=stranger)
    with pytest.raises(Denied):
        actions.open_attempts(request, by=trainer)
    actions.open_attempts(request, by=coordinator)


def test_a_coordinator_does_not_open_their_own(version, coordinator):
    enrolment = courses.begin_course(version, by=coordinator)
    fail(enrolment, times=3)
    request = courses.ask_for_attempts(enrolment, "m1", by=coordinator)
    with pytest.raises(Denied):
        actions.open_attempts(request, by=coordinator)
