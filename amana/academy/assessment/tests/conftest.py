"""The cast: who learns, who judges, who coordinates, and who is too close to judge."""

from uuid import uuid4

from amana import given
from amana.academy.assessment import actions
from amana.academy.assessment.actions import CriterionMark
from amana.academy.assessment.models import CertificateName
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.courses.tests.test_actions import all_right
from amana.trust.access.models import Role
from tests.worlds import kept

WORDS = "We ask her first. We say to whom, what and why,\nand she may say no."
MET = [CriterionMark(1, "text", "We say to whom, what and why")]
ABSENT = [CriterionMark(0, "text", "We ask her first.")]


def passes_test(enrolment, module="m1"):
    """The test of a module, all right."""
    by = enrolment.person
    attempt = courses.begin_test(enrolment, module, by=by)
    courses.submit_test(attempt, all_right(attempt), by=by, id=uuid4())


def reads_all(enrolment, module="m1"):
    for lesson in LESSONS[module]:
        courses.record_read_lesson(enrolment, lesson, by=enrolment.person, id=uuid4())


LESSONS = {
    "m1": ["m1/01-asking-first", "m1/02-a-case"],
    "m2": ["m2/01-three-elements"],
}


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR, name="Nadia Coordinator")


@kept
def team(db):
    return given.make_team()


@kept
def learner(team):
    return given.make_worker(of=team, name="Amina Learner")


@kept
def colleague(team, learner, coordinator):
    """An assessor who works beside the learner."""
    found = given.make_worker(of=team, name="Basma Colleague")
    actions.appoint(found, by=coordinator)
    return found


@kept
def assessor(coordinator):
    found = given.make_worker(name="Hugo Assessor")
    actions.appoint(found, by=coordinator)
    return found


@kept
def second(coordinator):
    found = given.make_worker(name="Ines Second")
    actions.appoint(found, by=coordinator)
    return found


@kept
def stranger(db):
    return given.make_worker(name="Sami Stranger")


@kept
def enrolment(coordinator, learner):
    version = courses.publish_version(small_course(), by=coordinator)
    return courses.begin_course(version, by=learner)


@kept
def work(enrolment, learner):
    return actions.submit_work(enrolment, "m1", WORDS, by=learner)


@kept
def taken(work, assessor):
    actions.take_work(work, by=assessor)
    return work


@kept
def to_revise(taken, assessor):
    actions.mark_work(taken, ABSENT, to_do="Say to whom.", by=assessor)
    return taken


@kept
def ready(enrolment, learner):
    """All but the work is there for the first certificate."""
    reads_all(enrolment)
    passes_test(enrolment)
    actions.choose_name(enrolment, CertificateName.Shown.NAME, by=learner)
    return enrolment
