"""A cohort that plays, those who lead it, and a folder for its exercises."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.conf import settings as house

from amana import given
from amana.academy.cohorts import actions as cohorts
from amana.academy.cohorts.models import Cohort
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.exercises import actions
from amana.academy.exercises.models import Exercise
from amana.trust.access.models import Role, User

CODE = "domestic-workers-child"


@pytest.fixture
def trainer(db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.TRAINER))


@pytest.fixture
def stranger(db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.SUPERVISOR))


@pytest.fixture
def cohort(trainer: User) -> Cohort:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    version = courses.publish_version(small_course(), by=coordinator)
    plan = a_plan(facilitators=[trainer], capacity=9)
    return cohorts.open_cohort(version, plan, by=coordinator)


@pytest.fixture
def learners(cohort: Cohort, trainer: User) -> list[User]:
    found = [given.unlock_user(given.make_worker()) for _number in range(5)]
    for learner in found:
        cohorts.accept_place(
            cohorts.invite_person(cohort, learner, by=trainer), by=learner
        )
    return found


@pytest.fixture
def var(settings: Any) -> Iterator[Path]:
    """Where this installation keeps its data: by a short path, as on a server, since a
    socket has to lie in it."""
    with TemporaryDirectory() as folder:
        settings.VAR = Path(folder)
        yield settings.VAR


@pytest.fixture
def exercise(cohort: Cohort, trainer: User, var: Path) -> Exercise:
    assert var == house.VAR
    return actions.open_exercise(cohort, CODE, by=trainer)
