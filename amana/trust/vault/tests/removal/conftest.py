"""A team, the colleague whose keys are taken, and two people who decide it."""

import pytest

from amana import given
from amana.trust.access.models import Role
from amana.trust.vault import documents, removal
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.removal_states import DELAY
from tests.worlds import kept

from .removals import confirmed, fresh


@kept
def worker(team):
    return given.make_worker(of=team)


@kept
def supervisor(team, worker):
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def leila(team, worker):
    """Whose keys it is about."""
    return given.make_worker(of=team, name="Leila Haddad")


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR)


@kept
def officer(db):
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER)


@kept
def case(team, worker):
    made = given.make_case_keys(of=team)
    documents.write(made, C.IDENTITY, {"name": "Hope"}, by=worker)
    return made


@kept
def restricted(team, leila, worker, supervisor):
    """Kept to three named people."""
    made = given.make_case_keys(of=team)
    documents.write(made, C.IDENTITY, {"name": "Esi"}, by=leila)
    documents.share_case(
        made, by=leila, people=[leila, worker, supervisor], exclusively=True
    )
    return made


@pytest.fixture
def taken(case, restricted, leila, supervisor, officer, with_app, later):
    """It has taken effect."""
    with_app(leila)
    made = confirmed(leila, supervisor, officer)
    later(DELAY)
    assert removal.settle() == (1, 0)
    return fresh(made)
