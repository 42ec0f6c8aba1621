"""Requests to another system, within limits: allowed addresses only, no redirects, a
short time limit, and a largest size of the answer."""

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, NoReturn
from urllib import request
from urllib.error import HTTPError
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 10
LARGEST = 256 * 1024
UNUSABLE = (HTTPException, ValueError, OSError)
"""What comes of an address that is none, of a line that breaks, of a server that speaks
something else than HTTP."""


class NoResponse(Exception):
    """The other system gave no answer that can be used."""


class NoRedirectHandler(request.HTTPRedirectHandler):
    """A redirect could lead to somewhere inside."""

    def redirect_request(self, *_args: object, **_more: object) -> NoReturn:
        raise NoResponse("redirected")


def request_json(
    url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Any:
    """Request JSON from another system. Returns None for an empty answer; raises
    `NoResponse` where the address is not allowed or the answer can't be used."""
    if not is_allowed(url):
        raise NoResponse("not an address for this")
    try:
        asked = request.Request(  # noqa: S310 — see is_allowed
            url, data=data, headers=dict(headers or {})
        )
        with request.build_opener(NoRedirectHandler).open(
            asked, timeout=SECONDS
        ) as answer:
            # One byte more than allowed: it distinguishes a full answer from one that
            # was cut.
            said = answer.read(LARGEST + 1)
    except HTTPError as error:
        raise NoResponse(str(error.code)) from error
    except UNUSABLE as error:
        raise NoResponse(type(error).__name__) from error
    if len(said) > LARGEST:
        raise NoResponse("too much")
    try:
        return json.loads(said) if said.strip() else None
    # Deeply nested brackets exhaust the parser's stack long before the size limit.
    except (ValueError, RecursionError) as error:
        raise NoResponse("not JSON") from error


def is_allowed(url: str) -> bool:
    """Check that an address uses HTTPS; outside production, a system on the same
    machine may use HTTP."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    # `https://trusted@elsewhere` leads elsewhere; nothing here needs a name in it.
    if parts.username or not parts.hostname:
        return False
    if parts.scheme == "https":
        return True
    here = parts.hostname in ("localhost", "127.0.0.1")
    return parts.scheme == "http" and here and not settings.PRODUCTION


def has_same_host(one: str, other: str) -> bool:
    return urlsplit(one).netloc == urlsplit(other).netloc
