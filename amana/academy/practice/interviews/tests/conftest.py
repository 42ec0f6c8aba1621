"""A course with a short interview, and somebody who learns by it."""

from amana.academy.courses import actions as courses
from amana.academy.courses.engine.tests.test_interviewing import two_languages
from amana.academy.courses.tests.conftest import (
    coordinator,
    learner,
    stranger,
)
from amana.academy.courses.tests.courses import small_course
from amana.academy.practice.interviews import actions
from tests.worlds import kept


@kept
def enrolment(coordinator, learner):
    files = small_course() | two_languages()
    return courses.begin_course(
        courses.publish_version(files, by=coordinator), by=learner
    )


@kept
def run(enrolment, learner):
    return actions.begin_interview(enrolment, "m1", "first", by=learner)
