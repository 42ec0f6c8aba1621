"""The usual cast: a case, who leads it, a colleague, a supervisor, and strangers."""

from amana import given
from amana.care.cases.models import Case
from amana.care.cases.tests.pages import browser
from amana.trust.access.models import Role, Sphere, Team, User
from tests.worlds import kept


@kept
def team(db: None) -> Team:
    return given.make_team()


@kept
def worker(team: Team) -> User:
    return given.make_worker(of=team)


@kept
def colleague(worker: User, team: Team) -> User:
    """Of the same team, and not assigned to the case."""
    return given.make_worker(of=team)


@kept
def supervisor(worker: User, team: Team) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def screener(worker: User, team: Team) -> User:
    return given.make_worker(of=team, role=Role.SCREENER)


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


@kept
def administrator(team: Team, worker: User) -> User:
    return given.make_worker(of=team, role=Role.ADMINISTRATOR)


@kept
def stranger(db: None) -> User:
    """A case worker of another team."""
    return given.make_worker()


@kept
def clinician(db: None) -> User:
    clinic = given.make_organisation(sphere=Sphere.HEALTH)
    return given.make_worker(of=given.make_team(of=clinic))


@kept
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker)


@kept
def desk(worker):
    return browser(worker)
