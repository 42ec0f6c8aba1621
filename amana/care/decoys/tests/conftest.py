"""A decoy, who made it, and who answers for it."""

from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.decoys import actions
from amana.care.pending import actions as pending
from amana.design.directory.taxonomy import ServiceType
from amana.trust.access.models import Membership, Role, Team, User
from amana.trust.alarms.models import Decoy
from tests.worlds import kept

SAID = {
    "name": "Ramatou Invented",
    "phone": "+000 555 0199",
    "words": "She waits for a boat.",
    "need": ServiceType.SH2,
}


@kept
def team(db: None) -> Team:
    return given.make_team(name="Harbour team")


@kept
def maker(team: Team) -> User:
    return given.make_worker(of=team, name="Maker")


@kept
def lead(team: Team, maker: User) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Lead")


@kept
def colleague(team: Team, maker: User) -> User:
    return given.make_worker(of=team, name="Colleague")


@kept
def officer(db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Officer")


@kept
def auditor(db: None) -> User:
    return given.make_worker(role=Role.AUDITOR, name="Auditor")


def place_of(user: User) -> Membership:
    return user.memberships.get()


@kept
def row(maker: User, officer: User, auditor: User) -> Decoy:
    return actions.request_decoy(place_of(maker), by=officer)


@kept
def decoy(row: Decoy, maker: User, lead: User) -> Case:
    return made(row, maker)


def made(row: Decoy, maker: User) -> Case:
    """And closed, as its time has come."""
    case = actions.make_decoy(row, **SAID, by=maker)
    assert pending.carry_out_due(timezone.now() + actions.LONGEST) == 1
    case.refresh_from_db()
    return case


def open_page(case: Case, user: User) -> int:
    address = reverse("cases:case", args=[case.pk])
    return given.sign_in(user).get(address).status_code
