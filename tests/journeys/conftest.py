"""Journeys: whole stories in a real Chromium, each person in a browser of their own.

    def test_a_shelter_answers(sign_in, accessible, picture):
        page = sign_in(shelter_worker, language="ar")
        page.get_by_role("button", name="Accept").click()
        accessible(page)
        picture(page, "inbox")

A journey fails when any of its pages logs an error, breaks the content security policy
or asks another server for something. A refusal that belongs to the story is announced
before: `watch.expect("409")`.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
)
from pytest_django.live_server_helper import LiveServer

from amana import given
from amana.trust.access.models import User
from amana.ui import badges
from tools import chromium

# Playwright's own event loop runs in this thread; Django would refuse to use the
# database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tests/vendor/axe-core/axe.js"
PICTURES = ROOT / "docs/manual/images"
TAKES_PICTURES = os.environ.get("AMANA_SCREENSHOTS") == "1"
LANGUAGES = ("en", "ar", "fr") if TAKES_PICTURES else ("en", "ar")
"""French, the longest, is looked at when pictures are taken, not walked each time."""
WIDTHS = {360: 740, 1280: 800}
AXE_RUNS = """
    return axe.run(document, {runOnly: tags, resultTypes: ['violations']});
}"""
TALLEST = 12_000
"""Pixels of a window: a page that is longer is looked at as far as that."""
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        # a moving pattern and a beep, for calls between browsers
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
    ]
    # Chromium's sandbox does not start as root, as in a container.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return browser_type_launch_args | {
        "executable_path": chromium.find(),
        "args": quiet + sandbox,
    }


@dataclass
class Watch:
    """What went wrong in the pages of one journey."""

    home: str
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, text: str) -> None:
        """An error with this text belongs to the story."""
        self.expected.append(text)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self.heard)
        context.on("weberror", lambda error: self.note(str(error.error)))
        context.on("request", self.asked)

    def heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.note(f"{message.text} ({message.location['url']})")

    def asked(self, request: Request) -> None:
        to = urlsplit(request.url)
        if to.scheme not in ("data", "blob", "about") and to.netloc != self.home:
            self.note(f"a request to {to.netloc}")

    def note(self, problem: str) -> None:
        if not any(text in problem for text in self.expected):
            self.problems.append(problem)


@pytest.fixture
def address(live_server: LiveServer) -> str:
    """Where the pages are served. A journey that serves them itself says another."""
    return live_server.url


@pytest.fixture
def watch(address: str) -> Iterator[Watch]:
    watch = Watch(home=urlsplit(address).netloc)
    yield watch
    assert watch.problems == []


class Opens(Protocol):
    def __call__(self, *, language: str = "en", scripts: bool = True) -> Page: ...


class SignsIn(Protocol):
    def __call__(
        self, user: User, *, language: str = "en", scripts: bool = True
    ) -> Page: ...


@pytest.fixture
def visit(
    browser: Browser,
    browser_context_args: dict[str, Any],
    address: str,
    watch: Watch,
) -> Iterator[Opens]:
    """A browser of someone unknown; `scripts=False` is without JavaScript."""
    contexts: list[BrowserContext] = []

    def open_(*, language: str = "en", scripts: bool = True) -> Page:
        wide = max(WIDTHS)
        context = browser.new_context(
            **browser_context_args
            | {
                "base_url": address,
                "locale": language,
                "java_script_enabled": scripts,
                "reduced_motion": "reduce",
                "viewport": {"width": wide, "height": WIDTHS[wide]},
            }
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        watch.over(context)
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(visit: Opens, address: str) -> SignsIn:
    """A browser in which `user` has passed both factors and is unlocked."""

    def sign_in(user: User, *, language: str = "en", scripts: bool = True) -> Page:
        page = visit(language=language, scripts=scripts)
        cookies = given.sign_in(user).cookies
        page.context.add_cookies(
            [
                {"name": name, "value": cookie.value, "url": address}
                for name, cookie in cookies.items()
            ]
        )
        return page

    return sign_in


def asked(page: Page, script: str, arg: Any = None) -> Any:
    """What a script says of the page, once all of it is there.

    A page that was left for the next one meanwhile has nothing to say: the one that
    came instead is asked.
    """
    for _ in range(2):
        page.wait_for_load_state()
        with suppress(Error):
            return page.evaluate(script, arg)
    page.wait_for_load_state()
    return page.evaluate(script, arg)


def tall(page: Page) -> int:
    """The height of a window that shows all of the page."""
    whole = "() => Math.max(innerHeight, document.documentElement.scrollHeight)"
    return min(int(asked(page, whole)), TALLEST)


def violations(page: Page) -> list[str]:
    """What axe finds, one line each: the rule and where.

    In a window as tall as the page: what lies under a bar only until one scrolls is not
    too small a target.
    """
    size = page.viewport_size
    if size:
        page.set_viewport_size({"width": size["width"], "height": tall(page)})
    found = asked(page, "async tags => {" + AXE.read_text() + AXE_RUNS, STANDARDS)
    if size:
        page.set_viewport_size(size)
    return [
        f"{page.title()}: {rule['help']} ({rule['id']}): {node['target']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], None]:
    """Fail when axe finds anything on the page as it stands."""

    def accessible(page: Page) -> None:
        assert violations(page) == []

    return accessible


@pytest.fixture(scope="session")
def picture() -> Callable[..., None]:
    """See that the page fits a phone and a desk; with AMANA_SCREENSHOTS=1, keep it:
    the whole page, or what one sees of it at first."""

    def picture(page: Page, name: str, *, whole: bool = True) -> None:
        language = page.locator("html").get_attribute("lang") or "en"
        suffix = "" if language == "en" else f"-{language}"
        size = page.viewport_size
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert overflow(page) == [], f"{name} is wider than {width} pixels"
            if TAKES_PICTURES:
                PICTURES.mkdir(parents=True, exist_ok=True)
                to = PICTURES / f"{name}{suffix}-{width}.png"
                if whole:  # as tall as the page, or a bar would lie over its middle
                    page.set_viewport_size({"width": width, "height": tall(page)})
                page.screenshot(path=to, full_page=whole, animations="disabled")
                Image.open(to).quantize(64).save(to, optimize=True)
        if size:
            page.set_viewport_size(size)

    return picture


@dataclass
class Looks:
    """Each page is seen wide and narrow, and by axe, itself a script."""

    accessible: Callable[[Page], None]
    picture: Callable[[Page, str], None]
    by_axe: bool = True

    def __call__(self, page: Page, name: str, *, scripts: bool = True) -> None:
        self.picture(page, name)
        if scripts and self.by_axe:
            self.accessible(page)


@pytest.fixture
def look(
    accessible: Callable[[Page], None], picture: Callable[[Page, str], None]
) -> Looks:
    return Looks(accessible, picture)


@pytest.fixture
def turns(live_server: LiveServer) -> Iterator[Lock]:
    """All threads share the one connection to a database in memory. Browsers that ask
    by themselves would meet in the middle of a transaction: they take turns."""
    lock, server = Lock(), live_server.thread.httpd
    pages, over = server.get_app(), Event()
    assert pages is not None

    def in_turn(environ: Any, start: Any) -> Any:
        with lock:
            if not over.is_set():
                return pages(environ, start)
        start("503 Service Unavailable", [])
        return []

    server.set_app(in_turn)
    yield lock
    with lock:  # whoever still waits is not let in: the database is emptied now
        over.set()
    server.set_app(pages)


@pytest.fixture(autouse=True)
def _asks_nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open pages do not follow the live numbers: see `turns`. `live` puts them on."""
    monkeypatch.setattr(badges, "LIVE", False)


@pytest.fixture
def live(
    turns: Lock, _asks_nothing_by_itself: None, monkeypatch: pytest.MonkeyPatch
) -> Lock:
    """Open pages follow the live numbers. What the test itself does beside them stands
    under this lock."""
    monkeypatch.setattr(badges, "LIVE", True)
    return turns


def overflow(page: Page) -> list[str]:
    """Elements by which the page is wider than the window, innermost last."""
    found: list[str] = asked(
        page,
        """() => {
          const wide = document.documentElement;
          if (wide.scrollWidth <= wide.clientWidth) return [];
          const out = box => box.right > wide.clientWidth + 1 || box.left < -1;
          return [...document.body.querySelectorAll('*')]
            .filter(element => out(element.getBoundingClientRect()))
            .map(element => element.tagName.toLowerCase() + '.' + element.className)
            .slice(0, 5).concat('scrollWidth ' + wide.scrollWidth);
        }""",
    )
    return found
