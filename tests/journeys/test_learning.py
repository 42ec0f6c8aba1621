"""Somebody learns a module: reads, practises, fails the test by one critical mistake,
passes it; with the keyboard and without a script, in English and in Arabic."""

from collections.abc import Callable

import pytest
from django.db.models import F
from playwright.sync_api import Page

from amana import given
from amana.academy.courses import actions
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Attempt, Version
from amana.academy.courses.retakes import BETWEEN
from amana.academy.courses.tests.courses import small_course
from amana.academy.courses.tests.test_actions import (
    all_but_a_critical_one_right,
    all_right,
    map_to_page,
)
from amana.trust.access.models import Role, User
from tests.journeys.conftest import SignsIn

HOME = "/academy/small/"


@pytest.fixture
def version(transactional_db: None) -> Version:
    coordinator = given.make_worker(role=Role.COORDINATOR, name="Amina Rahmani")
    return actions.publish_version(small_course(), by=coordinator)


@pytest.fixture
def learner(transactional_db: None) -> User:
    return given.make_worker(name="Grace Achieng")


def go_on(page: Page) -> None:
    """By the one primary button of the page, reached with the keyboard."""
    page.locator('.primary-bar [data-kind="primary"]').focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def send(page: Page, within: str) -> None:
    with page.expect_navigation():
        page.locator(f"{within} button[type=submit]").click()


def fill(page: Page, answers: dict[str, Given]) -> None:
    for name, chosen in answers.items():
        if isinstance(chosen, str):
            page.locator(f'[name="{name}-number"]').fill(chosen)
            continue
        for at, value in enumerate(chosen):
            group = {"m1-q04": "place", "m1-q05": "pair"}.get(name)
            if group:
                field = page.locator(f'[name="{name}-{group}_{at}"]')
                field.select_option(str(value))
            else:
                page.locator(f'[name="{name}-choice"][value="{value}"]').check()


@pytest.mark.parametrize(
    ("language", "scripts"),
    [
        ("en", True),
        ("ar", True),
        pytest.param("fr", False, marks=pytest.mark.smoke),
    ],
)
def test_a_module_from_its_first_lesson_to_a_passed_test(
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

    page = sign_in(learner, language=language, scripts=scripts)
    page.goto("/academy/")
    look("courses")
    page.locator(f'main a[href="{HOME}"]').click()
    look("before-beginning")

    go_on(page)
    look("lesson")
    page.locator('#m1-q01 [value="1"]').check()
    send(page, "#m1-q01")
    assert page.url.endswith("#m1-q01")
    assert page.locator("#m1-q01 .feedback").is_visible()
    look("feedback")
    go_on(page)
    go_on(page)

    assert page.url.endswith("/m1/test")
    look("test")
    go_on(page)
    first = Attempt.objects.get()
    look("questions")
    answers, _critical = all_but_a_critical_one_right(first)
    fill(page, map_to_page(first, answers))
    send(page, "main form")
    enrolment = learner.enrolments.get()
    assert not load_progress(enrolment).modules[0].passed
    look("not-passed")

    go_on(page)
    look("not-yet")
    assert page.locator('main [data-kind="primary"]').count() == 0
    # A day later: the browser's session would have ended with its clock.
    a_day_ago = F("submitted_at") - BETWEEN
    Attempt.objects.filter(pk=first.pk).update(submitted_at=a_day_ago)
    page.reload()
    go_on(page)
    second = Attempt.objects.open().get()
    fill(page, map_to_page(second, all_right(second)))
    send(page, "main form")
    assert load_progress(enrolment).modules[0].done
    look("passed")

    page.goto(f"{HOME}progress")
    look("progress")
    page.goto(f"{HOME}m1/")
    look("module")
    page.goto(f"{HOME}m1/assignment")
    look("assignment")
    page.goto(HOME)
    assert page.locator('main [data-kind="primary"]').count() == 1
    look("course")
