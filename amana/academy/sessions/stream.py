"""What happens in a room, told to everybody in it at once (server-sent events).

The ordinary view says who may listen and what they missed, and asks by a header that
the answer go on. Where the server can do that (amana.asgi), one task in each process
reads what is new in all followed rooms, ten times a second, and wakes everybody who
follows: the cost of reading does not grow with the people. Where it can't, the answer
ends and the browser asks again after a moment (ADR 0016).

What is told is what stands now, not what happened: whoever was slow or away gets the
latest of each thing that changed, and nothing twice."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from uuid import UUID

from django.db import DatabaseError, close_old_connections

from amana.academy.sessions.engine import room as rooms
from amana.academy.sessions.engine.room import Room
from amana.academy.sessions.models import Session
from amana.academy.sessions.plans import options_of
from amana.academy.sessions.rooms import room_of

log = logging.getLogger(__name__)

GOES_ON = "X-Goes-On"
TICK = 0.1
AFTER_A_FAULT = 1.0
QUIET = 20.0
"""After so many seconds without news a line goes out, so that nothing on the way
takes the connection for dead."""
LONGEST = 15 * 60
"""Then the browser asks again, and it is looked at again whether it may."""
ASK_AGAIN = b"retry: 1000\n\n"

type Send = Callable[[bytes], Awaitable[None]]


def message(room: Room, options: dict[str, int], since: int) -> bytes:
    """What is new after that number; empty where nothing is."""
    if room.number <= since:
        return b""
    told = json.dumps(rooms.told(room, options, since), separators=(",", ":"))
    return f"id: {room.number}\ndata: {told}\n\n".encode()


class Followed:
    """A room that somebody in this process follows."""

    def __init__(self, options: dict[str, int]) -> None:
        self.options = options
        self.room = Room()
        self.followers = 0
        self.came = asyncio.Event()
        self._written: dict[int, bytes] = {}

    def goes_to(self, room: Room) -> None:
        self.room, self._written = room, {}
        self.wake()

    def wake(self) -> None:
        came, self.came = self.came, asyncio.Event()
        came.set()

    def news(self, since: int) -> bytes:
        """Written once for all who have come equally far."""
        if since not in self._written:
            self._written[since] = message(self.room, self.options, since)
        return self._written[since]


class Streams:
    """All that are open in this process."""

    def __init__(self) -> None:
        self.followed: dict[UUID, Followed] = {}
        self.ended = False
        # One thread, and so one connection to the database, for all of them.
        self._thread = ThreadPoolExecutor(1, "room-reader")
        self._reading: asyncio.Task[None] | None = None

    async def follow(self, session: UUID, number: int, send: Send) -> None:
        until = monotonic() + LONGEST
        followed = await self._enter(session)
        try:
            while monotonic() < until and not self.ended:
                came = followed.came
                if news := followed.news(number):
                    number = followed.room.number
                    await send(news)
                elif not await happens(came, QUIET):
                    await send(b":\n\n")
        finally:
            followed.followers -= 1
            if not followed.followers:
                self.followed.pop(session, None)

    def end(self) -> None:
        """When the server stops, so that nothing keeps it from it."""
        self.ended = True
        for followed in self.followed.values():
            followed.wake()

    async def _enter(self, session: UUID) -> Followed:
        if session not in self.followed:
            options = await self._ask(options_by_id, session)
            self.followed.setdefault(session, Followed(options))
        followed = self.followed[session]
        followed.followers += 1
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read())
        return followed

    async def _read(self) -> None:
        while self.followed and not self.ended:
            try:
                newest = await self._ask(newest_of, list(self.followed))
                for session, number in newest.items():
                    followed = self.followed.get(session)
                    if followed and number > followed.room.number:
                        followed.goes_to(await self._ask(room_of, session))
            except DatabaseError:
                log.exception("The rooms could not be read; trying again.")
                await asyncio.sleep(AFTER_A_FAULT)
            await asyncio.sleep(TICK)

    async def _ask[**P, R](
        self, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        def asked() -> R:
            close_old_connections()
            return question(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, asked)


async def happens(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


def newest_of(sessions: Iterable[UUID]) -> dict[UUID, int]:
    numbers = Session.objects.filter(pk__in=list(sessions))
    return dict(numbers.values_list("pk", "last_event"))


def options_by_id(session: UUID) -> dict[str, int]:
    return options_of(Session.objects.for_page().get(pk=session))
