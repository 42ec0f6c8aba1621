"""A full disk is said on a page that needs neither session nor database, and what can't
be read again is not given back (P39)."""

import errno
import sqlite3
from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from amana.ui import errors
from amana.ui.tests.conftest import Asks

FULL: list[Callable[[], Exception]] = [
    lambda: OSError(errno.ENOSPC, "No space left on device"),
    lambda: OSError("No space left on device (os error 28)"),  # as Rust raises it
    lambda: OperationalError("database or disk is full"),
    lambda: sqlite3.OperationalError("database or disk is full"),
    lambda: OperationalError('could not extend file "base/1": No space left on device'),
]


def failed_by(request: HttpRequest, error: Exception) -> HttpResponse:
    """As Django asks for the page, while it handles the error."""
    try:
        raise error
    except Exception:
        return errors.failed(request)


@pytest.mark.parametrize("full", FULL)
def test_a_full_disk_is_said_plainly(
    asks: Asks, full: Callable[[], Exception], caplog: pytest.LogCaptureFixture
) -> None:
    typed = {"note": "She waits at the blue door."}
    response = failed_by(asks(post=typed), full())
    assert response.status_code == 503
    assert "was not saved" in response.content.decode()
    assert "blue door" in response.content.decode()
    assert "blue door" not in caplog.text


@pytest.mark.parametrize(
    "body",
    [b'{"a": 1}', b"--x\r\nbroken", b""],
    ids=["not a form", "broken", "empty"],
)
def test_what_can_not_be_read_again_is_not_given_back(
    rf: RequestFactory, body: bytes
) -> None:
    kind = "multipart/form-data; boundary=x" if b"--" in body else "application/json"
    request = rf.post("/", body, content_type=kind)
    response = failed_by(request, OSError(errno.ENOSPC, "full"))
    assert response.status_code == 503
    assert "<form" not in response.content.decode()


@pytest.mark.parametrize("field", ["_unlock", "password", "slip"])
def test_what_unlocks_something_is_not_given_back(asks: Asks, field: str) -> None:
    typed = {"note": "She waits at the blue door.", field: "five grey herons"}
    response = failed_by(asks(post=typed), OperationalError("no answer"))

    assert response.status_code == 503
    assert "herons" not in response.content.decode()
    assert "Send it again" not in response.content.decode()


def test_what_a_view_marks_is_not_given_back(asks: Asks) -> None:
    request = asks(post={"words": "She waits at the blue door."})
    request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]

    assert "blue door" not in failed_by(request, OperationalError("x")).content.decode()


def test_trying_again_leads_to_no_other_host(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.path = request.path_info = "//evil.example/x"

    page = failed_by(request, OperationalError("no answer")).content.decode()

    assert 'href="//evil' not in page
    assert 'href="/%2Fevil.example/x"' in page
