"""A walk through every page that a person reaches by links from their first page."""

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from amana import given
from amana.trust.access.models import User
from tests.pages import doubled_ids

ENOUGH_OF_A_KIND = 2
"""Pages with the same URL name that are opened for one person: eleven people walk."""
LEADS_OUT = re.compile(r"sign-out|/lock|\.json$|/download")

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
"""Who walks: one person of each role of the invented country, and in which language."""


class Links(HTMLParser):
    """The links of a page, and whatever it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.unseen = 0
        """Sections that are hidden until something happens, which one stands in."""
        self.hrefs: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(
        self, tag: str, attributes: list[tuple[str, str | None]]
    ) -> None:
        said = dict(attributes)
        if tag == "section" and (self.unseen or "hidden" in said):
            self.unseen += 1
        if tag == "a" and said.get("href") and not self.unseen:
            self.hrefs.append(str(said["href"]))
        for name in ("src", "action", "srcset", "poster", "data"):
            if said.get(name):
                self.loads.append(str(said[name]))
        if tag == "link" and said.get("href"):
            self.loads.append(str(said["href"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "section" and self.unseen:
            self.unseen -= 1


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
    of_a_kind: int = ENOUGH_OF_A_KIND

    def through(self, start: str = "/today/") -> "Walk":
        browser, waiting = given.sign_in(self.user), deque([start])
        while waiting:
            path = waiting.popleft()
            if path not in self.seen and self.wants(path):
                waiting.extend(self.open(browser, path))
        return self

    def wants(self, path: str) -> bool:
        name = name_of(path)
        kind = [seen for seen in self.seen.values() if seen == name]
        return bool(name) and len(kind) < self.of_a_kind

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
