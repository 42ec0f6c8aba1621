"""A worker, and who answers for them."""

from amana import given
from amana.trust.access.models import Role, Team, User
from tests.worlds import kept


@kept
def team(db: None) -> Team:
    return given.make_team()


@kept
def worker(team: Team) -> User:
    return given.make_worker(of=team, name="Worker")


@kept
def lead(team: Team) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Lead")


@kept
def officer(db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Officer")
