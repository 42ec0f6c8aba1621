"""A team that keeps services, its people, and those who look from outside."""

import pytest

from amana import given
from amana.trust.access.models import Role


@pytest.fixture
def team(db):
    return given.a_team(of=given.an_organisation(name="Dar Amal"))


@pytest.fixture
def worker(team):
    return given.a_worker(of=team, name="Worker of the house")


@pytest.fixture
def focal_point(team):
    return given.a_worker(of=team, role=Role.FOCAL_POINT, name="Focal point")


@pytest.fixture
def coordinator(db):
    return given.a_worker(role=Role.COORDINATOR, name="Coordinator")


@pytest.fixture
def outsider(db):
    """Works in the mechanism, in another organisation."""
    return given.a_worker(name="Works elsewhere")


@pytest.fixture
def stranger(db):
    """Has an account and no place in any team."""
    return given.a_user(name="Stranger")


@pytest.fixture
def cast(worker, focal_point, coordinator, outsider, stranger):
    return [worker, focal_point, coordinator, outsider, stranger]
