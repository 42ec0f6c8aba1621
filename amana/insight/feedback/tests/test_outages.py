"""A device in a house has no one to reload it: after an outage it is there again."""

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from amana.ui import errors

KIOSK = reverse("feedback:kiosk", args=["abc"])
THANKS = reverse("feedback:thanks")
ITSELF = "tries again by itself"


@pytest.fixture
def during_an_outage(rf: RequestFactory) -> Callable[..., HttpResponse]:
    def ask(url: str, *, post: dict[str, str] | None = None) -> HttpResponse:
        request = rf.get(url) if post is None else rf.post(url, post)
        try:
            raise OperationalError("no answer")
        except OperationalError:
            return errors.failed(request)

    return ask


@pytest.mark.parametrize("url", [KIOSK, f"{THANKS}?in=fr&at=abc"])
def test_a_device_tries_again_by_itself(
    during_an_outage: Callable[..., HttpResponse], url: str
) -> None:
    page = during_an_outage(url)
    assert page.status_code == 503
    assert page.headers["Refresh"] == "30"
    assert ITSELF in page.content.decode()


def test_what_was_filled_in_stays(
    during_an_outage: Callable[..., HttpResponse],
) -> None:
    for url in (reverse("feedback:go"), reverse("feedback:send"), KIOSK):
        page = during_an_outage(url, post={"house": "abc", "words": "The blue door"})
        assert "Refresh" not in page.headers
        assert ITSELF not in page.content.decode()
        assert "The blue door" in page.content.decode()


@pytest.mark.parametrize(
    "url", ["/", "/nowhere", reverse("feedback:start"), f"{THANKS}?in=fr"]
)
def test_no_other_page_reloads_itself(
    during_an_outage: Callable[..., HttpResponse], url: str
) -> None:
    assert "Refresh" not in during_an_outage(url).headers
