"""Somebody who writes courses, and somebody who doesn't."""

import pytest

from amana import given
from amana.academy.authoring import actions
from amana.academy.authoring.models import Draft
from amana.academy.courses.tests.courses import small_course
from amana.trust.access.models import Role, User


@pytest.fixture
def trainer(db: None) -> User:
    return given.a_worker(role=Role.TRAINER)


@pytest.fixture
def coordinator(db: None) -> User:
    return given.a_worker(role=Role.COORDINATOR)


@pytest.fixture
def stranger(db: None) -> User:
    return given.a_worker()


@pytest.fixture
def draft(trainer: User) -> Draft:
    return actions.begin("small", small_course(), by=trainer)
