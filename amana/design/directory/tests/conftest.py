"""A team that keeps services, its people, and those who look from outside."""

from amana import given
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def team(db):
    return given.make_team(of=given.make_organisation(name="Dar Amal"))


@kept
def worker(team):
    return given.make_worker(of=team, name="Worker of the house")


@kept
def focal_point(team):
    return given.make_worker(of=team, role=Role.FOCAL_POINT, name="Focal point")


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR, name="Coordinator")


@kept
def outsider(db):
    """Works in the mechanism, in another organisation."""
    return given.make_worker(name="Works elsewhere")


@kept
def stranger(db):
    """Has an account and no place in any team."""
    return given.make_user(name="Stranger")


@kept
def cast(worker, focal_point, coordinator, outsider, stranger):
    return [worker, focal_point, coordinator, outsider, stranger]
