"""A cohort that sits down together: a trainer who leads it, five who take part."""

import pytest
from django.conf import settings

from amana import given
from amana.academy.cohorts import actions as cohorts
from amana.academy.cohorts.models import Cohort
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.labs import actions
from amana.academy.labs.models import Clinic, Lab
from amana.trust.access.models import Role, User

TABLE = settings.ROOT / "courses/referral-mechanism/labs/old-harbour.yaml"
PARTIES = ("coordination", "police", "hospital", "shelter", "legal")
AGREED = {
    "answer": "hours12",
    "told": "hours4",
    "police": "name",
    "night": "shelter",
    "after": "days3",
}


@pytest.fixture
def coordinator(db: None) -> User:
    return given.a_worker(role=Role.COORDINATOR)


@pytest.fixture
def trainer(db: None) -> User:
    return given.unlocked(given.a_worker(role=Role.TRAINER))


@pytest.fixture
def stranger(db: None) -> User:
    return given.unlocked(given.a_worker(role=Role.SUPERVISOR))


@pytest.fixture
def cohort(coordinator: User, trainer: User) -> Cohort:
    files = small_course() | {"labs/old-harbour.yaml": TABLE.read_bytes()}
    version = courses.publish(files, by=coordinator)
    plan = a_plan(facilitators=[trainer], capacity=9)
    return cohorts.open_cohort(version, plan, by=coordinator)


@pytest.fixture
def learners(cohort: Cohort, trainer: User) -> list[User]:
    found = [given.unlocked(given.a_worker()) for _party in PARTIES]
    for one in found:
        cohorts.accept(cohorts.invite(cohort, one, by=trainer), by=one)
    return found


@pytest.fixture
def lab(cohort: Cohort, trainer: User) -> Lab:
    return actions.open_lab(cohort, "old-harbour", by=trainer)


@pytest.fixture
def seated(lab: Lab, learners: list[User]) -> dict[str, User]:
    """Who plays which party."""
    found = dict(zip(PARTIES, learners, strict=True))
    for party, one in found.items():
        actions.take_seat(lab, party, by=one)
    return found


@pytest.fixture
def clinic(cohort: Cohort, learners: list[User]) -> Clinic:
    return actions.bring(cohort, "A young person.", asks="What now?", by=learners[0])
