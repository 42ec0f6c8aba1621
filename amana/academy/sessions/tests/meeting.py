"""A cohort that meets, with a plan that has every kind of step."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from amana import given
from amana.academy.cohorts import actions as cohorts
from amana.academy.cohorts.actions import CohortPlan
from amana.academy.cohorts.models import Cohort
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import COURSE, small_course
from amana.academy.courses.tests.kits import KIT
from amana.academy.sessions import actions
from amana.academy.sessions.models import Session
from amana.trust.access.models import Role, User

LIVE = """\
title: {en: Asking in pairs, ar: السؤال مثنى مثنى}
minutes: 60
steps:
  - {minutes: 10, title: Why we ask, kind: present, task: Listen., low_bandwidth: Read}
  - {minutes: 5, title: Where we stand, kind: poll, task: Poll., low_bandwidth: Write}
  - {minutes: 30, title: Pairs, kind: breakout, task: Ask., low_bandwidth: By phone}
  - {minutes: 10, title: Together, kind: discussion, task: Tell., low_bandwidth: Thread}
  - {minutes: 5, title: Leaving, kind: exit, task: Poll., low_bandwidth: Send it.}
questions:
  - {text: How sure are you?, options: [not at all, a little, very]}
  - {text: What is least clear?, options: [the words, the law]}
"""


def a_cohort(
    trainer: User, *, capacity: int = 40, more: Mapping[str, str] | None = None
) -> Cohort:
    """With more files, its course has these as well."""
    coordinator = given.make_worker(role=Role.COORDINATOR)
    given.join_team(trainer, given.make_team(), role=Role.TRAINER)
    course = small_course(**{"modules/1-consent/live.yaml": LIVE, **(more or {})})
    version = courses.publish_version(course, by=coordinator)
    today = timezone.localdate()
    plan = CohortPlan(
        name="Spring",
        starts_on=today,
        ends_on=today + timedelta(days=30),
        open_until=today,
        capacity=capacity,
        facilitators=[trainer],
    )
    return cohorts.open_cohort(version, plan, by=coordinator)


def a_cohort_with_a_kit(trainer: User) -> Cohort:
    """Its course is in three languages, and so is the kit of its session."""
    course = COURSE.replace("languages: [en, fr]", "languages: [en, fr, ar]")
    return a_cohort(trainer, more={**KIT, "course.yaml": course})


def a_session(cohort: Cohort, *, by: User, **said: object) -> Session:
    """It has just begun."""
    starts = timezone.now().replace(microsecond=0) - timedelta(minutes=1)
    usual = {"starts_at": starts, "ends_at": starts + timedelta(minutes=60)}
    return actions.plan(cohort, "m1", by=by, **usual | said)  # type: ignore[arg-type]


def a_learner(cohort: Cohort, **said: object) -> User:
    """Somebody with a place in it."""
    person = given.make_worker(**said)  # type: ignore[arg-type]
    trainer = cohort.facilitators.get()
    cohorts.accept_place(cohorts.invite_person(cohort, person, by=trainer), by=person)
    return person
