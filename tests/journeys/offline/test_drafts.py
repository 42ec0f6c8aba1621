"""On a phone without a network: what is unfinished is kept sealed, and goes on
(P11)."""

import time
from threading import Lock

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from amana import given
from amana.care.cases.models import Assignment
from amana.care.screening.models import Screening
from amana.trust.access.models import User
from tests.journeys.conftest import Watch

from .phones import TakesPhone, found_in, state
from .screening_steps import (
    ASKS_TO_UNLOCK,
    TYPED,
    accessible,
    an_officer,
    answer,
    choose,
    expect_rows,
    expect_sealed,
    finish,
    is_drawn,
    make_ready,
    open_quick_screening,
    unlock_kept,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> User:
    return an_officer()


@pytest.mark.parametrize("how", ["lock", "sign out", "leave"])
def test_what_is_unfinished_opens_by_the_passphrase_alone(
    mechanism: None, officer: User, phone_of: TakesPhone, watch: Watch, how: str
) -> None:
    phone = phone_of(officer)
    page = phone.page
    make_ready(page)
    open_quick_screening(page)
    form = page.url
    answer(page)
    expect_sealed(page)
    page.context.route("https://**", lambda route: route.fulfill(body="the weather"))
    watch.expect("a request to ")  # where those go who leave in a hurry
    if how == "lock":
        choose(page, officer, "Lock")
        page.wait_for_url("**/keys/unlock**")
    elif how == "sign out":
        choose(page, officer, "Sign out")
        page.wait_for_url(lambda url: "/screening/" not in url)
    else:
        page.locator("[data-quick-exit]").first.click()
        page.wait_for_url("https://**")
    page.goto(phone.home)
    assert page.evaluate(ASKS_TO_UNLOCK)
    assert found_in(phone.dump()) == []
    page.goto(form)
    assert TYPED["reach"] not in page.content()

    phone.sign_in(officer)
    page.goto(form)
    is_drawn(page)
    assert page.locator("#q-reach").input_value() == ""
    unlock_kept(page, "not this one")
    state(page, "wrong")
    assert page.locator("#q-reach").input_value() == ""
    unlock_kept(page)
    state(page, "back")
    assert page.locator("#q-reach").input_value() == TYPED["reach"]


LAST = 'input[name="wishes_help"]'


def change(page: Page, to: str) -> None:
    """One answer, on the step before the last."""
    if not page.locator(LAST).first.is_visible():
        page.locator('.actions button[value="back"]').click()
    page.locator(f'{LAST}[value="{to}"]').check()


def test_a_draft_in_two_tabs_is_kept_twice(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    phone = phone_of(officer)
    first = phone.page
    make_ready(first)
    open_quick_screening(first)
    answer(first)
    expect_sealed(first)
    second = phone.context.new_page()
    open_quick_screening(second)
    unlock_kept(second)
    state(second, "back")

    change(first, "yes")
    expect_rows(first, "u")
    time.sleep(0.6)
    change(second, "no")
    state(second, "another")
    expect_rows(second, "u", "u")

    third = phone.context.new_page()
    open_quick_screening(third)
    unlock_kept(third)
    kept = third.locator("[data-kept] button")
    expect(kept).to_have_count(2)
    said = set()
    for number in range(2):
        third.reload()
        is_drawn(third)
        unlock_kept(third)
        kept.nth(number).click()
        said.add(third.locator(f"{LAST}:checked").input_value())
    assert said == {"yes", "no"}


def test_a_draft_of_an_older_form_opens_and_says_what_has_no_place(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    phone = phone_of(officer)
    page = phone.page
    make_ready(page)
    open_quick_screening(page)
    page.evaluate(
        """async () => {
          const { Opener, Shelf, fresh } = await import('/static/vault/sealing.js');
          const plan = document.getElementById('form-plan').textContent;
          const { drafts } = JSON.parse(plan);
          const shelf = await Shelf.open();
          const opener = await Opener.of(shelf, drafts.whose);
          const draft = { id: crypto.randomUUID(), time: fresh() };
          const fields = [['private', 'yes'], ['age_group', 'elder'], ['x', 'so']];
          const content = { ...drafts.about, version: 0, to: drafts.to, fields };
          await opener.keep(draft, content);
        }"""
    )
    page.reload()
    is_drawn(page)
    unlock_kept(page)

    state(page, "changed")
    told = page.locator('[data-drafts="changed"]')
    expect(told).to_contain_text("age_group: elder")
    expect(told).to_contain_text("x: so")
    expect(told).not_to_contain_text("private")
    assert page.locator('[name="private"][value="yes"]').is_checked()
    accessible(page)


def test_what_the_server_refuses_is_unfinished_again(
    mechanism: None, officer: User, phone_of: TakesPhone, turns: Lock
) -> None:
    with turns:
        case = given.make_case(worked_on_by=officer)
    phone = phone_of(officer)
    page = phone.page
    make_ready(page)
    page.goto(f"/cases/{case.pk}/")
    address = page.locator('a[href*="/quick-screening/"]').first
    page.goto(str(address.get_attribute("href")))
    is_drawn(page)
    answer(page)
    with turns:
        Assignment.objects.update(ended_at=timezone.now())

    finish(page)

    state(page, "refused")
    expect(page.locator("[data-drafts]")).to_contain_text("no longer work on the case")
    expect(page.locator("form[data-sheet]")).to_be_visible()
    expect_rows(page, "u")
    assert not Screening.objects.exists()


def test_a_screen_left_alone_without_a_network_is_covered_and_comes_back(
    mechanism: None, officer: User, phone_of: TakesPhone, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    phone = phone_of(officer)
    page = phone.page
    page.clock.install()
    open_quick_screening(page)
    answer(page)
    page.clock.fast_forward(1_000)

    phone.context.set_offline(True)
    page.clock.fast_forward("10:01")
    expect(page.locator("dialog")).to_contain_text("You are offline")
    expect(page.locator("main")).to_be_hidden()

    phone.context.set_offline(False)
    page.clock.fast_forward("00:06")
    page.locator("dialog input[type=password]").fill(given.PASSPHRASE)
    page.click("dialog button")
    expect(page.locator("main")).to_be_visible()
    assert page.locator("#q-reach").input_value() == TYPED["reach"]
