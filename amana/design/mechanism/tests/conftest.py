"""Two organisations that sign, those who write for them, and those who only look."""

import pytest

from amana import given
from amana.design.mechanism import actions
from amana.design.mechanism.tests.packs import small
from amana.trust.access.models import Role


@pytest.fixture
def house(db):
    return given.an_organisation(name="Dar Amal")


@pytest.fixture
def office(db):
    return given.an_organisation(name="Coordination Office", sphere="legal")


@pytest.fixture
def coordinator(office):
    return given.a_worker(
        of=given.a_team(of=office), role=Role.COORDINATOR, name="Coordinator"
    )


@pytest.fixture
def supervisor(house):
    return given.a_worker(
        of=given.a_team(of=house), role=Role.SUPERVISOR, name="Supervisor"
    )


@pytest.fixture
def worker(house):
    return given.a_worker(of=given.a_team(of=house), name="Worker")


@pytest.fixture
def administrator(db):
    return given.a_worker(role=Role.ADMINISTRATOR, name="Administrator")


@pytest.fixture
def stranger(db):
    """Has an account and no place in any team."""
    return given.a_user(name="Stranger")


@pytest.fixture
def cast(coordinator, supervisor, worker, administrator, stranger):
    return [coordinator, supervisor, worker, administrator, stranger]


@pytest.fixture
def draft(house, office, coordinator):
    return actions.load(small(), by=coordinator)


@pytest.fixture
def discussed(draft, coordinator):
    actions.open_consultation(draft, by=coordinator)
    return draft


@pytest.fixture
def adopted(discussed, coordinator, supervisor, house, office):
    for organisation, by in ((house, supervisor), (office, coordinator)):
        actions.sign(
            discussed, organisation=organisation, sha256=discussed.sha256, by=by
        )
    actions.adopt(discussed, by=coordinator)
    return discussed


@pytest.fixture
def in_force(adopted, coordinator):
    actions.put_in_force(adopted, by=coordinator)
    return adopted
