"""A request has arrived as a whole before a thread begins with it.

There are few threads, and one that waits for a slow telephone helps no one: eight such
telephones, or one person with bad intent, would hold up the house. So the body is
awaited here; in memory, since what people send never lies on a disk in the clear. One
that breaks off is dropped: else half a form would be taken for a whole one.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Headers = list[tuple[bytes, bytes]]

MB = 1 << 20
LARGEST = 64 * MB
"""Bytes of a body: the largest file that a page takes, and what is around it."""
SMALL = MB // 4
"""A form without a file: there is always room for it."""
MOST_HELD = 256 * MB
"""Of all that is larger, in one process at a time."""
SILENCE = 30.0
"""Seconds in which something has to come."""
PATIENCE = 15 * 60.0
"""Seconds for the whole: 10 MB by a network of 12 kB/s."""


PROTECTING: Headers = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]
"""What each page says to the browser, for an answer that no middleware sees."""


class BodyBrokenOff(Exception):
    """The browser is gone before the end of what it sent."""


class BodyRefused(Exception):
    """Why a body isn't taken."""

    def __init__(self, status: int, why: Promise) -> None:
        super().__init__()
        self.status, self.why = status, why


def build_too_large() -> BodyRefused:
    return BodyRefused(413, _("This is too large: at most 64 MB."))


def build_too_slow() -> BodyRefused:
    return BodyRefused(
        408,
        _(
            "Sending took too long, and nothing was saved. Go back and send it again "
            "where the network is better."
        ),
    )


def build_too_much() -> BodyRefused:
    return BodyRefused(
        503,
        _(
            "Too many large files are being sent at the moment. Go back and send "
            "yours again in a few minutes."
        ),
    )


@dataclass
class ArrivingBody:
    """What has come of it so far."""

    content: bytearray = field(default_factory=bytearray)
    counted: int = 0
    """How much of it counts as held."""


class Arrivals:
    """What has arrived in this process, and is not done with."""

    def __init__(self) -> None:
        self.held = 0

    @asynccontextmanager
    async def whole(self, headers: Headers, receive: Receive) -> AsyncIterator[Receive]:
        """Await the body, and give it out in one piece. Raises BrokeOff or NotTaken."""
        if not has_body(headers):
            yield wrap_as_coroutine(receive)
            return
        body = ArrivingBody()
        try:
            await self._take_in(body, receive)
            yield replay_body(body, receive)
        finally:
            self.held -= body.counted

    async def _take_in(self, body: ArrivingBody, receive: Receive) -> None:
        try:
            # Two clocks: silence alone would let a sender drip one byte every half
            # minute for ever, and the whole alone would keep a dead connection for a
            # quarter of an hour.
            async with asyncio.timeout(PATIENCE):
                while True:
                    async with asyncio.timeout(SILENCE):
                        message = await receive()
                    # Checked before the body grows: the adapter takes the end of the
                    # connection for the end of the body, and half a form would be saved
                    # as a whole one (ADR 76).
                    if message["type"] == "http.disconnect":
                        raise BodyBrokenOff
                    body.content += message.get("body", b"")
                    self._count(body)
                    if not message.get("more_body", False):
                        return
        except TimeoutError:
            raise build_too_slow() from None

    def _count(self, body: ArrivingBody) -> None:
        size = len(body.content)
        if size > LARGEST:
            raise build_too_large()
        # Forms don't count: an attacker who fills the common room with large files must
        # not keep a colleague from saving a page (ADR 76).
        if size > SMALL:
            self.held += size - body.counted
            body.counted = size
            if self.held > MOST_HELD:
                raise build_too_much()


def has_body(headers: Headers) -> bool:
    """Check the headers for a body: by HTTP a request without either of these has none.
    Raises NotTaken where the length that they give is too large."""
    said = {name.lower(): value for name, value in headers}
    length = said.get(b"content-length", b"0")
    if length.isdigit() and int(length) > LARGEST:
        raise build_too_large()
    return length != b"0" or b"transfer-encoding" in said


def replay_body(body: ArrivingBody, receive: Receive) -> Receive:
    """Return a `receive` that gives the body in one piece, then whatever comes after
    it."""
    waits = [body]

    async def give() -> Message:
        if not waits:
            return await receive()
        content = waits.pop().content
        body.content = bytearray()  # its reader has a copy: none is needed twice
        return {"type": "http.request", "body": content, "more_body": False}

    return give


def wrap_as_coroutine(receive: Receive) -> Receive:
    """Wrap `receive` in a coroutine, as a2wsgi needs it; granian's own is only
    awaitable."""

    async def received() -> Message:
        return await receive()

    return received


async def send_refusal(no: BodyRefused, send: Send) -> None:
    """Answer with the reason in every language of the product: who asks is not known
    yet."""
    # Text in all languages: no session has been read yet, so nothing says which one the
    # person reads.
    lines = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            lines.append(str(no.why))
    # Once each: a language that is not translated yet has the English sentence.
    body = "\n\n".join(dict.fromkeys(lines)).encode()
    headers = [
        *PROTECTING,
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    if settings.SECURE_HSTS_SECONDS:
        lasts = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
        headers.append((b"strict-transport-security", lasts.encode()))
    start = {"type": "http.response.start", "status": no.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body, "more_body": False})
