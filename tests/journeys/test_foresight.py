"""A coordinator looks ahead: where the mechanism would queue, and what one more person
would change. With scripts and without, in English and in Arabic."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from amana import given
from amana.design.mechanism import actions
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.files import read_folder
from amana.trust.access.models import Role, User
from tests.journeys.conftest import SignsIn, Watch

EXAMPLE = Path(__file__).parents[2] / "mechanisms/example"


@pytest.fixture
def coordinator(transactional_db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Amina Rahmani")


@pytest.fixture
def version(coordinator: User) -> Version:
    return actions.load_draft(read_folder(EXAMPLE), by=coordinator)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_where_it_queues_and_what_one_more_changes(
    version: Version,
    coordinator: User,
    language: str,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    page = sign_in(coordinator, language=language)
    page.goto(f"/mechanism/{version.pk}/", timeout=60_000)
    page.locator(f'a[href="/mechanism/{version.pk}/foresight/"]').click()
    accessible(page)
    picture(page, "foresight-question")

    page.locator('[name="staff-authority"]').fill("4")
    page.locator('#question button[type="submit"]').click()
    page.locator("#answer").wait_for(timeout=60_000)
    assert page.locator("figure.figure-chart").count() == 2
    assert page.locator(".so-far").is_hidden()
    accessible(page)
    picture(page, "foresight-queues")

    page.locator('[name="look"][value="more"]').check()
    page.locator('[name="cases"]').fill("400")
    page.locator('#question button[type="submit"]').click()
    page.locator("#answer").wait_for(timeout=60_000)
    accessible(page)
    picture(page, "foresight-more")


def test_the_answer_comes_without_scripts_too(
    version: Version, coordinator: User, sign_in: SignsIn
) -> None:
    page = sign_in(coordinator, scripts=False)
    page.goto(f"/mechanism/{version.pk}/foresight/")
    page.locator('#question button[type="submit"]').click()

    page.locator("#answer").wait_for(timeout=60_000)
    assert page.locator(".so-far").is_hidden()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_counts_are_written_where_they_are_tried(
    version: Version,
    coordinator: User,
    language: str,
    sign_in: SignsIn,
    watch: Watch,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    """Without ever seeing a file."""
    page = sign_in(coordinator, language=language)
    page.goto(f"/mechanism/{version.pk}/foresight/", timeout=60_000)
    page.locator('a[href$="/change/capacity-people/"]').click()
    page.locator('[name="staff_legal"]').fill("7.5")
    accessible(page)
    picture(page, "counts-people")
    page.locator('main form [type="submit"]').click()
    assert page.locator('[name="staff-legal"]').input_value() == "7.5"

    page.locator('a[href$="/change/capacity-chances/"]').click()
    page.locator('[name="chance_grounds_yes"]').fill("80")
    watch.expect("422")
    page.locator('main form [type="submit"]').click()
    assert "110" in page.locator("main").inner_text()
    accessible(page)
    picture(page, "counts-chances")

    page.goto(f"/mechanism/{version.pk}/change/calendar/")
    accessible(page)
    days = page.locator('[name="holidays_days"]')
    days.fill(days.input_value() + "\n2027-05-02")
    picture(page, "holidays")
    page.locator('main form [type="submit"]').click()
    assert "2027" in page.locator("#calendar").inner_text()
