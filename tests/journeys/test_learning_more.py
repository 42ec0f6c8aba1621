"""Where to begin by sector, what was missed coming back, words, plans, toolkits: what a
learner finds around the lessons, in English and in Arabic."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.courses import actions
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Event, Version
from amana.academy.courses.tests.courses import PLACEMENT, small_course
from amana.trust.access.models import Role, User
from tests.journeys.conftest import SignsIn
from tests.journeys.test_learning import send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def version(transactional_db: None) -> Version:
    coordinator = given.make_worker(role=Role.COORDINATOR, name="Amina Rahmani")
    files = small_course(**{"placement.yaml": PLACEMENT})
    return actions.publish_version(files, by=coordinator)


@pytest.fixture
def learner(version: Version) -> User:
    """Missed two answers on the day before."""
    learner = given.make_worker(name="Grace Achieng")
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        enrolment = actions.begin_course(version, by=learner)
        for question, answer in (("m1-q01", [1]), ("m1-q03", [2])):
            actions.record_answer(enrolment, question, answer, by=learner, id=uuid4())
    return learner


@pytest.mark.parametrize(
    ("language", "scripts"), [("en", True), ("ar", True), ("fr", False)]
)
def test_what_is_found_around_the_lessons(
    version: Version,
    learner: User,
    language: str,
    scripts: bool,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    def look(name: str) -> None:
        if scripts:
            accessible(page)
        picture(page, f"academy-{name}")

    enrolment = learner.enrolments.get()
    page = sign_in(learner, language=language, scripts=scripts)

    # Where to begin: the law is known, the learner counts it.
    page.goto("/academy/small/")
    look("course-begun")
    page.locator('main a[href="/academy/where-to-begin/small/"]').click()
    look("where-to-begin")
    page.locator('main a[href$="/health/"]').click()
    look("where-to-begin-questions")
    page.locator('[name="pl-q1-choice"][value="0"]').check()
    page.locator('[name="m2-q01-choice"][value="0"]').check()
    send(page, "main form")
    look("where-to-begin-result")
    page.locator("main input[type=checkbox]").check()
    send(page, "main form")
    assert load_progress(enrolment).steps_done == 1
    page.goto("/academy/small/m1/")
    look("module-first")

    # Review: one at a time, two today.
    page.goto("/academy/")
    page.locator('main a[href="/academy/review/"]').click()
    look("review")
    page.locator('[name="m1-q01-choice"][value="0"]').check()
    send(page, "main form")
    assert page.locator("[name=rating]").count() == 4
    look("review-answered")
    with page.expect_navigation():
        page.locator('[name=rating][value="3"]').click()
    page.locator('[name="m1-q03-choice"][value="2"]').check()
    send(page, "main form")
    assert page.locator("[name=rating]").count() == 1
    with page.expect_navigation():
        page.locator("[name=rating]").click()
    expect(page.locator("main .empty-state")).to_be_visible()
    look("review-done")
    ratings = Event.objects.filter(verb="reviewed").in_order()
    assert [rating.result["rating"] for rating in ratings] == [3, 1]

    # To look up, and to take home.
    page.goto("/academy/small/glossary")
    look("glossary")
    page.goto("/academy/small/m1/live")
    look("live-plan")
    page.goto("/academy/toolkits/small/")
    look("toolkits")
