"""Every page that answers `GET` answers `HEAD`, by which monitors ask."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from amana import given
from amana.trust.access.models import Role, User
from amana.ui.head import HeadMiddleware
from tests.worlds import kept

from .test_urls import addresses

pytestmark = pytest.mark.django_db

PAGES = sorted(
    {name for name, _view, words in addresses(get_resolver()) if not words}
    - {"account_logout"}  # which ends the session of all that come after it
)


@kept
def administrator() -> User:
    return given.make_worker(role=Role.ADMINISTRATOR)


type Ask = Callable[[str], Any]


def differing(get: Ask, head: Ask, pages: list[str]) -> list[str]:
    """The pages on which the two do not answer alike, or `HEAD` sends a body."""
    found = []
    for name in pages:
        address = reverse(name)
        whole, only_head = get(address), head(address)
        same = whole.status_code == only_head.status_code
        if not same or b"".join(only_head):
            found.append(name)
    return found


def test_a_page_answers_head_as_it_answers_get(administrator: User) -> None:
    client = given.sign_in(administrator)
    client.raise_request_exception = False

    assert differing(client.get, client.head, PAGES) == []


def test_the_check_notices_a_page_that_does_not(
    administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        HeadMiddleware, "__call__", lambda self, request: self.get_response(request)
    )
    client = given.sign_in(administrator)
    client.raise_request_exception = False

    assert differing(client.get, client.head, ["home:today"]) == ["home:today"]


def test_anyone_may_ask_for_the_head_of_the_front_page() -> None:
    whole, only_head = Client().get("/"), Client().head("/")

    assert only_head.status_code == 200
    assert not only_head.content
    assert only_head["Content-Length"] == str(len(whole.content))
