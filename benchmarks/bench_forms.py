"""The longest screening that ships: what its page weighs, and when it is seen.

On the wire, from a server in this process to Chromium slowed to a sixth (as a cheap
phone is), from the request until something is seen, and until answers have an effect.

The peers' figures are those measured with a form of 44 questions on 2 cores, in the
same Chromium at the same speed.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from django.conf import settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright

from amana import given
from amana.design.forms.engine.filling import fill_form
from amana.design.mechanism import actions as mechanisms
from amana.trust.access.models import Role
from amana.wsgi import application
from benchmarks.bench import RESULTS, Result, bench
from tools import chromium

SLOWER = 6
TIMES = 7
MOST_BYTES = 30_000
FIRST_MS, READY_MS = 2_000, 3_500
PEERS = "ODK Web Forms 11,500 ms, 1,220 kB; enketo-core 4,500 ms, 266 kB"
LONGEST = "trafficking"


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing between the figures."""


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.daemon_threads = True
    server.set_app(application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def seen(url: str, address: str, cookies: dict[str, str]) -> tuple[float, float, int]:
    """Milliseconds until it is first seen, and until it answers; bytes of the page."""
    path = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        found = [open_once(browser, url, address, cookies) for _ in range(TIMES)]
        browser.close()
    first, ready, weights = zip(*found, strict=True)
    return median(first), median(ready), max(weights)


def open_once(
    browser: Browser, url: str, address: str, cookies: dict[str, str]
) -> tuple[float, float, int]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_cookies(
        [{"name": n, "value": v, "url": url} for n, v in cookies.items()]
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url + address)
    page.locator("html[data-sheet=ready]").wait_for()
    first, ready, weight = page.evaluate(
        """() => {
          const [paint] = performance.getEntriesByName("first-contentful-paint");
          const [page] = performance.getEntriesByType("navigation");
          return [paint.startTime, performance.now(), page.encodedBodySize];
        }"""
    )
    context.close()
    return first, ready, weight


def measure() -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    pack = settings.ROOT / "mechanisms/example"
    version = mechanisms.adopt_shipped(pack, by=coordinator)
    form = version.pack.forms[version.pack.instruments[LONGEST].form]
    asked = [q for q in form.questions.values() if q.is_answered]
    answers = {q.name: q.choices[0].name if q.choices else "12" for q in asked}
    what = f"Screening of {len(asked)} questions"

    screener = given.make_worker(role=Role.SCREENER)
    client = given.sign_in(screener)
    team = screener.memberships.get().team
    address = reverse("screening:begin", args=[team.pk, version.pk, LONGEST])

    @bench(f"{what}: its page", at_most_ms=60)
    def _page() -> None:
        assert client.get(address).status_code == 200

    @bench(f"{what}: settling all answers", at_most_ms=5)
    def _settle() -> None:
        fill_form(form, answers, now=timezone.now())

    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    with serving() as url:
        first, ready, weight = seen(url, address, cookies)
    plain = len(client.get(address).content)
    assert weight < MOST_BYTES, f"The page weighs {weight} bytes."
    sizes = f"{weight / 1000:.1f} kB on the wire, {plain / 1000:.1f} kB unpacked"
    told = f"{what} ({sizes}), Chromium {SLOWER} times slower, by the clock"
    for when, ms, most, peers in (
        ("first seen", first, FIRST_MS, PEERS),
        ("answers have an effect", ready, READY_MS, ""),
    ):
        result = Result(f"{told}: {when}", ms, most, 0, None, peers)
        RESULTS.append(result)
        print(result, flush=True)


measure()
