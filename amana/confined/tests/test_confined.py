"""Foreign files are read by a process that can take little, two at a time."""

import signal
import subprocess
import sys

import pytest
from django.utils import translation

from amana import confined
from amana.confined import Limits, NotRead

WORKS = "amana.confined.tests.works:"


def run(work: str, content: bytes = b"", **limits: int) -> bytes:
    return confined.run(WORKS + work, content, by=None, limits=Limits(**limits))


def test_it_gives_the_answer_also_to_much() -> None:
    much = bytes(range(256)) * 20_000
    assert run("turned", much) == much[::-1]


def test_its_work_speaks_the_readers_language() -> None:
    for language, said in (("en", "Finish"), ("fr", "Terminer")):
        with translation.override(language):
            answer = confined.run(
                WORKS + "translated", b"Finish", by=None, language=language
            )
            assert answer.decode() == said


@pytest.mark.parametrize(
    ("work", "content", "said"),
    [
        ("takes_much", b"300", "unfolds to more than can be read"),
        ("answers_much", b"2", "unfolds to more than can be read"),
        ("dies", str(signal.SIGABRT.value).encode(), "unfolds to more"),
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
    monkeypatch.setattr(confined, "by_the_clock", lambda _limits: 1.0)
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


# --- turns


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "PATIENCE", 0)
    monkeypatch.setattr(confined, "FOR_ONES_OWN", 0)


@pytest.mark.usefixtures("_impatient")
def test_two_at_a_time_and_one_for_each_person() -> None:
    with confined.turn(1):
        with pytest.raises(NotRead, match="Another file of yours"), confined.turn(1):
            pass
        with confined.turn(2):
            with pytest.raises(NotRead, match="Other files"), confined.turn(3):
                pass
            with pytest.raises(NotRead, match="Other files"), confined.turn(None):
                pass
        with confined.turn(3):
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
    with confined.turn(None):
        places = sorted(settings.CONFINED_TURNS.glob("place-*"))
    assert len(places) == confined.AT_ONCE
    words = [sys.executable, "-c", HOLDS, *map(str, places)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(NotRead, match="Other files"), confined.turn(1):
            pass
        other.kill()
        other.wait()
        with confined.turn(1):
            pass
