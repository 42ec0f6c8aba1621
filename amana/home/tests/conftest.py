"""A worker and a shelter."""

from amana import given
from amana.design.directory.models import Service
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def worker() -> User:
    return given.make_worker()


@kept
def shelter_worker() -> User:
    return given.make_worker(role=Role.FOCAL_POINT)


@kept
def shelter(shelter_worker: User) -> Service:
    team = shelter_worker.memberships.get().team
    return given.make_service(of=team, by=shelter_worker)
