"""Somebody who writes courses, and somebody who doesn't."""

from amana import given
from amana.academy.authoring import actions
from amana.academy.authoring.models import Draft
from amana.academy.courses.tests.courses import small_course
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def trainer(db: None) -> User:
    return given.make_worker(role=Role.TRAINER)


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


@kept
def stranger(db: None) -> User:
    return given.make_worker()


@kept
def draft(trainer: User) -> Draft:
    return actions.begin_draft("small", small_course(), by=trainer)
