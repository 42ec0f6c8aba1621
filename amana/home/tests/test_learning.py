"""What waits in the academy stands on the page of today, and ends there."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from amana import given
from amana.academy.assessment import actions, chasing
from amana.academy.assessment.tests.conftest import ABSENT, WORDS
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.credentials import actions as credentials
from amana.academy.gates.models import Requirement
from amana.design.mechanism.models import Mechanism
from amana.home import today
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR)


@kept
def assessor(coordinator):
    found = given.make_worker()
    actions.appoint(found, by=coordinator)
    return found


@kept
def learner(db):
    return given.make_worker()


@kept
def work(learner, coordinator):
    version = courses.publish_version(small_course(), by=coordinator)
    enrolment = courses.begin_course(version, by=learner)
    return actions.submit_work(enrolment, "m1", WORDS, by=learner)


def waits_for(user):
    user.__dict__.pop("places", None)
    return [task.title for task in today.build_day(user).tasks]


def test_work_waits_for_who_judges_it_then_for_who_made_it(work, learner, assessor):
    assert waits_for(assessor) == ["Mark learner work"]
    assert waits_for(learner) == []

    actions.take_work(work, by=assessor)
    assert waits_for(assessor) == ["Mark learner work"]
    actions.mark_work(work, ABSENT, to_do="More.", by=assessor)

    assert waits_for(assessor) == []
    assert waits_for(learner) == ["Revise your assignment: read the comments"]
    actions.submit_work(work.enrolment, "m1", WORDS, by=learner)
    assert waits_for(learner) == []


def test_late_work_waits_for_who_coordinates(work, coordinator):
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert waits_for(coordinator) == ["Mark learner work"]
        chasing.chase_late_work()
        assert "Learner work is overdue for marking" in waits_for(coordinator)


def test_a_certificate_that_ends_soon_is_told_until_it_is_renewed(
    learner, coordinator, assessor
):
    achievement = credentials.define(
        "foundation",
        version=1,
        name="Foundation",
        description="Knows the ground.",
        criteria="Work that was judged.",
        months=24,
        by=coordinator,
    )
    first = credentials.issue(achievement, learner)
    assert waits_for(learner) == []
    assert first.valid_until is not None

    with time_machine.travel(first.valid_until - timedelta(days=30)):
        assert waits_for(learner) == ["Renew your certificate"]
        assert waits_for(coordinator) == []
        mechanism = Mechanism.objects.create(code="one", title="One")
        Requirement.objects.create(
            mechanism=mechanism, part="a", role="screener", certificate="foundation"
        )
        said = ["A certificate that a role requires expires soon"]
        assert waits_for(coordinator) == said
        assert waits_for(assessor) == []
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            credentials.issue(achievement, learner)
            assert waits_for(learner) == waits_for(coordinator) == []
