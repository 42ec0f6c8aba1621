"""Long timers run beside the others, one at a time (P40)."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from amana.schedule import DailyRecurrence, Timer
from amana.trust.alarms import clockwork
from amana.trust.alarms.clockwork import Clockwork, claim
from amana.trust.alarms.models import TimerRun

from .clockworks import Alone


@pytest.fixture
def one_child(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Clockwork]]:
    """A clockwork whose long timers are this piece of Python instead."""
    made: list[Clockwork] = []
    popen = subprocess.Popen

    def begin(script: str) -> Clockwork:
        def start(words: object) -> "subprocess.Popen[bytes]":
            return popen([sys.executable, "-c", script])

        fake = SimpleNamespace(Popen=start, TimeoutExpired=subprocess.TimeoutExpired)
        monkeypatch.setattr(clockwork, "subprocess", fake)
        made.append(Clockwork(Alone(), lambda line: None))
        return made[-1]

    yield begin
    for works in made:
        works.end_beside()


A, B = (
    Timer(name, DailyRecurrence("03:20"), "") for name in ("erase_due", "write_facts")
)


@pytest.mark.django_db
def test_long_timers_run_one_at_a_time(
    one_child: Callable[[str], Clockwork],
) -> None:
    works = one_child("import time; time.sleep(60)")
    works.run_beside(A)
    works.run_beside(B)
    assert works.is_busy_beside()
    assert TimerRun.objects.get(command=A.command).tried_at is not None
    assert not TimerRun.objects.filter(command=B.command).exists()


@pytest.mark.django_db
def test_a_long_timer_that_is_killed_leaves_the_place_to_the_next(
    one_child: Callable[[str], Clockwork],
) -> None:
    works = one_child("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    works.run_beside(A)
    assert works.beside is not None
    works.beside.wait()
    works.run_beside(B)
    assert TimerRun.objects.get(command=A.command).unfinished_since is not None
    assert TimerRun.objects.get(command=B.command).tried_at is not None


@pytest.mark.django_db
def test_a_long_timer_ends_with_the_process(
    one_child: Callable[[str], Clockwork], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clockwork, "FAREWELL", timedelta(seconds=1))
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    works = one_child(f"{deaf}; time.sleep(60)")
    works.run_beside(A)
    child = works.beside
    assert child is not None
    time.sleep(0.3)
    works.end_beside()
    assert child.poll() is not None


@pytest.mark.django_db
def test_a_short_timer_ends_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it had begun is undone, and tried again."""
    monkeypatch.setattr(clockwork, "FAREWELL", timedelta(seconds=0.1))
    said: list[timedelta] = []
    works = Clockwork(Alone(), print, lambda within: said.append(within))

    def told_to_stop(command: str) -> None:
        works.stop()
        time.sleep(30)

    monkeypatch.setattr(clockwork, "call_command", told_to_stop)
    claim(A, timezone.now())
    works.run_here(A)

    assert "TookTooLong" in TimerRun.objects.get(command=A.command).error
    assert said == [clockwork.SHORT + clockwork.ROUND, clockwork.ROUND]
