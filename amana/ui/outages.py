"""When the server has lost its database or its disk is full: a page that needs neither,
says what still works, and gives back what was sent."""

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.http import escape_leading_slashes
from django_htmx.http import retarget

from amana.errors import Unreadable
from amana.registry import Registry
from amana.ui import helplines
from amana.ui.typed import is_hidden
from amana.unattended import format_error_name

PAGE = "ui/errors/outage.html"
AGAIN = 60
"""Seconds after which machines may ask again."""
COMES_BACK = 30
"""Seconds after which a device that may have no one near asks again by itself."""
CSRF = "csrfmiddlewaretoken"


class Outage(StrEnum):
    DATABASE = "database"
    DISK = "disk"


@dataclass(frozen=True)
class OfflineAbilities:
    """What a prepared device does without the server."""

    label: Promise
    page: str
    """Its page's name, which that device has kept."""


STILL_WORKS: Registry[OfflineAbilities] = Registry()

UNATTENDED: Registry[Callable[[HttpRequest], bool]] = Registry()
"""Each tells, by its address alone, whether a page is one of a device that stays where
it is and has no one to reload it."""


def detect_outage(error: BaseException | None) -> Outage | None:
    """Detect an outage, as against a mistake of the program."""
    if error is None:
        return None
    # First: a full disk reaches us as an OperationalError of the database, too.
    if is_disk_full(error):
        return Outage.DISK
    if isinstance(error, OperationalError | InterfaceError):
        # SQLite says by the same class that a table or a column is missing.
        return None if str(error).startswith("no such ") else Outage.DATABASE
    return None


def is_disk_full(error: BaseException) -> bool:
    words = str(error).lower()
    full = "disk is full" in words or "no space left" in words
    if isinstance(error, OSError):  # one from Rust has words, and no number
        return error.errno in (errno.ENOSPC, errno.EDQUOT) or full
    # As PEP 249 names it in each driver, and Django after them.
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return "OperationalError" in kinds and full


def describe_outage(outage: Outage, error: BaseException) -> str:
    """Describe to an operator what ended a command, and what to do. Not in the words of
    the error, which may hold those of a row."""
    if outage is Outage.DISK:
        return (
            "The disk is full, so this command was not completed. What was saved is "
            "kept. Make room (df -h shows where), and run the same command again."
        )
    return (
        f"The database did not answer ({format_error_name(error)}), so this command "
        "was not completed. Fix the cause, and run the same command again."
    )


def answer_outage(request: HttpRequest, outage: Outage) -> HttpResponse:
    """Answer where the person is: in the page that stays open, or on one of its own."""
    # The middleware that sets the language may not have run, or its session can't be
    # read.
    with translation.override(translation.get_language_from_request(request)):
        if "HX-Request" in request.headers:
            said = describe_for_reader(request, outage)
            notice = render_to_string(f"{PAGE}#notice", said)
            response = retarget(HttpResponse(notice), "#notices")
            response.headers["HX-Reswap"] = "innerHTML show:top"
        else:
            response = HttpResponse(
                render_to_string(PAGE, build_page_context(request, outage))
            )
        response.headers["Content-Language"] = translation.get_language() or "en"
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response.headers["Cache-Control"] = "no-store"
    response.headers["Retry-After"] = str(AGAIN)
    if comes_back(request):
        response.headers["Refresh"] = str(COMES_BACK)
    return response


def comes_back(request: HttpRequest) -> bool:
    """Check whether the page may load itself again: only where nothing was sent, since
    what someone filled in stays in the page."""
    is_asked = request.method == "GET" and "HX-Request" not in request.headers
    return is_asked and any(is_one(request) for is_one in UNATTENDED)


def describe_for_reader(request: HttpRequest, outage: Outage) -> dict[str, object]:
    """Describe what is out of order, as far as it concerns who reads it.

    Without the database only the cookie distinguishes a colleague, who has an
    administrator and prepared devices, from who comes without an account."""
    return {
        "outage": outage,
        "sends": request.method == "POST",
        "has_session": settings.SESSION_COOKIE_NAME in request.COOKIES,
    }


def build_page_context(request: HttpRequest, outage: Outage) -> dict[str, object]:
    sent = list(iterate_sent_fields(request))
    return describe_for_reader(request, outage) | {
        "sent": sent,
        "address": escape_leading_slashes(request.get_full_path()),
        "lines": load_helplines(),
        "still_works": STILL_WORKS,
        "comes_back": comes_back(request),
    }


def load_helplines() -> tuple[helplines.Helpline, ...]:
    try:
        return helplines.list_helplines()
    except Unreadable:
        return ()


def iterate_sent_fields(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield each field of the form that was sent, so that one button sends it again.

    None where it held a file, which can't be given back, or what is hidden."""
    if request.method != "POST":
        return
    try:
        fields = list(request.POST.lists())
        files = bool(request.FILES)
    except UNREAD:
        return
    if files or any(is_hidden(request, n) for n, _values in fields if n != CSRF):
        return
    for name, values in fields:
        for value in values:
            yield name, str(value)


UNREAD = (
    BadRequest,
    MultiPartParserError,
    OSError,
    RawPostDataException,
    SuspiciousOperation,
)
"""What was sent can't be read, or the connection broke meanwhile."""
