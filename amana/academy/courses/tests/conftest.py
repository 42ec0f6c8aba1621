"""The usual cast: who publishes, who learns, and somebody else who learns."""

from amana import given
from amana.academy.courses import actions
from amana.academy.courses.tests.courses import small_course
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR)


@kept
def learner(db):
    return given.make_worker()


@kept
def stranger(db):
    """Learns too, and sees nothing of others."""
    return given.make_worker(role=Role.SUPERVISOR)


@kept
def outsider(db):
    """In no team."""
    return given.make_user()


@kept
def version(coordinator):
    return actions.publish_version(small_course(), by=coordinator)


@kept
def enrolment(version, learner):
    return actions.begin_course(version, by=learner)


@kept
def attempt(enrolment, learner):
    return actions.begin_test(enrolment, "m1", by=learner)
