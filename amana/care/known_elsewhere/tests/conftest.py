"""A worker who asks, a house that is asked, and a person whom both know."""

import pytest

from amana import given
from amana.care.cases.models import Case
from amana.care.known_elsewhere.models import IdentityEnquiry
from amana.trust.access.models import Role, Team, User
from tests.worlds import kept

from .asking import HER, asks, known_here


@kept
def worker(db: None) -> User:
    return given.make_worker(name="Mariam Toure")


@kept
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker, **HER)


@kept
def house(db: None) -> Team:
    return given.make_team(name="Lake House")


@kept
def helper(house: Team) -> User:
    return given.make_worker(of=house, name="Samira Haddad")


@kept
def stranger(db: None) -> User:
    return given.make_worker(role=Role.SUPERVISOR)


@pytest.fixture
def hit(case: Case, house: Team, worker: User, helper: User) -> IdentityEnquiry:
    known_here(helper)
    return asks(case, house, worker)
