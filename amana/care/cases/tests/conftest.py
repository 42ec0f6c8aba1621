"""The usual cast: a case, who leads it, a colleague, a supervisor, and strangers."""

import pytest

from amana import given
from amana.care.cases.models import Case
from amana.trust.access.models import Role, Sphere, Team, User


@pytest.fixture
def team(db: None) -> Team:
    return given.a_team()


@pytest.fixture
def worker(team: Team) -> User:
    return given.a_worker(of=team)


@pytest.fixture
def colleague(worker: User, team: Team) -> User:
    """Of the same team, and not assigned to the case."""
    return given.a_worker(of=team)


@pytest.fixture
def supervisor(worker: User, team: Team) -> User:
    return given.a_worker(of=team, role=Role.SUPERVISOR)


@pytest.fixture
def screener(worker: User, team: Team) -> User:
    return given.a_worker(of=team, role=Role.SCREENER)


@pytest.fixture
def coordinator(db: None) -> User:
    return given.a_worker(role=Role.COORDINATOR)


@pytest.fixture
def administrator(team: Team, worker: User) -> User:
    return given.a_worker(of=team, role=Role.ADMINISTRATOR)


@pytest.fixture
def stranger(db: None) -> User:
    """A case worker of another team."""
    return given.a_worker()


@pytest.fixture
def clinician(db: None) -> User:
    clinic = given.an_organisation(sphere=Sphere.HEALTH)
    return given.a_worker(of=given.a_team(of=clinic))


@pytest.fixture
def case(worker: User) -> Case:
    return given.a_case(worked_on_by=worker)
