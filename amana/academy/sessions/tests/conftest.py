"""The cast: who leads, three who take part, and somebody who knows of nothing."""

from uuid import uuid4

from amana import given
from amana.academy.sessions import actions
from amana.academy.sessions.tests.meeting import a_cohort, a_learner, a_session
from tests.worlds import kept


@kept
def trainer(db):
    return given.make_user(name="Tariq Trainer")


@kept
def cohort(trainer):
    return a_cohort(trainer)


@kept
def session(cohort, trainer):
    return a_session(cohort, by=trainer)


@kept
def learner(cohort):
    return a_learner(cohort, name="Amina Learner")


@kept
def other(cohort):
    return a_learner(cohort, name="Boris Learner")


@kept
def stranger(db):
    return given.make_worker(name="Sami Stranger")


@kept
def open_room(session, trainer):
    actions.open_room(session, by=trainer, id=uuid4())
    return session


@kept
def inside(open_room, learner):
    """The learner's seat in the open room."""
    return actions.enter_room(open_room, by=learner)


@kept
def browse():
    """Somebody's browser."""
    return given.sign_in
