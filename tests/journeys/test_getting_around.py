"""Navigation and search by keyboard alone, on a phone and on a desk; and without
scripts where they can be."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from amana import given
from amana.trust.access.models import Role
from tests.journeys.conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)
PHONE: ViewportSize = {"width": 360, "height": 740}
MOST_TABS = 60


def focused(page: Page) -> str:
    """The text of the element that has the focus."""
    return str(page.evaluate("document.activeElement.innerText.trim()"))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, and see that it can be seen."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            box = page.evaluate(
                "(({top, bottom}) => [top, innerHeight - bottom])"
                "(document.activeElement.getBoundingClientRect())"
            )
            assert min(box) >= -1, f"{selector} has the focus outside the window"
            return
    raise AssertionError(f"No Tab leads to {selector}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_search_and_more_by_keyboard_on_a_desk(
    sign_in: SignsIn, look: Looks, language: str
) -> None:
    worker = given.make_worker(role=Role.SUPERVISOR)
    case = given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    page = sign_in(worker, language=language)
    page.goto("/today/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "site-search"
    page.keyboard.type("zubaida")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/$"))
    look(page, "search")
    page.keyboard.press("/")
    page.keyboard.type("a/b")  # written, and no shortcut while one writes
    assert page.locator("#site-search").input_value() == "a/b"
    tab_to(page, ".found-list a")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/cases/{case.pk}/"))

    page.goto("/today/")
    tab_to(page, ".site-nav summary")
    page.keyboard.press("Enter")
    tab_to(page, ".site-nav .more a[href='/academy/']")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.site-nav summary')")
    assert not page.locator(".site-nav details").get_attribute("open")
    page.keyboard.press("Enter")
    tab_to(page, ".site-nav .more a[href='/academy/']")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/academy/$"))
    current = page.locator(".site-nav summary[aria-current]")
    expect(current).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_bar_by_keyboard_on_a_phone(
    sign_in: SignsIn, look: Looks, language: str
) -> None:
    worker = given.make_worker()
    page = sign_in(worker, language=language)
    page.set_viewport_size(PHONE)
    page.goto("/today/")
    tab_to(page, ".bar a[href='/cases/meet/']")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/cases/meet/$"))
    expect(page.locator(".bar [aria-current]")).to_have_attribute(
        "href", "/cases/meet/"
    )
    tab_to(page, ".bar summary")
    page.keyboard.press("Enter")
    look.accessible(page)
    tab_to(page, ".bar-sheet a[href='/mechanism/']")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/mechanism/$"))


def test_fingers_hit_the_bar_and_it_covers_nothing(sign_in: SignsIn) -> None:
    worker = given.make_worker()
    page = sign_in(worker)
    page.set_viewport_size(PHONE)
    page.goto("/cases/meet/")
    sizes = page.evaluate(
        "[...document.querySelectorAll('.bar > ul > li > a, .bar summary, "
        ".site-icon')].filter(e => e.checkVisibility())"
        ".map(e => e.getBoundingClientRect()).map(b => Math.min(b.width, b.height))"
    )
    assert len(sizes) == 7
    assert min(sizes) >= 44
    page.keyboard.press("End")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    bottom, bar = page.evaluate(
        "[document.querySelector('main').getBoundingClientRect().bottom,"
        " document.querySelector('.bar').getBoundingClientRect().top]"
    )
    assert bottom <= bar + 1
    sticky = page.locator(".primary-bar")
    if sticky.count():
        box = sticky.first.bounding_box()
        assert box is None or box["y"] + box["height"] <= bar + 1
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()


def test_without_scripts_there_is_more_and_search(sign_in: SignsIn) -> None:
    worker = given.make_worker()
    given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    page = sign_in(worker, scripts=False)
    page.goto("/today/")
    page.locator("#site-search").fill("canary")
    page.locator("#site-search").press("Enter")
    expect(page.locator(".found-list a").first).to_contain_text("Zubaida")
    page.set_viewport_size(PHONE)
    page.locator(".bar summary").click()
    page.locator(".bar-sheet a[href='/academy/']").click()
    expect(page).to_have_url(re.compile(r"/academy/$"))
    assert focused(page) != ""


def test_the_slash_can_be_put_off_on_this_device(sign_in: SignsIn) -> None:
    page = sign_in(given.make_worker())
    page.goto("/search/")
    page.locator("[data-slash-choice] input").uncheck()
    page.goto("/today/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
