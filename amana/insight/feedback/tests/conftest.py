"""A house that helps, a team elsewhere that reads and answers, and who coordinates."""

import pytest

from amana import given
from amana.insight.feedback import actions
from amana.insight.feedback.flood import GATE
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    ComplaintOutcome,
    Desk,
    DeskDuty,
)
from amana.insight.feedback.questions import SlipMoment
from amana.trust.access.models import Organisation, Role, Team, User
from tests.worlds import kept

from .reviews import ANSWER, WHY, WORDS


@pytest.fixture(autouse=True)
def _nobody_came_before() -> None:
    GATE.forget()


@kept
def house(db: None) -> Organisation:
    return given.make_organisation(name="Dar Amal")


@kept
def worker(house: Organisation) -> User:
    """Works in the house, and so may neither read nor write down what is said of it."""
    return given.make_worker(of=given.make_team(of=house), name="Wafa Worker")


@kept
def post(db: None) -> Team:
    return given.make_team(of=given.make_organisation(name="Listening Post"))


@kept
def reader(post: Team) -> User:
    return given.make_worker(of=post, role=Role.FOCAL_POINT, name="Rami Reader")


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Cora Coordinator")


@kept
def desk(post: Team, reader: User, coordinator: User) -> Desk:
    actions.appoint_team(post, DeskDuty.COMPLAINTS, by=coordinator)
    return actions.appoint_team(post, DeskDuty.FEEDBACK, by=coordinator)


@kept
def codes(house: Organisation, worker: User, desk: Desk) -> list[str]:
    return actions.print_slips(house, SlipMoment.HELP, by=worker)


@kept
def stranger(db: None) -> User:
    return given.make_worker(role=Role.SUPERVISOR, name="Sami Stranger")


@kept
def code(house, desk):
    return actions.take_complaint(ComplaintKind.SECRET, WORDS, about=house)


@kept
def complaint(code, reader):
    found = Complaint.objects.get()
    actions.close_complaint(found, ComplaintOutcome.NOT, ANSWER, by=reader)
    return found


@kept
def council(coordinator):
    """Somebody of the team that looks again."""
    team = given.make_team(of=given.make_organisation(name="Council for Rights"))
    member = given.make_worker(of=team, role=Role.FOCAL_POINT, name="Carim Council")
    actions.appoint_team(team, DeskDuty.REVIEWS, by=coordinator)
    return member


@kept
def review(code, complaint, council):
    return actions.request_review(code, WHY)
