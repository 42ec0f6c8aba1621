"""Foreign files are read by a process that can take little, two at a time."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from amana import answers, confined
from amana.confined import Limits, NotRead
from amana.confined.child import GIVE_WAY

WORKS = "amana.confined.tests.works:"


def run(work: str, content: bytes = b"", **limits: int) -> bytes:
    return told_by(work, content, bytes, **limits)


def told_by[T](
    work: str, content: bytes, read: Callable[[bytes], T], **limits: int
) -> T:
    within = Limits(**{"memory": 512, "seconds": 5, "answer": 32} | limits)
    return confined.run_confined(WORKS + work, content, read, by=None, limits=within)


def test_it_gives_way_to_the_pages_of_others() -> None:
    assert int(run("niceness")) == min(os.nice(0) + GIVE_WAY, 19)


def test_it_gives_the_answer_also_to_much() -> None:
    much = bytes(range(256)) * 20_000
    assert run("turned", much) == much[::-1]


def test_its_work_speaks_the_readers_language() -> None:
    for language, said in (("en", "Finish"), ("fr", "Terminer")):
        with translation.override(language):
            answer = confined.run_confined(
                WORKS + "translated",
                b"Finish",
                bytes,
                by=None,
                limits=Limits(256, 5, 1),
                language=language,
            )
            assert answer.decode() == said


@pytest.mark.parametrize(
    ("work", "content", "said"),
    [
        ("takes_much", b"300", "too large to read"),
        ("answers_much", b"2", "too large to read"),
        ("dies", str(signal.SIGABRT.value).encode(), "too large to read"),
        ("dies", str(signal.SIGTERM.value).encode(), "is damaged"),
        ("never_ends", b"", "takes too long to read"),
        ("breaks", b"", "is damaged"),
        ("opens_many", b"", "is damaged"),
    ],
)
def test_what_is_too_much_comes_back_as_a_sentence(
    work: str, content: bytes, said: str
) -> None:
    with pytest.raises(NotRead, match=said) as no:
        run(work, content, memory=256, seconds=1, answer=1)
    assert "Nothing was changed" in str(no.value)


def test_work_that_waits_for_nothing_is_ended_by_the_clock(monkeypatch) -> None:
    """Stopped, it uses no time of the processor."""
    monkeypatch.setattr(confined, "compute_wall_time", lambda _limits: 1.0)
    with pytest.raises(NotRead, match="takes too long"):
        run("dies", str(signal.SIGSTOP.value).encode())


def test_what_broke_is_told_to_the_operator_without_a_word_of_the_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(NotRead):
        run("breaks")
    assert "works:breaks ended with 1" in caplog.text
    assert "word of the file" not in caplog.text


def test_it_writes_no_file_and_learns_no_secret(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not to be seen")
    written = tmp_path / "written"
    with pytest.raises(NotRead):
        run("writes", str(written).encode())
    assert not written.exists() or written.read_text() == ""
    assert b"SECRET_KEY" not in run("sees")


def test_it_starts_no_process_and_no_thread() -> None:
    """For root the system makes an exception; Amana never runs as root."""
    if os.geteuid() == 0:
        assert run("starts_many", b"65534") == b"refused"
    else:
        assert run("starts_many") == b"refused"


# --- what it answers


def rows(answer: bytes) -> list[Any]:
    head, rest = answers.unpack_head(answer)
    answers.require_kind(head, dict)
    return list(answers.unpack_answer_rows(rest, most=1_000))


def test_rows_come_back_as_they_were() -> None:
    said = [{"name": "Beds\n", "n": [1, None]}, "ü", []]
    assert rows(answers.pack_answer({}, rows=said, most=3)) == said
    with pytest.raises(MemoryError):
        answers.pack_answer({}, rows=said, most=2)
    with pytest.raises(MemoryError):
        answers.pack_answer({}, rows=["x" * answers.LONGEST], most=2)


def test_files_come_back_as_they_were() -> None:
    files = {"a": b"1\n2", "b/c": b"", "d": bytes(range(256))}
    head, rest = answers.unpack_head(answers.pack_files(files))
    assert answers.unpack_files(head, rest, most=3) == files


@pytest.mark.parametrize(
    "told",
    [
        {"files": [["a", 1]]},
        {"files": [["a", 3], ["a", -1]]},
        {"files": [["a", 2], ["b", -1]]},
        {"files": [["a", 1], ["a", 1]]},
        {"files": [["a", "2"]]},
        {"files": [["a", 1], ["b", 1], ["c", 0]]},
        {"files": {"a": 2}},
        [],
    ],
)
def test_files_that_are_not_those_that_were_told_are_refused(told: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        answers.unpack_files(told, b"ab", most=2)


LISTS = b"[],"
HOSTILE = {
    "one long line": b"{}\n[" + LISTS * 10_000_000 + b"[]]",
    "lists in lists": b"{}\n" + b"[" * 30_000_000,
    "many short rows": b"{}\n" + b"[]\n" * 10_000_000,
    "many empty rows": b"{}\n" + b"\n" * 30_000_000,
    "rows as long as may be": b"{}\n" + (b"[" + LISTS * 699_000 + b"[]]\n") * 15,
    "as much as may be": b"{}\n" + (b"[" + LISTS * 690_000 + b"[]]\n") * 2 + b"no",
    "no head": b"[" * 30_000_000,
    "a head of lists": b"[" * 1_000_000 + b"\n",
    "another head": b"[]\n",
    "no JSON": b"{}\nnothing\n",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_an_answer_of_a_hostile_process_holds_up_no_worker(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if a library were taken over; JSON of 30 MB read at once takes a second and
    more, in which no other page is answered, and a gigabyte."""
    monkeypatch.setattr(confined, "ask_process", lambda *_asked: HOSTILE[what])
    read: list[bytes] = []
    loads = json.loads

    def load(piece: bytes) -> object:
        read.append(piece)
        return loads(piece) if len(piece) < 100 else []

    monkeypatch.setattr(json, "loads", load)

    with pytest.raises(NotRead, match="is damaged"):
        told_by("turned", b"", rows)

    # One piece holds the interpreter, and all of them fill the memory. The limits are
    # written out: larger ones would pass else.
    assert max(map(len, read), default=0) <= 2 << 20
    marks = (b"[", b"{", b",")
    assert sum(piece.count(mark) for piece in read for mark in marks) <= 3_000_000


def test_an_answer_is_read_while_the_turn_is_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(confined, "AT_ONCE", 1)
    monkeypatch.setattr(confined, "PATIENCE", 0)

    def read(answer: bytes) -> bytes:
        with pytest.raises(NotRead, match="Other files"), confined.hold_turn(None):
            pass
        return answer

    assert told_by("turned", b"ab", read) == b"ba"


# --- no lock is held meanwhile


@pytest.mark.django_db
def test_nothing_is_read_inside_a_transaction() -> None:
    assert run("turned", b"ab") == b"ba"
    with transaction.atomic(), pytest.raises(RuntimeError, match="before a trans"):
        run("turned", b"ab")


# --- turns


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "PATIENCE", 0)
    monkeypatch.setattr(confined, "FOR_ONES_OWN", 0)


@pytest.mark.usefixtures("_impatient")
def test_two_at_a_time_and_one_for_each_person() -> None:
    with confined.hold_turn(1):
        with (
            pytest.raises(NotRead, match="Another file of yours"),
            confined.hold_turn(1),
        ):
            pass
        with confined.hold_turn(2):
            with pytest.raises(NotRead, match="Other files"), confined.hold_turn(3):
                pass
            with pytest.raises(NotRead, match="Other files"), confined.hold_turn(None):
                pass
        with confined.hold_turn(3):
            pass


@pytest.mark.usefixtures("_impatient")
def test_the_public_never_takes_both_places() -> None:
    with confined.hold_turn(None):
        with pytest.raises(NotRead, match="Other files"), confined.hold_turn(None):
            pass
        with confined.hold_turn(1):
            pass


HOLDS = """
import fcntl, sys, time
files = [open(path, "w") for path in sys.argv[1:]]
[fcntl.flock(file, fcntl.LOCK_EX) for file in files]
print("held", flush=True)
time.sleep(60)
"""


@pytest.mark.usefixtures("_impatient")
def test_places_are_those_of_all_processes_and_free_when_one_is_killed(
    settings,
) -> None:
    with confined.hold_turn(None):
        places = sorted(settings.CONFINED_TURNS.glob("place-*"))
    assert len(places) == confined.AT_ONCE
    words = [sys.executable, "-c", HOLDS, *map(str, places)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(NotRead, match="Other files"), confined.hold_turn(1):
            pass
        other.kill()
        other.wait()
        with confined.hold_turn(1):
            pass
