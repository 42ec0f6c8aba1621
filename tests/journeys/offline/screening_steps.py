"""Steps of a screening on a phone without a network."""

import time

from playwright.sync_api import Page, expect

from amana import given
from amana.trust.access.models import Role, Sphere, User
from tests.journeys.conftest import AXE

from .phones import CANARY, rows

TYPED = {
    "language": f"{CANARY} Tigrinya",
    "reach": f"{CANARY}: at the mosque, after the evening prayer",
}
CHOSEN = {
    "private": "yes",
    "urgent": "none",
    "age_group": "adult",
    "controlled": "yes",
    "papers_held": "yes",
    "forced": "yes",
    "pay_debt": "yes",
    "threatened": "unsure",
    "fear_return": "yes",
    "wishes_help": "yes",
}


def an_officer() -> User:
    border = given.make_organisation(sphere=Sphere.BORDER, name="Border Guard North")
    post = given.make_team(of=border, name="Post at the bridge")
    return given.make_worker(of=post, role=Role.SCREENER)


ASKS_TO_UNLOCK = "fetch('/cases/meet/kit/').then(answer => answer.redirected)"
"""Also of somebody who is signed out."""


def expect_rows(page: Page, *kinds: str) -> None:
    """At last: it is written when somebody has stopped typing."""
    found: list[str] = []
    for _once in range(60):
        found = [name[0] for name in rows(page)]
        if found == [*kinds]:
            return
        time.sleep(0.05)
    assert found == [*kinds]


def expect_sealed(page: Page) -> None:
    expect_rows(page, "u")
    time.sleep(0.6)  # and once more, after the last answer


def make_ready(page: Page) -> None:
    page.goto("/cases/meet/ready/")
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.locator("#passphrase").fill(given.PASSPHRASE)
    page.locator("main form button").click()
    expect(page.locator('[data-say="ready"]')).to_be_visible(timeout=30_000)


def unlock_kept(page: Page, passphrase: str = given.PASSPHRASE) -> None:
    expect(page.locator("[data-opening]")).to_be_visible()
    page.locator("#m_passphrase").fill(passphrase)
    page.locator("[data-opening] button").click()


def choose(page: Page, user: User, entry: str) -> None:
    """In the menu under one's name; on a phone that lies in another."""
    page.locator(".user-menu summary").click()
    page.locator(".user-menu").get_by_role("button", name=entry).click()


def accessible(page: Page) -> None:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [rule["help"] for rule in found["violations"]] == []


def is_drawn(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-sheet", "ready")
    page.wait_for_load_state("networkidle")


def open_quick_screening(page: Page) -> None:
    page.goto("/screening/")
    accessible(page)
    page.locator('a[href*="/quick-screening/"]').first.click()
    is_drawn(page)


def open_kept_screening(page: Page) -> None:
    """As somebody does who has no network: from the first page of Meet."""
    page.goto("/cases/meet/")
    page.locator('a[data-kept][href*="/quick-screening/"]').click()
    is_drawn(page)


def answer(page: Page, *, steps: int = 10) -> None:
    """Step by step, as people do, until nothing is left but to finish."""
    finish = page.locator('.actions button[value="finish"]')
    for _step in range(steps):
        for name, value in CHOSEN.items():
            choice = page.locator(f'input[name="{name}"][value="{value}"]')
            if choice.is_visible():
                choice.check()
        for name, text in TYPED.items():
            line = page.locator(f"#q-{name}")
            if line.is_visible():
                line.fill(text)
        if finish.is_visible():
            return
        page.locator('.actions button[value="next"]').click()
    assert steps < 10, "The last step never came."


def finish(page: Page) -> None:
    page.locator('.actions button[value="finish"]').click()
