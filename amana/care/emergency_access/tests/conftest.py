"""A case, the colleague who opens it in an emergency, and those who answer for it."""

from amana import given
from amana.care.cases.models import Case
from amana.care.emergency_access import actions
from amana.care.emergency_access.models import EmergencyAccess
from amana.trust.access.models import Role, Team, User
from tests.worlds import kept


@kept
def team(db: None) -> Team:
    return given.make_team()


@kept
def worker(team: Team) -> User:
    return given.make_worker(of=team, name="Works on it")


@kept
def colleague(team: Team) -> User:
    return given.make_worker(of=team, name="Colleague")


@kept
def lead(team: Team) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Lead")


@kept
def officer(db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Officer")


@kept
def case(worker: User, colleague: User, lead: User) -> Case:
    return given.make_case(worked_on_by=worker, identity_name="Hiwot Abate")


def opened(case: Case, by: User) -> EmergencyAccess:
    access = actions.open_case(
        case.reference, why="here", words="She stands at the door.", by=by
    )
    assert access is not None
    return access
