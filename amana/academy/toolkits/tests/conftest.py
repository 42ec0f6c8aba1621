"""The usual cast: who publishes, who learns, and somebody else who learns."""

import pytest

from amana import given
from amana.academy.courses import actions
from amana.academy.courses.tests.courses import small_course
from amana.trust.access.models import Role


@pytest.fixture
def coordinator(db):
    return given.a_worker(role=Role.COORDINATOR)


@pytest.fixture
def learner(db):
    return given.a_worker()


@pytest.fixture
def stranger(db):
    """Learns too, and sees nothing of others."""
    return given.a_worker(role=Role.SUPERVISOR)


@pytest.fixture
def outsider(db):
    """In no team."""
    return given.a_user()


@pytest.fixture
def version(coordinator):
    return actions.publish(small_course(), by=coordinator)


@pytest.fixture
def enrolment(version, learner):
    return actions.begin(version, by=learner)


@pytest.fixture
def attempt(enrolment, learner):
    return actions.begin_test(enrolment, "m1", by=learner)
