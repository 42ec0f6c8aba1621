"""The pieces of an answer wait together for a slow browser, and none waits in vain."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana import asgi


@given(st.lists(st.binary(max_size=40)))
def test_what_is_joined_is_what_was_made(pieces: list[bytes]) -> None:
    assert b"".join(asgi.join_pieces(pieces)) == b"".join(pieces)


def test_a_table_of_many_lines_waits_in_few_pieces() -> None:
    lines = (b"x" * 99 + b"\n" for _line in range(120_000))
    pieces = list(asgi.join_pieces(lines))
    assert sum(map(len, pieces)) == 12_000_000
    assert len(pieces) < asgi.AHEAD


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    now = {"now": 0.0}
    monkeypatch.setattr(asgi, "monotonic", lambda: now["now"])
    return now


def test_a_page_that_works_says_at_once_how_far_it_is(clock: dict[str, Any]) -> None:
    made: list[bytes] = []

    def works() -> Iterator[bytes]:
        for number in range(4):
            piece = b"%d of 4" % number
            made.append(piece)
            yield piece
            clock["now"] += 0.3

    for said in asgi.join_pieces(works()):
        assert said == made[-1]
