"""The cast: who leads, three who take part, and somebody who knows of nothing."""

from uuid import uuid4

import pytest

from amana import given
from amana.academy.sessions import actions
from amana.academy.sessions.tests.meeting import a_cohort, a_learner, a_session


@pytest.fixture
def trainer(db):
    return given.a_user(name="Tariq Trainer")


@pytest.fixture
def cohort(trainer):
    return a_cohort(trainer)


@pytest.fixture
def session(cohort, trainer):
    return a_session(cohort, by=trainer)


@pytest.fixture
def learner(cohort):
    return a_learner(cohort, name="Amina Learner")


@pytest.fixture
def other(cohort):
    return a_learner(cohort, name="Boris Learner")


@pytest.fixture
def stranger(db):
    return given.a_worker(name="Sami Stranger")


@pytest.fixture
def open_room(session, trainer):
    actions.open_room(session, by=trainer, id=uuid4())
    return session


@pytest.fixture
def inside(open_room, learner):
    """The learner's seat in the open room."""
    return actions.join(open_room, by=learner)


@pytest.fixture
def browse():
    """Somebody's browser."""
    return given.signed_in
