"""A body is there as a whole, or no page begins with it."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana import arriving
from amana.arriving import Arrivals, BodyBrokenOff, BodyRefused, Message
from amana.asgi import application
from amana.language_folders import list_complete_languages

CHUNKED = [(b"transfer-encoding", b"chunked")]


class Browser:
    """Sends these pieces; then it stays silent, or is gone."""

    def __init__(self, pieces: Iterable[bytes], *, ends: bool, stays: bool) -> None:
        self.waits: list[Message] = [
            {"type": "http.request", "body": piece, "more_body": True}
            for piece in pieces
        ]
        if ends:
            self.waits[-1]["more_body"] = False
        self.stays = stays

    async def receive(self) -> Message:
        if self.waits:
            return self.waits.pop(0)
        if self.stays:
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}


def arrived(
    *pieces: bytes,
    ends: bool = True,
    stays: bool = False,
    arrivals: Arrivals | None = None,
) -> bytes:
    """What a page reads of it."""
    browser = Browser(pieces, ends=ends, stays=stays)

    async def read() -> bytes:
        found = b""
        whole = (arrivals or Arrivals()).whole(CHUNKED, browser.receive)
        async with whole as receive:
            more = True
            while more:
                message = await receive()
                found += message["body"]
                more = message["more_body"]
            assert (await receive())["type"] == "http.disconnect"
        return found

    return asyncio.run(read())


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=8))
def test_a_body_is_given_out_as_it_came(pieces: list[bytes]) -> None:
    assert arrived(*pieces) == b"".join(pieces)


def test_one_that_breaks_off_reaches_no_page() -> None:
    with pytest.raises(BodyBrokenOff):
        arrived(b"words=Seen tod", ends=False)


def test_one_that_falls_silent_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "SILENCE", 0.05)
    with pytest.raises(BodyRefused) as no:
        arrived(b"words=Seen tod", ends=False, stays=True)
    assert no.value.status == 408


def test_one_that_comes_in_drops_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "PATIENCE", 0.05)
    with pytest.raises(BodyRefused) as no:
        arrived(b"words=Seen tod", ends=False, stays=True)
    assert no.value.status == 408


def test_one_that_is_too_large_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arriving, "LARGEST", 10)
    for headers in (CHUNKED, [(b"Content-Length", b"11")]):
        browser = Browser([b"123456", b"78901"], ends=False, stays=True)

        async def come(headers: Any = headers, browser: Browser = browser) -> None:
            async with Arrivals().whole(headers, browser.receive):
                pytest.fail("A page began with it.")

        with pytest.raises(BodyRefused) as no:
            asyncio.run(come())
        assert no.value.status == 413


def test_large_files_have_a_most_together_and_forms_are_always_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arriving, "SMALL", 10)
    monkeypatch.setattr(arriving, "MOST_HELD", 30)
    arrivals = Arrivals()
    assert arrived(b"x" * 30, arrivals=arrivals)
    assert arrivals.held == 0

    arrivals.held = 25
    assert arrived(b"x" * 10, arrivals=arrivals)
    with pytest.raises(BodyRefused) as no:
        arrived(b"x" * 5, b"x" * 6, arrivals=arrivals)
    assert no.value.status == 503
    assert arrivals.held == 25


def test_whoever_is_refused_reads_why_in_every_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arriving, "SILENCE", 0.05)
    browser = Browser([b"half"], ends=False, stays=True)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": CHUNKED,
    }
    asyncio.run(application(scope, browser.receive, send))

    start, body = sent
    assert start["status"] == 408
    said = dict(start["headers"])
    assert said.items() >= dict(arriving.PROTECTING).items()
    assert b"frame-ancestors 'none'" in said[b"content-security-policy"]
    lines = body["body"].decode().split("\n\n")
    spoken = list_complete_languages("amana/arriving.py")
    assert len(set(lines)) == len(lines) >= len(spoken)
