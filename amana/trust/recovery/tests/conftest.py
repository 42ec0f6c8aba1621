"""A team with a recovery key, its five custodians, and the loss of its keys."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.trust.access.models import Role
from amana.trust.recovery import custody
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import RecoveryKey
from amana.trust.vault.removal_states import DELAY
from tests.worlds import kept

from .recoveries import confirmed, fresh, lose_all

A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def later(monkeypatch):
    """Let time pass, all at once, by a clock that nobody doubts."""
    real, passed = timezone.now, timedelta()

    def wait(time):
        nonlocal passed
        passed += time

    monkeypatch.setattr(timezone, "now", lambda: real() + passed)
    monkeypatch.setattr("amana.trust.vault.heartbeat.require_clock", lambda: None)
    return wait


@kept
def team(db):
    return given.make_team()


@kept
def amira(team):
    return given.make_worker(of=team, name="Amira")


@kept
def basma(team, amira):
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Basma")


@kept
def keepers(db):
    """Five people of five other organisations."""
    names = ("Dunya", "Elias", "Farah", "Ghada", "Hadi")
    return [given.make_worker(role=Role.FOCAL_POINT, name=name) for name in names]


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR)


@kept
def officer(db):
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER)


@kept
def case(team, amira):
    made = given.make_case_keys(of=team)
    documents.write(made, C.IDENTITY, {"name": "Hope"}, by=amira)
    return made


@kept
def recovery(team, amira, basma, keepers, case):
    made = custody.propose(team, keepers, by=amira)
    custody.confirm(made, by=basma)
    return RecoveryKey.objects.get(pk=made.pk)


@pytest.fixture
def lost(recovery, amira, basma, coordinator):
    return lose_all(amira, basma, coordinator)


@pytest.fixture
def open_(lost, coordinator, officer, later):
    """Confirmed, and the delay has passed."""
    made = confirmed(lost, coordinator, officer)
    later(DELAY + A_MOMENT)
    return fresh(made)
