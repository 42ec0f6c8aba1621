"""What a server writes beside its pages: on its error output, which a journal keeps."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from django.test import Client

from amana import given
from amana.unattended import PrivateLogFilter

LOGGED = """
import logging, django
django.setup()
try:
    raise ValueError("Zubaida is called")
except ValueError:
    logging.getLogger("amana.anywhere").exception("It failed")
"""


def test_the_words_of_an_error_are_in_no_journal() -> None:
    """Of whatever logger: a database's error repeats the row that it is about."""
    environment = {k: v for k, v in os.environ.items() if k != "DEBUG"}
    environment["DJANGO_SETTINGS_MODULE"] = "amana.settings"
    done = subprocess.run(
        [sys.executable, "-c", LOGGED], env=environment, capture_output=True, text=True
    )
    assert "It failed: ValueError" in done.stderr
    assert 'File "<string>"' not in done.stderr
    assert "Zubaida" not in done.stderr


@pytest.fixture
def journal() -> Iterator[StringIO]:
    """What Django's own loggers write where the journal's filter is on."""
    kept = StringIO()
    handler = logging.StreamHandler(kept)
    handler.addFilter(PrivateLogFilter())
    logging.getLogger("django").addHandler(handler)
    yield kept
    logging.getLogger("django").removeHandler(handler)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("/say/house/CANARY/", "django.request: 404 at feedback:kiosk"),
        ("/say/CANARY/nowhere", "django.request: 404 at no page of ours"),
        ("/cases/CANARY", "django.request: 404 at no page of ours"),
    ],
)
def test_a_page_that_was_refused_is_named_by_its_kind(
    journal: StringIO, address: str, line: str
) -> None:
    """Its address may hold a code that opens something, or the number of a case."""
    browser = Client(raise_request_exception=False)
    browser.cookies = given.sign_in(given.make_worker()).cookies
    assert browser.get(address).status_code == 404
    assert journal.getvalue().splitlines() == [line]
    assert "CANARY" not in journal.getvalue()


@pytest.mark.django_db
def test_so_is_a_form_that_came_from_elsewhere(journal: StringIO) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/say/house/CANARY/", {}).status_code == 403
    assert journal.getvalue().startswith("django.security.csrf: 403 at ")
    assert "CANARY" not in journal.getvalue()
