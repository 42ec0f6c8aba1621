"""Passes a request on to the process of an exercise or a practice installation, and its
answer back.

Of the request it has what a page needs, and the cookies that the other side itself has
set: those of this installation, which sign a person in here, never reach it. Of the
answer it passes on what a page is made of; a cookie is kept to the other side's own
addresses."""

import string
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from socket import AF_UNIX, SOCK_STREAM, socket
from threading import BoundedSemaphore
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from amana.academy.sandboxes.sandbox_kinds import HasSandbox
from amana.trust.access.http import BY_ITSELF

ACCOUNT = "Amana-Account"
"""The header that names the account of the exercise."""
PREFIX = "practice-"
"""Of the names that cookies of exercises have in the browser."""
LONGEST = 30.0
"""Seconds that a page may take."""
AT_ONCE = BoundedSemaphore(3)
"""Requests that this process passes on at a time. It has four threads, and one is left
for the pages of real work, whatever an exercise does."""
WAITS = 10.0
"""Seconds that a request waits for its turn; what a page asks for by itself waits
none."""

ASKED = frozenset(
    {
        *("Accept", "Accept-Language", "By-Itself", "Content-Type", "If-None-Match"),
        *("If-Modified-Since", "Origin", "User-Agent", "X-CSRFToken"),
        *("Hx-Boosted", "Hx-History-Restore-Request"),
        *("Hx-Prompt", "Hx-Request", "Hx-Target", "Hx-Trigger", "Hx-Trigger-Name"),
    }
)
WHERE = ("Referer", "Hx-Current-Url")
"""The page that asks; passed on only where it is one of the exercise."""
LEADS_ON = frozenset(
    {"location", "hx-location", "hx-push-url", "hx-redirect", "hx-replace-url"}
    | {"x-leads-to"}
)
ANSWERED = frozenset(
    {
        *("cache-control", "content-disposition", "content-language"),
        *("content-security-policy", "content-type", "etag", "last-modified"),
        *("vary", "hx-refresh"),
        *("hx-reselect", "hx-reswap", "hx-retarget", "hx-trigger"),
        *("hx-trigger-after-settle", "hx-trigger-after-swap"),
    }
)


class NotAnswering(Exception):
    """No process answers for this exercise at the moment."""


class Busy(Exception):
    """It was not this request's turn."""


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
) -> HttpResponse:
    """Pass a request on to the process that answers at `to`, as `account`.

    `path`: of the page there; `prefix`: the part of the address before it, by which the
    exercise is reached. Raises NotAnswering, or Busy where it was not its turn."""
    waits = 0.0 if BY_ITSELF in request.headers else WAITS
    if not AT_ONCE.acquire(timeout=waits):
        raise Busy
    try:
        return ask(request, to=to, account=account, path=path, prefix=prefix)
    finally:
        AT_ONCE.release()


def ask(
    request: HttpRequest, *, to: Path, account: str, path: str, prefix: str
) -> HttpResponse:
    # One connection for each request: the other side is on the same machine. Read to
    # its end, so that a slow browser holds no turn.
    connection = UnixConnection(to)
    try:
        connection.request(
            request.method or "GET",
            build_target(path, request.META.get("QUERY_STRING", "")),
            # Not `request.body`, which takes no files of some size.
            body=request.read() or None,
            headers=build_headers(request, account=account, prefix=prefix),
        )
        found = connection.getresponse()
        body = found.read()
    except (OSError, HTTPException) as error:
        raise NotAnswering from error
    finally:
        connection.close()
    return build_answer(found, body, prefix=prefix, secure=request.is_secure())


def fetch(
    request: HttpRequest, sandbox: HasSandbox, *, account: str, path: str, most: int
) -> bytes:
    """Fetch what a page inside sends, on behalf of a request here: `most` bytes, and
    one more where there are more. Raises NotAnswering where nothing answers, or not
    with a file, and Busy where it was not its turn."""
    # As a page that is passed on: else some who hand in would take all threads.
    if not AT_ONCE.acquire(timeout=WAITS):
        raise Busy
    try:
        return _fetch(request, sandbox, account=account, path=path, most=most)
    finally:
        AT_ONCE.release()


def _fetch(
    request: HttpRequest, sandbox: HasSandbox, *, account: str, path: str, most: int
) -> bytes:
    connection = UnixConnection(sandbox.folder.socket)
    headers = {
        "Host": request.get_host(),
        "X-Forwarded-Proto": "https" if request.is_secure() else "http",
        ACCOUNT: account,
    }
    try:
        connection.request("GET", path, headers=headers)
        found = connection.getresponse()
        content = found.read(most + 1)
    except (OSError, HTTPException) as error:
        raise NotAnswering from error
    finally:
        connection.close()
    if found.status != 200:
        raise NotAnswering(f"{path}: {found.status}")
    return content


def build_target(path: str, query: str) -> str:
    """Build what is asked for: the path as Django has read it, written as an address
    again; the rest as it came."""
    # WSGI hands bytes on as Latin-1; what a browser left as it is must be written, too.
    rest = quote(query.encode("latin-1"), safe=string.punctuation)
    return quote(path) + (f"?{rest}" if rest else "")


def build_headers(request: HttpRequest, *, account: str, prefix: str) -> dict[str, str]:
    asked = {name: request.headers[name] for name in ASKED if name in request.headers}
    asked |= {
        name: request.headers[name]
        for name in WHERE
        if is_inside(urlsplit(request.headers.get(name, "")).path, prefix)
    }
    return asked | {
        "Host": request.get_host(),
        "X-Forwarded-Proto": "https" if request.is_secure() else "http",
        "Cookie": "; ".join(list_cookies(request.META.get("HTTP_COOKIE", ""))),
        ACCOUNT: account,
    }


def list_cookies(words: str) -> list[str]:
    """List the cookies that the exercise has set, as it has named them."""
    # As they came, not as Django reads them: a quoted one could hold a line of its own.
    pairs = (pair.strip() for pair in words.split(";"))
    return [
        pair.removeprefix(PREFIX)
        for pair in pairs
        if pair.startswith(PREFIX) and pair.isascii() and pair.isprintable()
    ]


def is_inside(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def build_answer(
    found: HTTPResponse, body: bytes, *, prefix: str, secure: bool
) -> HttpResponse:
    answer = HttpResponse(body, status=found.status, reason=found.reason)
    # Django's own guess: what the exercise sent counts, also where it sent none.
    del answer.headers["Content-Type"]
    for name, value in found.getheaders():
        if name.lower() in LEADS_ON:
            answer.headers[name] = keep_inside(value, prefix)
        elif name.lower() in ANSWERED:
            answer.headers[name] = value
        elif name.lower() == "set-cookie":
            for cookie in parse_cookies(value, prefix=prefix, secure=secure):
                answer.cookies.load(cookie)
    return answer


def keep_inside(target: str, prefix: str) -> str:
    """Keep a way on within the exercise: where a page forgot the prefix, it would lead
    to a page of real work. What hides a page leads away on purpose."""
    if is_inside(urlsplit(target).path, prefix) and target.startswith("/"):
        return target
    return target if target in (settings.QUICK_EXIT_URL, "false") else f"{prefix}/"


def parse_cookies(words: str, *, prefix: str, secure: bool) -> Iterator[SimpleCookie]:
    """Rename a cookie of the exercise, and keep it to its addresses."""
    for name, morsel in SimpleCookie(words).items():
        cookie: SimpleCookie = SimpleCookie({PREFIX + name: morsel.value})
        kept = cookie[PREFIX + name]
        for key in ("max-age", "expires", "httponly", "samesite"):
            kept[key] = morsel[key]
        kept["path"], kept["secure"] = prefix, secure
        yield cookie
