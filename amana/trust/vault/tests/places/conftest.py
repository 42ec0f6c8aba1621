"""A team with two keyholders, an administrator and a stranger."""

from amana import given
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def worker(team):
    return given.make_worker(of=team)


@kept
def supervisor(team, worker):
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def admin(db):
    return given.make_worker(role=Role.ADMINISTRATOR)


@kept
def stranger(db):
    return given.sign_in(given.make_worker())


@kept
def other_admin(db):
    return given.make_worker(role=Role.COORDINATOR)
