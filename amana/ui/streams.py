"""Answers that go on: what changes is told to every page that follows it, at once.

A room offers a `TopicSource`. Its ordinary view says who may listen and what they
missed,
and asks by a header that the answer go on (`open_stream`). Where the server can do that
(`amana.asgi`), one task a source and process looks for news, with one question to the
database for all streams together, and wakes those who follow what changed: the cost
does not grow with the pages that are open. Where it can't, the answer ends and the
browser asks again after a moment (ADRs 0016 and 0045).

What is told is what holds now, not what happened: a page that was slow or away gets
the latest, and nothing twice. Time is measured by the steady clock alone, so that a
jump of the other one neither ends a stream nor keeps it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any, Protocol

from django.db import DatabaseError, close_old_connections
from django.http import StreamingHttpResponse

log = logging.getLogger(__name__)

GOES_ON = "X-Goes-On"
CAN_GO_ON = "X-Can-Go-On"
"""Of a request: this server keeps answers open, so a view need not say what was missed;
who follows is told it once no change can slip between."""
AFTER_A_FAULT = 1.0
QUIET = 20.0
"""After so many seconds without news a line goes out, so that nothing on the way
takes the connection for dead."""
LONGEST = 15 * 60
"""Then the browser asks again, and the rules are asked again whether it may."""
ASK_AGAIN = b"retry: 1000\n\n"

type Send = Callable[[bytes], Awaitable[None]]
type News = tuple[str, bytes]
"""The version that a page has after it, and the message."""


def format_event(version: str, data: str) -> bytes:
    """Format one message as browsers take it; `version` comes back as
    `Last-Event-ID`."""
    return f"id: {version}\ndata: {data}\n\n".encode()


class Topic(Protocol):
    """What one can follow: a session's room, what waits for a person."""

    def news(self, since: str) -> News | None:
        """Return what a page at version `since` has to be told, if anything."""


class TopicSource(Protocol):
    """All topics of one kind. Every method runs in the thread of its source."""

    @property
    def tick(self) -> float:
        """Seconds between two looks for news."""

    def open(self, key: str) -> Topic: ...

    def changed(self, topics: Mapping[str, Any]) -> Iterable[str]:
        """Return the keys of those that have to be read again. One query for all."""

    def read(self, topic: Any) -> None:
        """Bring a topic up to date."""


SOURCES: dict[str, TopicSource] = {}
"""By the name that a view gives."""


def open_stream(
    source: str, key: str, version: str, missed: bytes
) -> StreamingHttpResponse:
    """Build a view's answer: what was missed, and the wish that it be kept open from
    there."""
    return StreamingHttpResponse(
        [ASK_AGAIN + missed],
        content_type="text/event-stream; charset=utf-8",
        headers={GOES_ON: f"{source} {key} {version}", "X-Accel-Buffering": "no"},
    )


class FollowedTopic:
    """A topic that a page in this process follows."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.followers = 0
        self.came = asyncio.Event()

    def wake(self) -> None:
        came, self.came = self.came, asyncio.Event()
        came.set()


class TopicFlow:
    """The open streams of one source, and the task that looks for their news."""

    def __init__(self, source: TopicSource, name: str) -> None:
        self.source = source
        self.followed: dict[str, FollowedTopic] = {}
        self.ended = False
        # One thread, and so one connection to the database, for all of them.
        self._thread = ThreadPoolExecutor(1, f"{name}-reader")
        self._reading: asyncio.Task[None] | None = None

    async def follow(self, key: str, since: str, send: Send) -> None:
        until = monotonic() + LONGEST
        # Entered before the first look for news: what changes in between is seen, not
        # lost.
        followed = await self._enter(key)
        try:
            while monotonic() < until and not self.ended:
                # Taken before the topic is asked: a wake-up between the question and
                # the wait would otherwise be missed until the next one.
                came = followed.came
                if news := followed.topic.news(since):
                    since, message = news
                    await send(message)
                elif not await await_event(came, QUIET):
                    await send(b":\n\n")
        finally:
            followed.followers -= 1
            # Another may have taken its place under the key meanwhile.
            if not followed.followers and self.followed.get(key) is followed:
                del self.followed[key]

    def end(self) -> None:
        self.ended = True
        for followed in self.followed.values():
            followed.wake()

    async def _enter(self, key: str) -> FollowedTopic:
        if key not in self.followed:
            topic = await self._ask(self.source.open, key)
            # Two pages may have opened it at the same time, while the first waited for
            # the database: both must follow the same one.
            self.followed.setdefault(key, FollowedTopic(topic))
        followed = self.followed[key]
        followed.followers += 1
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        return followed

    async def _read(self) -> None:
        while self.followed and not self.ended:
            try:
                topics = {
                    key: followed.topic for key, followed in self.followed.items()
                }
                for key in await self._ask(self.source.changed, topics):
                    if followed := self.followed.get(key):
                        await self._ask(self.source.read, followed.topic)
                        followed.wake()
            except DatabaseError:
                log.exception("A stream's news could not be read; trying again.")
                await asyncio.sleep(AFTER_A_FAULT)
            await asyncio.sleep(self.source.tick)

    async def _ask[**P, R](
        self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        def asked() -> R:
            # No request ends in this thread, so nothing else drops a connection that
            # PostgreSQL has closed.
            close_old_connections()
            return question(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, asked)


class OpenStreams:
    """All that are open in this process."""

    def __init__(self) -> None:
        self.flows: dict[str, TopicFlow] = {}

    async def follow(self, source: str, key: str, since: str, send: Send) -> None:
        if source not in self.flows:
            self.flows[source] = TopicFlow(SOURCES[source], source)
        await self.flows[source].follow(key, since, send)

    @property
    def followed(self) -> list[str]:
        """Every topic that a page follows."""
        return [key for flow in self.flows.values() for key in flow.followed]

    def end(self) -> None:
        """End all of them when the server stops, so that none delays it."""
        for flow in self.flows.values():
            flow.end()


async def await_event(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
