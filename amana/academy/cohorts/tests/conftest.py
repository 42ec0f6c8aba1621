"""The cast: who keeps the academy, who learns, and somebody who may see nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from time_machine import travel

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.actions import ApplicantDetails, CohortPlan
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.states import ApplicationStatus
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Version
from amana.academy.courses.tests.courses import small_course
from amana.trust.access.models import Role, User
from tests.worlds import kept

VISITOR = ApplicantDetails(
    name="Rosa Visitor", contact="rosa@example.org", message="When?"
)


def a_plan(**said: Any) -> CohortPlan:
    today = timezone.localdate()
    usual: dict[str, Any] = {
        "name": "Spring",
        "starts_on": today + timedelta(days=20),
        "ends_on": today + timedelta(days=60),
        "open_until": today + timedelta(days=15),
        "capacity": 2,
    }
    return CohortPlan(**usual | said)


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Nadia Coordinator")


@kept
def trainer(db: None) -> User:
    return given.make_worker(role=Role.TRAINER, name="Tariq Trainer")


@kept
def other_trainer(db: None) -> User:
    """Keeps the academy too, and leads none of the cohorts."""
    return given.make_worker(role=Role.TRAINER)


@kept
def learner(db: None) -> User:
    return given.make_worker(name="Amina Learner")


@kept
def stranger(db: None) -> User:
    return given.make_worker(name="Sami Stranger")


@kept
def version(coordinator: User) -> Version:
    return courses.publish_version(small_course(), by=coordinator)


@kept
def cohort(version: Version, trainer: User, coordinator: User) -> Cohort:
    plan = a_plan(facilitators=[trainer])
    return actions.open_cohort(version, plan, by=coordinator)


@kept
def question(version: Version) -> Application:
    return actions.ask_academy(VISITOR, course=version.course, by=None)


@kept
def application(cohort: Cohort, learner: User) -> Application:
    return actions.apply_for_cohort(
        cohort, ApplicantDetails(message="Yes, please"), by=learner
    )


@kept
def offered(application: Application, trainer: User) -> Application:
    actions.offer_place(application, by=trainer)
    return application


@pytest.fixture
def fill_up(cohort: Cohort, trainer: User) -> Callable[[int], list[Application]]:
    """Others who are offered places, until so many are left."""

    def fill_up(left: int = 0) -> list[Application]:
        seated = []
        while cohort.free_places() > left:
            one = actions.apply_for_cohort(
                cohort, ApplicantDetails(), by=given.make_worker()
            )
            actions.offer_place(one, by=trainer)
            seated.append(one)
        return seated

    return fill_up


def status_of(application: Application) -> ApplicationStatus:
    return Application.objects.get(pk=application.pk).state


def days(count: int):
    return travel(timezone.now() + timedelta(days=count), tick=False)
