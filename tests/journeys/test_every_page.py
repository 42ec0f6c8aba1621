"""Every page of every role, found by following links through the invented country.

Strangers get 404, no page costs more when there are more rows, nothing outside is
asked, each id is there once, the content security policy reports nothing, and axe
finds nothing, in English, French and Arabic.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit
from uuid import UUID

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from amana import given
from amana.care.pathways.models import Course, Due
from amana.demo import building
from amana.demo.country import Country
from amana.trust.access.models import Role, User
from tests.journeys.conftest import SignsIn, overflow, violations
from tests.numbers import numbers_of, wrong_numbers
from tests.pages import doubled_ids

pytestmark = [pytest.mark.xdist_group("crawler")]

ENOUGH_OF_A_KIND = 4
"""Pages with the same URL name that are opened for one person."""
LEADS_OUT = re.compile(r"sign-out|/lock|\.json$|/download")
SHARED_BY_ALL = (
    *("directory:", "ui:", "home:", "hsds:", "mechanism:", "bpmn:"),
    *("courses:home", "courses:course", "credentials:achievement", "cohorts:apply"),
    *("release:published", "release:out", "release:file", "figures:file"),
    *("briefs:asked", "briefs:report"),
)
"""Pages about services, the mechanism and courses, which everyone in it may see; and
what is published, for anybody."""


class Links(HTMLParser):
    """The links of a page, and whatever it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        said = dict(attributes)
        if tag == "a" and said.get("href"):
            self.hrefs.append(str(said["href"]))
        for name in ("src", "action", "srcset", "poster", "data"):
            if said.get(name):
                self.loads.append(str(said[name]))
        if tag == "link" and said.get("href"):
            self.loads.append(str(said["href"]))


@dataclass
class Walk:
    """What one person found."""

    user: User
    seen: dict[str, str] = field(default_factory=dict)
    """The name of each page opened, by its path."""
    queries: dict[str, int] = field(default_factory=dict)
    no_pages: set[str] = field(default_factory=set)
    """Paths of downloads, and of what leads away from here, as leaving at once does."""
    wrong: list[str] = field(default_factory=list)

    def through(self, start: str = "/today/") -> "Walk":
        browser, waiting = given.signed_in(self.user), deque([start])
        while waiting:
            path = waiting.popleft()
            if path not in self.seen and self.wants(path):
                waiting.extend(self.open(browser, path))
        return self

    def wants(self, path: str) -> bool:
        name = name_of(path)
        kind = [seen for seen in self.seen.values() if seen == name]
        return bool(name) and len(kind) < ENOUGH_OF_A_KIND

    def open(self, browser: Client, path: str) -> list[str]:
        self.seen[path] = name_of(path)
        reset_queries()  # the log holds 9,000, of all pages together
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(path)
        self.queries[path] = len(queries)
        if page.status_code in (301, 302):
            return self.follow(page.headers["Location"], path)
        if page.status_code != 200:
            self.wrong.append(f"{self.who} {path}: {page.status_code}")
        is_page = "text/html" in page.headers["Content-Type"]
        if not is_page or "attachment" in page.headers.get("Content-Disposition", ""):
            self.no_pages.add(path)
            return []
        text = page.content.decode()
        self.wrong += [f"{path} has two #{name}" for name in doubled_ids(text)]
        links = Links()
        links.feed(text)
        self.wrong += [
            f"{path} would load {url}"
            for url in links.loads
            if urlsplit(url).netloc and urlsplit(url).scheme != "data"
        ]
        return [local(href, path) for href in links.hrefs]

    def follow(self, location: str, path: str) -> list[str]:
        if urlsplit(location).netloc:
            self.no_pages.add(path)
        return [local(location, path)]

    @property
    def who(self) -> str:
        return self.user.email


def local(href: str, base: str) -> str:
    """The path and query of a link within the site; empty for any other."""
    href, _fragment = urldefrag(href)
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or LEADS_OUT.search(parts.path):
        return ""
    path = parts.path or urlsplit(base).path
    return f"{path}?{parts.query}" if parts.query else path


def name_of(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


@pytest.fixture
def country(transactional_db: None) -> Country:
    made = Country()
    for _step in building.build(country=made):
        pass
    return made


ROLES = (
    ("karim.bensalah@border.example", "ar"),
    ("leila.mansouri@daramal.example", "ar"),
    ("grace.achieng@daramal.example", "en"),
    ("huda.rahmani@daramal.example", "ar"),
    ("david.mensah@hospital.example", "en"),
    ("salma.haddou@office.example", "fr"),
    ("idris.okello@office.example", "en"),
    ("ines.carvalho@office.example", "en"),
    ("marta.lindqvist@office.example", "en"),
    ("yonas.tekle@office.example", "ar"),
    ("thandi.mokoena@office.example", "en"),
)


def test_every_page_of_every_role(
    country: Country,
    sign_in: SignsIn,
) -> None:
    each_role_has_something_due()
    walks = [Walk(country.people[email]).through() for email, _language in ROLES]
    wrong = [wrong for walk in walks for wrong in walk.wrong]
    assert wrong == [], "\n".join(wrong)
    assert sum(len(walk.seen) for walk in walks) > 150

    numbers_lead_to_their_lists(country)
    strangers_find_nothing(walks)
    more_rows_cost_no_more_queries(walks, country)
    pages_are_sound(walks, sign_in)


def each_role_has_something_due() -> None:
    """The demo's mechanism is at work: nobody who looks around finds an empty list."""
    due = set(Due.objects.values_list("role", flat=True).distinct())
    assert due == set(Course.objects.earliest("pk").version.pack.roles)


def numbers_lead_to_their_lists(country: Country) -> None:
    browsers = {name: given.signed_in(country.people[name]) for name, _in in ROLES}
    assert sum(len(numbers_of(browser)) for browser in browsers.values()) > 15
    wrong = {name: wrong_numbers(browser) for name, browser in browsers.items()}
    assert not any(wrong.values()), wrong


def strangers_find_nothing(walks: list[Walk]) -> None:
    stranger = given.signed_in(given.a_worker(role=Role.CASE_WORKER))
    nobody = Client()
    let_in = []
    for walk in walks:
        for path, name in walk.seen.items():
            if not is_about_one_thing(path) or name.startswith(SHARED_BY_ALL):
                continue
            if stranger.get(path).status_code != 404:
                let_in.append(f"{name} to a stranger: {path}")
            if nobody.get(path).status_code == 200:
                let_in.append(f"{name} without signing in: {path}")
    assert let_in == [], "\n".join(let_in)


def is_about_one_thing(path: str) -> bool:
    named = resolve(urlsplit(path).path).kwargs
    return any(isinstance(key, UUID | int) for key in named.values())


def more_rows_cost_no_more_queries(walks: list[Walk], country: Country) -> None:
    """What costs more beside more cases may have been empty before, once; so it is
    asked again beside still more of them."""
    tell_more(country, seed=11)
    more = [(walk, grown(walk, walk.queries)) for walk in walks]
    if any(pages for _walk, pages in more):
        tell_more(country, seed=12)
    twice = [
        f"{walk.who} {path}: {before[path]} → {now}"
        for walk, before in more
        for path, now in grown(walk, before).items()
    ]
    assert twice == [], "\n".join(twice)


def grown(walk: Walk, before: dict[str, int]) -> dict[str, int]:
    """Pages that ask more than before, and how much."""
    browser, found = given.signed_in(walk.user), {}
    for path, asked in before.items():
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            browser.get(path)
        if len(queries) > asked:
            found[path] = len(queries)
    return found


def tell_more(country: Country, *, seed: int) -> None:
    """Eighty cases more, told in the present."""
    building.tell(country, seed=seed)


def pages_are_sound(walks: list[Walk], sign_in: SignsIn) -> None:
    """Once for each kind of page and language, and each role's first page: in Chromium,
    on a phone."""
    wrong: list[str] = []
    looked_at: set[tuple[str, str]] = set()
    for walk, (_email, language) in zip(walks, ROLES, strict=True):
        page = sign_in(walk.user, language=language)
        for name, path in one_of_each(walk).items():
            if (name, language) in looked_at and name != "home:today":
                continue
            looked_at.add((name, language))
            page.set_viewport_size({"width": 360, "height": 740})
            page.goto(path)
            wrong += [f"{path} is too wide: {w}" for w in overflow(page)]
            wrong += [f"{path}: {v}" for v in violations(page)]
    assert wrong == [], "\n".join(wrong)


def one_of_each(walk: Walk) -> dict[str, str]:
    """A path of each kind of page, by the kind's name."""
    first: dict[str, str] = {}
    for path, name in walk.seen.items():
        if path not in walk.no_pages:
            first.setdefault(name, path)
    return first
