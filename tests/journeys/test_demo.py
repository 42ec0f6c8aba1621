"""The first of the README's two commands, as newcomers give it: in an empty folder.

What it built is then looked at: the pages that people use most, each as somebody at
work sees it, wide and narrow, are the manual's pictures (docs/manual/pages.md)."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]


def a_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(port: int, *, seconds: int = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as visitor:
            if visitor.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("The demo says that it serves, and nobody answers.")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo that says it serves; the line before tells how it got there."""
    port, folder = a_free_port(), tmp_path_factory.mktemp("demo")
    environment = os.environ | {"AMANA_DEMO": "1", "AMANA_VAR": str(folder)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as running:
        try:
            said = until_it_serves(running)
            wait_for(port)
            yield f"http://localhost:{port}/demo/", said
        finally:  # it serves for ever, and leaving waits for its end
            running.terminate()


def until_it_serves(running: "subprocess.Popen[str]") -> str:
    """What it said on the way."""
    assert running.stdout
    said = []
    for line in running.stdout:
        said.append(line)
        if line.startswith("Serving on"):
            return "".join(said)
    pytest.fail("".join(said))


def test_the_demo_builds_itself_in_an_empty_folder_and_lets_anyone_in(
    demo, page: Page
) -> None:
    address, said = demo
    assert "Sign in as" in said
    for name in ("Karim Bensalah", "Salma Haddou"):
        page.goto(address)
        page.get_by_role("button", name=name).first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page).not_to_have_url(address)


@dataclass(frozen=True)
class Most:
    """One of the pages that are used most: who is there, and how they come to it."""

    name: str
    who: str
    """Empty: anybody, without signing in."""
    at: str
    links: tuple[str, ...] = ()
    """What is pressed on the way, the first of each."""
    said: str = ""
    """What is written into the search field."""


FIRST_REFERRAL = 'main a[href^="/referrals/0"]'
CHOOSE = 'main a[href*="/choose/"]'
USED_MOST = (
    Most("front", "", "/"),
    Most("release", "", "/published/", ('main a[href^="/published/"]',)),
    Most("tasks", "Leila Mansouri", "/today/"),
    Most("notifications", "Leila Mansouri", "/notifications/"),
    Most("search", "Leila Mansouri", "/search/", said="house"),
    Most("cases", "Leila Mansouri", "/cases/"),
    Most("case-page", "Leila Mansouri", "/cases/", ('main a[href^="/cases/0"]',)),
    Most("services", "Leila Mansouri", "/directory/"),
    Most("service", "Leila Mansouri", "/directory/1/"),
    Most("map", "Leila Mansouri", "/directory/map/"),
    Most("meet", "Karim Bensalah", "/cases/meet/"),
    Most("details", "Karim Bensalah", "/cases/meet/intake/"),
    Most("referrals-sent", "Karim Bensalah", "/referrals/sent/"),
    Most("received", "Grace Achieng", "/referrals/received/"),
    Most("decide", "Grace Achieng", "/referrals/received/", (FIRST_REFERRAL,)),
    Most("places", "Grace Achieng", "/directory/places/"),
    Most("choose", "Carlos Mendes", "/today/", (CHOOSE,)),
    Most("mechanism-now", "Salma Haddou", "/mechanism/"),
    Most("overview", "Chiara Vella", "/pathways/overview/"),
    Most("figures", "Chiara Vella", "/figures/"),
)


@pytest.mark.parametrize("who", dict.fromkeys(most.who for most in USED_MOST))
def test_the_twenty_pages_that_are_used_most_fit_a_phone_and_a_desk(
    who: str, demo, page: Page, picture: Callable[..., None]
) -> None:
    address, _said = demo
    if who:
        page.goto(address)
        page.get_by_role("button", name=who).first.click()
    for most in USED_MOST:
        if most.who == who:
            page.goto(address.removesuffix("/demo/") + most.at)
            for link in most.links:
                page.locator(link).first.click()
            if most.said:
                page.locator("main input[name=q]").fill(most.said)
                page.locator("main input[name=q]").press("Enter")
                page.locator("#found a").first.wait_for()
            page.wait_for_load_state()
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            if most.name == "map":
                page.locator(".map-mark a").first.wait_for()
            picture(page, f"most-{most.name}", whole=False)
