"""Every page of every role, found by following links through the invented country.

Strangers get 404, no page costs more when there are more rows, nothing outside is
asked, each id is there once, the content security policy reports nothing, and axe
finds nothing: in Arabic, and in English or French.
"""

from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils.translation import get_language_info

from amana import given
from amana.care.pathways.models import OpenTask, PathwayRun
from amana.demo import building
from amana.demo.country import DemoCountry
from amana.trust.access.models import Role
from tests.journeys.conftest import SignsIn, overflow, violations
from tests.numbers import numbers_of, wrong_numbers
from tests.walking import ROLES, Walk

SHARED_BY_ALL = (
    *(
        "directory:",
        "public_directory:",
        "ui:",
        "home:",
        "hsds:",
        "mechanism:",
        "bpmn:",
    ),
    *("courses:home", "courses:course", "credentials:achievement", "cohorts:apply"),
    "cohorts:enrol",
    *("release:published", "release:out", "release:file", "figures:file"),
    *("briefs:asked", "briefs:report"),
)
"""Pages about services, the mechanism and courses, which everyone in it may see; and
what is published, for anybody."""


@pytest.fixture
def country(transactional_db: None) -> DemoCountry:
    made = DemoCountry()
    for _step in building.build_demo(country=made):
        pass
    return made


def test_every_page_of_every_role(
    country: DemoCountry,
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
    due = set(OpenTask.objects.values_list("role", flat=True).distinct())
    assert due == set(PathwayRun.objects.earliest("pk").version.pack.roles)


def numbers_lead_to_their_lists(country: DemoCountry) -> None:
    browsers = {name: given.sign_in(country.people[name]) for name, _in in ROLES}
    assert sum(len(numbers_of(browser)) for browser in browsers.values()) > 15
    wrong = {name: wrong_numbers(browser) for name, browser in browsers.items()}
    assert not any(wrong.values()), wrong


def strangers_find_nothing(walks: list[Walk]) -> None:
    stranger = given.sign_in(given.make_worker(role=Role.CASE_WORKER))
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


def more_rows_cost_no_more_queries(walks: list[Walk], country: DemoCountry) -> None:
    """What costs more beside more cases may have been empty before, once; so it is
    asked again beside still more of them."""
    tell_more(country, seed=11)
    more = [(walk, grown(walk, asked_of_each(walk))) for walk in walks]
    if any(pages for _walk, pages in more):
        tell_more(country, seed=12)
    twice = [
        f"{walk.who} {path}: {before[path]} → {now}"
        for walk, before in more
        for path, now in grown(walk, before).items()
    ]
    assert twice == [], "\n".join(twice)


def asked_of_each(walk: Walk) -> dict[str, int]:
    """The queries of a page of each kind: two of a kind run the same code."""
    return {path: walk.queries[path] for path in one_of_each(walk).values()}


def grown(walk: Walk, before: dict[str, int]) -> dict[str, int]:
    """Pages that ask more than before, and how much."""
    browser, found = given.sign_in(walk.user), {}
    for path, asked in before.items():
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            browser.get(path)
        if len(queries) > asked:
            found[path] = len(queries)
    return found


def tell_more(country: DemoCountry, *, seed: int) -> None:
    """Eighty cases more, told in the present."""
    building.add_cases(country, seed=seed)


def pages_are_sound(walks: list[Walk], sign_in: SignsIn) -> None:
    """Once for each kind of page and direction of writing, and each role's first page:
    in Chromium, on a phone."""
    wrong: list[str] = []
    looked_at: set[tuple[str, bool]] = set()
    for walk, (_email, language) in zip(walks, ROLES, strict=True):
        page = sign_in(walk.user, language=language)
        for name, path in one_of_each(walk).items():
            looked = (name, get_language_info(language)["bidi"])
            if looked in looked_at and name != "home:today":
                continue
            looked_at.add(looked)
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
