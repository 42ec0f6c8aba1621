"""Learners of a course whose work is made in practice, and a folder for that."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from amana import given
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Enrolment, Version
from amana.academy.courses.tests.courses import ASSIGNMENT, small_course
from amana.academy.installations import actions
from amana.academy.installations.models import PracticePlace
from amana.trust.access.models import Role, User

CHECKS = """\
checks:
  - {check: contacts}
  - {check: words, least: 5}
"""


@pytest.fixture
def version(db: None) -> Version:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    assignment = f"{ASSIGNMENT}{CHECKS}"
    course = small_course(**{"modules/1-consent/assignment.yaml": assignment})
    return courses.publish_version(course, by=coordinator)


@pytest.fixture
def learner(db: None) -> User:
    return given.unlock_user(given.make_worker())


@pytest.fixture
def colleague(db: None) -> User:
    return given.unlock_user(given.make_worker())


@pytest.fixture
def enrolment(version: Version, learner: User) -> Enrolment:
    return courses.begin_course(version, by=learner)


@pytest.fixture
def colleagues_enrolment(version: Version, colleague: User) -> Enrolment:
    return courses.begin_course(version, by=colleague)


@pytest.fixture
def var(settings: Any) -> Iterator[Path]:
    """Where this installation keeps its data: by a short path, as on a server, since a
    socket has to lie in it."""
    with TemporaryDirectory() as folder:
        settings.VAR = Path(folder)
        yield settings.VAR


@pytest.fixture
def place(enrolment: Enrolment, learner: User, var: Path) -> PracticePlace:
    assert var.is_dir()
    return actions.open_installation(enrolment, by=learner)
