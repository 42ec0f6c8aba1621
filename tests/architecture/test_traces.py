"""A page for people leaves nothing in the browser that outlives its window (P23, P24).

A year-old cookie on a shared telephone tells whoever finds it where she looked for
help. Every public address is asked, with real values and with made-up ones, by GET and
by POST; pages that answer "not found" must leave no more than others.
"""

import uuid
from collections.abc import Iterator
from http.cookies import Morsel

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse

from amana.care.referrals.views import outside_pages
from tests.architecture.test_urls import ALL, PUBLIC

pytestmark = pytest.mark.django_db

VALUES = {"int": 1, "uuid": uuid.UUID(int=7), "slug": "some", "str": "en"}
ELSEWHERE = {
    # set on the way from another learning system, for its own ten minutes; nobody but
    # a learner who comes from there meets it
    "lti:login",
    "lti:launch",
}


def addresses() -> Iterator[str]:
    for name, _view, parameters in ALL:
        if name in PUBLIC - ELSEWHERE and name != "did":
            said = {
                parameter: VALUES.get(
                    type(converter).__name__.removesuffix("Converter").lower(), "some"
                )
                for parameter, converter in parameters.items()
            }
            yield reverse(name, kwargs=said)


def outlives_the_window(cookie: "Morsel[str]") -> bool:
    deleted = cookie["max-age"] == 0
    return not deleted and bool(cookie["max-age"] or cookie["expires"])


@pytest.mark.parametrize("address", sorted(set(addresses())))
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_public_page_leaves_a_lasting_cookie(address: str, method: str) -> None:
    visitor = Client(raise_request_exception=False)
    for _again in range(2):
        getattr(visitor, method)(address, {"language": "fr"})
    assert [name for name, c in visitor.cookies.items() if outlives_the_window(c)] == []


def test_a_lasting_cookie_would_be_noticed() -> None:
    response = HttpResponse()
    response.set_cookie("short", "1")
    response.set_cookie("year", "1", max_age=31449600)
    response.delete_cookie("gone")
    kept = [name for name, c in response.cookies.items() if outlives_the_window(c)]
    assert kept == ["year"]


def test_cookies_of_the_house_end_with_the_window() -> None:
    assert settings.CSRF_COOKIE_AGE is None
    assert settings.LANGUAGE_COOKIE_AGE is None
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_an_opened_page_is_open_until_the_window_closes(
    rf: RequestFactory,
) -> None:
    response = outside_pages.remember(rf.get("/out/x"), HttpResponse(), "secret")
    assert not any(map(outlives_the_window, response.cookies.values()))
    assert response.cookies


# --- leaving


def left(**headers: str) -> HttpResponseBase:
    return Client().get(reverse("ui:leave"), headers=headers)


def test_leaving_a_page_for_people_clears_cookies_and_pages() -> None:
    answer = left(sec_fetch_site="same-origin")
    assert answer.headers["Location"] == settings.QUICK_EXIT_URL
    assert answer.headers["Clear-Site-Data"] == '"cookies", "cache"'
    assert "no-store" in answer.headers["Cache-Control"]


def test_what_a_colleague_keeps_on_the_device_stays() -> None:
    cleared = left(sec_fetch_site="same-origin").headers["Clear-Site-Data"]
    assert "storage" not in cleared


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_another_site_signs_nobody_out_by_it(site: str) -> None:
    answer = left(sec_fetch_site=site)
    assert "Clear-Site-Data" not in answer.headers
    assert answer.headers["Location"] == settings.QUICK_EXIT_URL


@pytest.mark.parametrize(
    "name", ["home:front", "feedback:start", "public_directory:start"]
)
def test_pages_for_people_are_left_by_it(name: str) -> None:
    page = Client().get(reverse(name)).content.decode()
    assert f'href="{reverse("ui:leave")}"' in page


def test_the_page_of_a_colleagues_form_is_left_without_it() -> None:
    drawn = engines["django"].from_string("{% quick_exit %}").render({}, HttpRequest())
    assert f'href="{settings.QUICK_EXIT_URL}"' in drawn
