"""A cohort that sits down together: a trainer who leads it, five who play a party and
one who mediates."""

from django.conf import settings

from amana import given
from amana.academy.cohorts import actions as cohorts
from amana.academy.cohorts.models import Cohort
from amana.academy.cohorts.tests.conftest import a_plan
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.practice.labs import actions
from amana.academy.practice.labs.models import Clinic, Lab
from amana.trust.access.models import Role, User
from tests.worlds import kept

TABLE = settings.ROOT / "courses/referral-mechanism/labs/old-harbour.yaml"
PARTIES = ("coordination", "police", "hospital", "shelter", "legal")
AGREED = {
    "answer": "hours12",
    "told": "hours4",
    "police": "name",
    "night": "shelter",
    "after": "days3",
}


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


@kept
def trainer(db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.TRAINER))


@kept
def stranger(db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.SUPERVISOR))


@kept
def cohort(coordinator: User, trainer: User) -> Cohort:
    files = small_course() | {"labs/old-harbour.yaml": TABLE.read_bytes()}
    version = courses.publish_version(files, by=coordinator)
    plan = a_plan(facilitators=[trainer], capacity=9)
    return cohorts.open_cohort(version, plan, by=coordinator)


@kept
def learners(cohort: Cohort, trainer: User) -> list[User]:
    return [join(cohort, trainer) for _party in PARTIES]


@kept
def mediator(cohort: Cohort, trainer: User) -> User:
    return join(cohort, trainer)


@kept
def watcher(cohort: Cohort, trainer: User) -> User:
    """Who is in the cohort, and has no seat at the table."""
    return join(cohort, trainer)


def join(cohort: Cohort, trainer: User) -> User:
    learner = given.unlock_user(given.make_worker())
    place = cohorts.invite_person(cohort, learner, by=trainer)
    cohorts.accept_place(place, by=learner)
    return learner


@kept
def lab(cohort: Cohort, trainer: User) -> Lab:
    return actions.open_lab(cohort, "old-harbour", by=trainer)


@kept
def seated(lab: Lab, learners: list[User], mediator: User) -> dict[str, User]:
    """Who plays which party; the mediator is not among them."""
    found = dict(zip(PARTIES, learners, strict=True))
    for party, player in found.items():
        actions.take_seat(lab, party, by=player)
    actions.take_seat(lab, "mediator", by=mediator)
    return found


@kept
def clinic(cohort: Cohort, learners: list[User]) -> Clinic:
    return actions.bring_case(
        cohort, "A young person.", asks="What now?", by=learners[0]
    )
