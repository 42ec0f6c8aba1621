"""Who works, leads and oversees, and time that passes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.trust.access.models import Role
from tests.worlds import kept


@pytest.fixture
def later(monkeypatch):
    """Let time pass, all at once."""
    real, passed = timezone.now, timedelta()

    def wait(time):
        nonlocal passed
        passed += time

    monkeypatch.setattr(timezone, "now", lambda: real() + passed)
    return wait


@kept
def worker(db):
    return given.make_worker()


@kept
def supervisor(worker):
    return given.make_worker(of=worker.memberships.get().team, role=Role.SUPERVISOR)


@kept
def officer(db):
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER)


@kept
def case(worker):
    return given.make_case(
        worked_on_by=worker, identity_name="Hope Canary", identity_age="31"
    )


@kept
def other(worker):
    return given.make_case(worked_on_by=worker, identity_name="Esi", identity_age="31")
