"""A recipient without Amana, and a browser without an account."""

import pytest
from django.test import Client

from amana import given
from amana.care.cases.models import Need
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Team, User
from tests.worlds import kept


@kept
def clinic(db: None) -> Service:
    """Of a team in which nobody has an account."""
    team = given.make_team(name="Village clinic", email="clinic@example.org")
    keeper = given.make_worker(role=Role.COORDINATOR)
    return given.make_service(of=team, by=keeper, name="Village clinic beds")


@kept
def outside(need: Need, clinic: Service, worker: User) -> Referral:
    Team.objects.update(phone="+999 20 555")
    return given.make_referral(need=need, to=clinic, by=worker, note="Call at noon")


@kept
def ours(worker: User) -> Client:
    return given.sign_in(worker)


@pytest.fixture
def phone() -> Client:
    """A browser of somebody without an account."""
    return Client()
