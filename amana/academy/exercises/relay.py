"""Passes a request on to an exercise's own process, and its answer back.

Of the request it has what a page needs, and the cookies that the exercise itself has
set: those of this installation, which sign a person in here, never reach it. Of the
answer it passes on what a page is made of; a cookie is kept to the exercise's own
addresses."""

import string
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket
from urllib.parse import quote

from django.http import HttpRequest, StreamingHttpResponse

ACCOUNT = "Amana-Account"
"""The header that names the account of the exercise."""
PREFIX = "practice-"
"""Of the names that cookies of exercises have in the browser."""
LONGEST = 60.0
"""Seconds that a page may take."""
PIECE = 64 * 1024

ASKED = frozenset(
    {
        *("Accept", "Accept-Language", "By-Itself", "Content-Type", "If-None-Match"),
        *("If-Modified-Since", "Origin", "Referer", "User-Agent"),
        *("Hx-Boosted", "Hx-Current-Url", "Hx-History-Restore-Request"),
        *("Hx-Prompt", "Hx-Request", "Hx-Target", "Hx-Trigger", "Hx-Trigger-Name"),
    }
)
ANSWERED = frozenset(
    {
        *("cache-control", "content-disposition", "content-language"),
        *("content-security-policy", "content-type", "etag", "last-modified"),
        *("location", "vary", "x-leads-to"),
        *("hx-location", "hx-push-url", "hx-redirect", "hx-refresh", "hx-replace-url"),
        *("hx-reselect", "hx-reswap", "hx-retarget", "hx-trigger"),
        *("hx-trigger-after-settle", "hx-trigger-after-swap"),
    }
)


class NotAnswering(Exception):
    """No process answers for this exercise at the moment."""


class UnixConnection(HTTPConnection):
    """HTTP by a socket in a folder."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=LONGEST)
        self.path = path

    def connect(self) -> None:
        self.sock = socket(AF_UNIX, SOCK_STREAM)
        self.sock.settimeout(LONGEST)
        self.sock.connect(str(self.path))


def pass_on(
    request: HttpRequest, *, to: Path, account: str, path: str, prefix: str
) -> StreamingHttpResponse:
    """Pass a request on to the process that answers at `to`, as `account`.

    `path`: of the page there; `prefix`: the part of the address before it, by which the
    exercise is reached. Raises NotAnswering."""
    # One connection for each request: the other side is on the same machine.
    connection = UnixConnection(to)
    try:
        connection.request(
            request.method or "GET",
            build_target(path, request.META.get("QUERY_STRING", "")),
            # Not `request.body`, which takes no files of some size.
            body=request.read() or None,
            headers=build_headers(request, account=account),
        )
        found = connection.getresponse()
    except (OSError, HTTPException) as error:
        connection.close()
        raise NotAnswering from error
    return build_answer(found, connection, prefix=prefix, secure=request.is_secure())


def build_target(path: str, query: str) -> str:
    """Build what is asked for: the path as Django has read it, written as an address
    again; the rest as it came."""
    # WSGI hands bytes on as Latin-1; what a browser left as it is must be written, too.
    rest = quote(query.encode("latin-1"), safe=string.punctuation)
    return quote(path) + (f"?{rest}" if rest else "")


def build_headers(request: HttpRequest, *, account: str) -> dict[str, str]:
    asked = {name: request.headers[name] for name in ASKED if name in request.headers}
    # By their names alone: without the prefix none of ours could be told from theirs.
    own = {
        name.removeprefix(PREFIX): value
        for name, value in request.COOKIES.items()
        if name.startswith(PREFIX)
    }
    return asked | {
        "Host": request.get_host(),
        "X-Forwarded-Proto": "https" if request.is_secure() else "http",
        "Cookie": "; ".join(f"{name}={value}" for name, value in own.items()),
        ACCOUNT: account,
    }


def build_answer(
    found: HTTPResponse, connection: HTTPConnection, *, prefix: str, secure: bool
) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(
        read_pieces(found, connection), status=found.status, reason=found.reason
    )
    # Django's own guess: what the exercise sent counts, also where it sent none.
    del answer.headers["Content-Type"]
    for name, value in found.getheaders():
        if name.lower() in ANSWERED:
            answer.headers[name] = value
        elif name.lower() == "set-cookie":
            for cookie in parse_cookies(value, prefix=prefix, secure=secure):
                answer.cookies.load(cookie)
    return answer


def read_pieces(found: HTTPResponse, connection: HTTPConnection) -> Iterator[bytes]:
    try:
        while piece := found.read(PIECE):
            yield piece
    finally:
        connection.close()


def parse_cookies(words: str, *, prefix: str, secure: bool) -> Iterator[SimpleCookie]:
    """Rename a cookie of the exercise, and keep it to its addresses."""
    for name, morsel in SimpleCookie(words).items():
        cookie: SimpleCookie = SimpleCookie({PREFIX + name: morsel.value})
        kept = cookie[PREFIX + name]
        for key in ("max-age", "expires", "httponly", "samesite"):
            kept[key] = morsel[key]
        kept["path"], kept["secure"] = prefix, secure
        yield cookie
