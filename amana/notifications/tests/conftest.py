"""A worker with a case, a shelter that is asked, and those who see none of it."""

from typing import Any

import pytest
from django.test import Client

from amana import given
from amana.care.cases.models import Case
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Team, User
from tests.worlds import kept


@pytest.fixture(autouse=True)
def _nobody_founded_before() -> None:
    given.people._founders.clear()


@kept
def worker(db: None) -> User:
    return given.make_worker(name="Mariam Toure")


@kept
def team(worker: User) -> Team:
    return worker.memberships.get().team


@kept
def colleague(team: Team) -> User:
    """Of the same team, and on none of its cases."""
    return given.make_worker(of=team)


@kept
def supervisor(team: Team) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")


@kept
def house(db: None) -> Team:
    return given.make_team(name="Lake House")


@kept
def host(house: Team) -> User:
    return given.make_worker(of=house, role=Role.FOCAL_POINT)


@kept
def second_host(house: Team) -> User:
    return given.make_worker(of=house, role=Role.CASE_WORKER)


@kept
def beds(house: Team, host: User) -> Service:
    return given.make_service(of=house, by=host, name="Lake House beds")


@kept
def stranger(db: None) -> User:
    return given.make_worker(role=Role.SUPERVISOR)


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


@pytest.fixture
def referral(case: Case, beds: Service, worker: User) -> Referral:
    return given.make_referral(need=case.needs.get(), to=beds, by=worker)


@pytest.fixture
def browse() -> Any:
    def browse(user: User) -> Client:
        return given.sign_in(user)

    return browse
