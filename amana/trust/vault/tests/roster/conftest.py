"""A team with two keyholders, another team, and a case."""

from amana import given
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def worker(team):
    return given.make_worker(of=team)


@kept
def colleague(team, worker):
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def shelter(db):
    return given.make_team()


@kept
def host(shelter):
    return given.make_worker(of=shelter, role=Role.FOCAL_POINT)
