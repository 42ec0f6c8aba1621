"""The stream goes on where a view lets it, and tells everybody what is new, once."""

import asyncio
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import OperationalError

from amana import asgi
from amana.academy.sessions import stream
from amana.academy.sessions.engine import room_state as rooms
from amana.academy.sessions.engine.room_state import RoomAct, RoomState, RoomVerb
from amana.academy.sessions.engine.tests.test_room_state import START
from amana.ui import streams as open_streams
from amana.ui.streams import GOES_ON, OpenStreams

SESSION = uuid4()


class World:
    """Instead of the database: what happened in one room, and how often it was read."""

    def __init__(self):
        self.events = []
        self.reads = 0
        self.fault = None

    def happens(self, verb, seat=None, object="", **data):
        number = len(self.events) + 1
        self.events.append(RoomAct(number, START, seat, verb, object, data))

    def newest_of(self, sessions):
        self.reads += 1
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault
        return dict.fromkeys(sessions, len(self.events))

    def room_of(self, session):
        return rooms.apply_events(RoomState(), self.events)


@pytest.fixture
def world(monkeypatch):
    world = World()
    monkeypatch.setattr(stream, "find_newest_numbers", world.newest_of)
    monkeypatch.setattr(stream, "get_room", world.room_of)
    monkeypatch.setattr(stream, "count_options_by_id", lambda session: {"poll-1": 2})
    monkeypatch.setattr(open_streams, "close_old_connections", lambda: None)
    monkeypatch.setattr(stream, "TICK", 0.005)
    monkeypatch.setattr(open_streams, "AFTER_A_FAULT", 0.005)
    return world


class Browser:
    """What one of them was sent."""

    def __init__(self):
        self.heard = []

    async def send(self, body):
        self.heard.append(body.decode())

    async def until(self, many):
        async with asyncio.timeout(5):
            while len(self.heard) < many:
                await asyncio.sleep(0.005)


def follow(streams, number=0):
    browser = Browser()
    following = streams.follow(stream.ROOMS, str(SESSION), str(number), browser.send)
    return browser, asyncio.create_task(following)


def test_everybody_hears_it_and_it_is_read_once_for_all(world):
    async def story():
        streams = OpenStreams()
        world.happens(RoomVerb.JOINED, 1)
        several = [follow(streams) for _ in range(50)]
        for browser, _task in several:
            await browser.until(1)
        before = world.reads
        world.happens(RoomVerb.ASKED, object="poll-1")
        for browser, _task in several:
            await browser.until(2)
        assert world.reads - before < 20
        streams.end()
        await asyncio.gather(*(task for _browser, task in several))
        assert not streams.followed
        return {browser.heard[1] for browser, _task in several}

    (heard,) = asyncio.run(story())
    assert heard == (
        'id: 2\ndata: {"poll-1":{"open":true,"answers":0,"counts":[0,0]}}\n\n'
    )


def test_who_comes_back_hears_what_they_missed_and_nothing_twice(world):
    async def story():
        streams = OpenStreams()
        for seat in (1, 2, 3):
            world.happens(RoomVerb.JOINED, seat)
        world.happens(RoomVerb.HAND, 1, up=True)
        late, first = follow(streams, 3)
        await late.until(1)
        streams.end()
        await first
        return late.heard

    assert asyncio.run(story()) == ['id: 4\ndata: {"hands":1}\n\n']


def test_a_database_that_is_away_for_a_moment_ends_no_stream(world):
    async def story():
        streams = OpenStreams()
        browser, task = follow(streams)
        await asyncio.sleep(0.02)
        world.fault = OperationalError("gone")
        world.happens(RoomVerb.JOINED, 1)
        await browser.until(1)
        streams.end()
        await task
        return browser.heard

    assert asyncio.run(story()) == ['id: 1\ndata: {"here":1}\n\n']


def test_a_quiet_stream_gives_a_sign_and_ends_after_a_while(world, monkeypatch):
    monkeypatch.setattr(open_streams, "QUIET", 0.02)
    monkeypatch.setattr(open_streams, "LONGEST", 0.05)

    async def story():
        browser, task = follow(OpenStreams())
        await task
        return browser.heard

    assert set(asyncio.run(story())) == {":\n\n"}


# --- as it is served


async def answer_of(headers, leaves_after=0.1):
    """What goes out for a view that answers with these headers."""
    sent = []

    async def view(scope, receive, send):
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": b"first"})

    async def receive():
        await asyncio.sleep(leaves_after)
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    with patch.object(asgi, "in_threads", view):
        await asgi.application({"type": "http"}, receive, send)
    return sent


def test_an_ordinary_answer_is_passed_on_as_it_is(world):
    headers = [(b"content-length", b"5")]
    start, body = asyncio.run(answer_of(headers))
    assert start["headers"] == headers
    assert "more_body" not in body


def test_an_answer_goes_on_where_the_view_asks_for_it(world, monkeypatch):
    monkeypatch.setattr(asgi, "streams", OpenStreams())
    world.happens(RoomVerb.JOINED, 1)
    asks = (GOES_ON.encode(), f"{stream.ROOMS} {SESSION} 0".encode())
    sent = asyncio.run(answer_of([asks, (b"content-length", b"5"), (b"vary", b"x")]))
    assert sent[0]["headers"] == [(b"vary", b"x")]
    bodies = [message["body"] for message in sent[1:]]
    assert bodies == [b"first", b'id: 1\ndata: {"here":1}\n\n', b""]
    assert [message["more_body"] for message in sent[1:]] == [True, True, False]
    assert not asgi.streams.followed
