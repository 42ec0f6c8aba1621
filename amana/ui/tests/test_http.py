"""show(), done(), and what happens to a person whose work was refused."""

import errno

import pytest
from django.contrib import messages
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from amana.errors import Changed, Refused
from amana.ui.http import RefusedMiddleware, done, get_destination, show
from amana.ui.tests.conftest import Asks, nothing

PAGE = "ui/errors/refused.html"
CONTEXT = {"reason": "No place is free.", "shell": "ui/page.html"}
middleware = RefusedMiddleware(nothing)


def test_a_browser_gets_the_page_and_htmx_its_part(asks: Asks) -> None:
    page = show(asks(), PAGE, CONTEXT, part="notice").content.decode()
    part = show(asks(htmx=True), PAGE, CONTEXT, part="notice").content.decode()
    assert page.startswith("<!doctype html>")
    assert part.startswith('<div class="notice"')
    assert part in page


def test_an_answer_says_that_it_depends_on_who_asks(asks: Asks) -> None:
    assert "HX-Request" in show(asks(), PAGE, CONTEXT).headers["Vary"]


def test_after_an_action_a_browser_is_led_on_and_htmx_gets_the_part(
    asks: Asks,
) -> None:
    led = done(asks(post={}), PAGE, CONTEXT, part="notice", then="/cases/")
    part = done(asks(post={}, htmx=True), PAGE, CONTEXT, part="notice", then="/cases/")
    assert (led.status_code, led.headers["Location"]) == (302, "/cases/")
    assert part.content.startswith(b'<div class="notice"')
    assert get_destination(led) == get_destination(part) == "/cases/"


def test_without_a_part_htmx_is_led_on_too(asks: Asks) -> None:
    led = done(asks(post={}, htmx=True), then="/cases/")
    assert led.headers["HX-Redirect"] == "/cases/"


def test_messages_reach_the_person_beside_a_part(asks: Asks) -> None:
    request = asks(htmx=True)
    messages.success(request, "The referral is sent.")
    part = show(request, PAGE, CONTEXT, part="notice").content.decode()
    assert 'id="notices"' in part
    assert 'hx-swap-oob="innerHTML"' in part
    assert 'data-tone="good">The referral is sent.' in part
    said = get_messages(request)
    assert isinstance(said, BaseStorage)
    assert said.used  # and is not said again on the next page


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    response = middleware.process_exception(request, error)
    assert response is not None
    return response


def test_a_refusal_goes_to_the_notices_and_leaves_the_form(asks: Asks) -> None:
    response = answer(asks(post={}, htmx=True), Refused("No place is free."))
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#notices"
    assert response.headers["HX-Reswap"] == "innerHTML show:top"
    assert "No place is free." in response.content.decode()
    assert "<html" not in response.content.decode()


def test_without_htmx_a_refusal_gives_back_what_was_typed(asks: Asks) -> None:
    typed = {"note": "She waits at the blue door.", "urgency": "U1"}
    page = answer(asks(post=typed), Refused("No place is free.")).content.decode()
    assert "No place is free." in page
    assert "She waits at the blue door." in page
    assert ">U1<" not in page
    assert "data-back" in page


@pytest.mark.parametrize(
    "name", ["passphrase", "new_password1", "otp_code", "pin", "_unlock", "slip"]
)
def test_a_secret_is_never_given_back(asks: Asks, name: str) -> None:
    request = asks(post={name: "correct horse battery staple"})
    page = answer(request, Refused("No.")).content.decode()
    assert "correct horse" not in page


def test_what_a_view_has_marked_as_sensitive_is_never_given_back(asks: Asks) -> None:
    request = asks(post={"answer": "my first school"})
    request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]
    assert "first school" not in answer(request, Refused("No.")).content.decode()


def test_the_second_of_two_people_is_told_what_changed(asks: Asks) -> None:
    response = answer(asks(post={}), Changed("The shelter accepted it meanwhile."))
    assert response.status_code == 409
    assert "The shelter accepted it meanwhile." in response.content.decode()
    assert "Someone else changed this first" in response.content.decode()


def test_who_may_not_is_told_in_a_sentence(asks: Asks) -> None:
    bare = answer(asks(), PermissionDenied())
    said = answer(asks(), PermissionDenied("Only the case's own team may close it."))
    assert (bare.status_code, said.status_code) == (403, 403)
    assert "Your role does not allow it" in bare.content.decode()
    assert "Only the case&#x27;s own team may close it." in said.content.decode()


def test_a_bug_is_not_hidden(asks: Asks) -> None:
    assert middleware.process_exception(asks(), ValueError("bug")) is None
    assert middleware.process_exception(asks(), OperationalError("no table")) is None
    assert middleware.process_exception(asks(), OSError(errno.EACCES, "no")) is None
