"""Every error page says what to do, in every language, and nothing about the error."""

import re

import pytest
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from amana.ui import errors
from amana.ui.http import answer_refusal
from amana.ui.tests.conftest import Asks
from amana.urls import handler400, handler403, handler404, handler500  # noqa: F401


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


def unreadable(request: HttpRequest) -> HttpResponse:
    raise BadRequest("secret detail")


def too_big(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig("secret detail")


breaks.login_required = False  # type: ignore[attr-defined]
unreadable.login_required = False  # type: ignore[attr-defined]
too_big.login_required = False  # type: ignore[attr-defined]
urlpatterns = [
    path("breaks", breaks),
    path("unreadable", unreadable),
    path("too-big", too_big),
]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]

SAID = {
    "/breaks": (500, "Something went wrong", "Un problème est survenu", "حدث خطأ ما"),
    "/unreadable": (400, "could not be read", "n’a pas pu être lue", "تعذّرت قراءة"),
    "/too-big": (413, "That is too large", "trop volumineux", "الحجم كبير جدًا"),
    "/nothing": (404, "Page not found", "Page introuvable", "الصفحة غير موجودة"),
}


@pytest.mark.parametrize("address", SAID)
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_an_error_is_explained(client: Client, address: str, language: str) -> None:
    client.raise_request_exception = False
    status, *said = SAID[address]
    response = client.get(address, headers={"Accept-Language": language})
    page = response.content.decode()
    assert response.status_code == status
    assert said[["en", "fr", "ar"].index(language)] in page
    assert f'lang="{language}"' in page
    assert "secret detail" not in page
    assert "Content-Security-Policy" in response.headers


def test_an_error_in_a_part_goes_to_the_notices(client: Client) -> None:
    response = client.get("/nothing", headers={"HX-Request": "true"})
    assert response.headers["HX-Retarget"] == "#notices"
    assert "<html" not in response.content.decode()


def test_a_form_that_was_open_too_long_is_explained(asks: Asks) -> None:
    request = asks(post={"note": "She waits at the blue door."})
    response = errors.csrf_failed(request, reason="secret detail")
    page = response.content.decode()
    assert response.status_code == 403
    assert "This page was open for too long" in page
    assert "blue door" in page
    assert "secret detail" not in page


def test_the_last_page_needs_not_even_its_style_sheet(
    asks: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*args: object) -> str:
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(errors, "render_to_string", nowhere)
    response = errors.failed(asks())
    assert response.status_code == 500
    assert "حدث خطأ ما" in response.content.decode()


def test_every_error_page_says_what_to_do(asks: Asks) -> None:
    for name in ("400", "403", "403_csrf", "404", "413"):
        page = answer_refusal(asks(), f"ui/errors/{name}.html", 400).content.decode()
        advice = re.search(r'role="alert">(.*?)</div>', page, re.S)
        assert advice, name
        assert len(advice[1]) > 60, name
