"""Amana as it is served: every page by the same WSGI application in a few threads, and
open streams without a thread each (ADR 0016).

A view that wants its answer to go on says so by a header. Everything else about the
request, above all who may, was decided by then like for any other page."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from a2wsgi import WSGIMiddleware

from amana import watchdog
from amana.arriving import (
    Arrivals,
    BodyBrokenOff,
    BodyRefused,
    Message,
    Receive,
    Send,
    send_refusal,
)
from amana.wsgi import application as pages

# After the WSGI application, which sets Django up.
from amana.ui.streams import CAN_GO_ON, GOES_ON, OpenStreams  # isort: skip

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

THREADS = 4
"""Each holds a connection to the database."""
BEAT = timedelta(seconds=5)
SILENT = timedelta(seconds=30)
"""A worker that says nothing for so long is stuck, and ends."""
LONGEST = timedelta(minutes=2)
"""So is one in which every thread is at a page and none has come to its end."""
FAREWELL = timedelta(seconds=15)
"""What a page has to end in when the server stops; then the worker ends without it."""
PIECE = 64 * 1024
"""Bytes of an answer that wait together: of a table, some hundred lines."""
AHEAD = 256
"""Pieces of an answer that wait for a slow browser, and hold no thread: 16 MB."""
AT_ONCE = 0.2
"""Seconds after which a piece is worth sending by itself: a page says how far it is."""
HEADER = GOES_ON.lower().encode()
NOT_WITH_IT = (HEADER, b"content-length")

arrivals = Arrivals()
streams = OpenStreams()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await serve_lifespan(receive, send)
        return
    answer = StreamingAnswer(send)
    try:
        # The body first, then a thread: there are few threads, and eight slow
        # telephones would hold them all (ADR 76).
        async with arrivals.whole(scope.get("headers", []), receive) as whole:
            await in_threads(clean_headers(scope), whole, answer.send)  # type: ignore[arg-type]
    except BodyBrokenOff:
        return
    except BodyRefused as no:
        await send_refusal(no, send)
        return
    if answer.goes_on:
        await keep_open(answer.goes_on, receive, send)


def clean_headers(scope: Message) -> Message:
    """Drop the headers whose name has an underscore: to WSGI `X_Forwarded_For` is the
    same as `X-Forwarded-For`, which our own proxy sets, and which no browser may set.
    Add the one by which a view knows that its answer can be kept open, which no browser
    can set for us."""
    given = scope.get("headers", ())
    ours = (CAN_GO_ON.lower().encode(), b"1")
    # Else a browser could forge its address by `X_Forwarded_For`, and with it every
    # limit by address.
    headers = [(name, value) for name, value in given if b"_" not in name]
    return {**scope, "headers": [*(h for h in headers if h[0] != ours[0]), ours]}


async def serve_lifespan(receive: Receive, send: Send) -> None:
    """Run from the server's start to its end, and report to the watchdog meanwhile."""
    await receive()
    beating = asyncio.create_task(report_alive())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    beating.cancel()
    # The last report gives the pages that are being made this long and no longer: a
    # worker once outlived its stop by 14 minutes (ADR 75).
    watchdog.report_alive(within=FAREWELL)
    streams.end()
    await send({"type": "lifespan.shutdown.complete"})


async def report_alive() -> None:
    """Report that this worker works for as long as it answers."""
    while True:
        # The loop may be well while all threads hang, so it only reports if they move,
        # too.
        if not pulse.is_stuck:
            watchdog.report_alive(within=SILENT)
        await asyncio.sleep(BEAT.total_seconds())


class Pulse:
    """Whether the pages that the threads are at come to an end."""

    def __init__(self) -> None:
        self.at_work = 0
        self.moved_at = monotonic()
        self._one_at_a_time = Lock()

    @contextmanager
    def page(self) -> Iterator[None]:
        self._move(+1)
        try:
            yield
        finally:
            self._move(-1)

    def _move(self, by: int) -> None:
        with self._one_at_a_time:
            self.at_work += by
            self.moved_at = monotonic()

    @property
    def is_stuck(self) -> bool:
        since = monotonic() - self.moved_at
        return self.at_work >= THREADS and since > LONGEST.total_seconds()


pulse = Pulse()


def build_threaded_app(pages: "WSGIApplication") -> WSGIMiddleware:
    """Have each page, until it is closed, noted by the pulse."""

    def noted(
        environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> NotedAnswer:
        with ExitStack() as at_work:
            at_work.enter_context(pulse.page())
            answer = pages(environ, start_response)
            return NotedAnswer(answer, at_work.pop_all())

    return WSGIMiddleware(
        noted,  # type: ignore[arg-type]
        workers=THREADS,
        send_queue_size=AHEAD,
    )


class NotedAnswer:
    """An answer in larger pieces, which is closed once its last piece was sent: what a
    page does after its answer keeps no one waiting."""

    def __init__(self, answer: Iterable[bytes], at_work: ExitStack) -> None:
        self._answer = answer
        self._at_work = at_work

    def __iter__(self) -> Iterator[bytes]:
        return join_pieces(self._answer)

    def close(self) -> None:
        with self._at_work:
            # Django ends the request, and gives back its connection, only here.
            getattr(self._answer, "close", lambda: None)()


def join_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join what is made in quick succession, such as the lines of a table: each by
    itself, they would take all the room that waits for a slow browser."""
    waiting: list[bytes] = []
    size, sent_at = 0, float("-inf")
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= PIECE or monotonic() - sent_at >= AT_ONCE:
            yield b"".join(waiting)
            waiting.clear()
            size, sent_at = 0, monotonic()
    if waiting:
        yield b"".join(waiting)


in_threads = build_threaded_app(pages)


class StreamingAnswer:
    """Passes an answer on, and keeps it open where the view asked for that."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.goes_on = ""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            asked = [value for name, value in headers if name.lower() == HEADER]
            if asked:
                self.goes_on = asked[0].decode()
                kept = [h for h in headers if h[0].lower() not in NOT_WITH_IT]
                message = {**message, "headers": kept}
        elif self.goes_on:
            message = {**message, "more_body": True}
        await self._send(message)


async def keep_open(what: str, receive: Receive, send: Send) -> None:
    """Keep the answer open until the browser is gone, or the stream ends by itself."""
    source, key, since = what.split(" ", 2)

    async def write(body: bytes) -> None:
        await send({"type": "http.response.body", "body": body, "more_body": True})

    following = asyncio.create_task(streams.follow(source, key, since, write))
    leaving = asyncio.create_task(await_disconnect(receive))
    try:
        await asyncio.wait({following, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (following, leaving):
            task.cancel()
        await asyncio.gather(following, leaving, return_exceptions=True)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def await_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
