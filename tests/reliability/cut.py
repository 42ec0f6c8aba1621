"""Commands that are killed again and again, each time a little later, until each gets
to its end.

    python -m tests.reliability.cut COMMAND … [-- COMMAND …]
    python -m tests.reliability.cut keeper renew [-- …]        one of the keeper's

SIGKILL comes just before a step: a file that is opened to be written, renamed, linked,
deleted, a program begun; and before and after each commit. First before the 1st, then
before ever later ones, by lot (AMANA_SEED; AMANA_EACH_STEP=1: before each one), always
on what the time before has left. AMANA_CUT_AT=module.function: once, and only before
this is called.

Works where `AMANA_VAR` and `DATABASE_URL` say. Says in JSON, of each command, before
which steps it was killed, and how it ended when it was not."""

import importlib
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.mutants.beside import plant_if_asked
from tests.reliability import keeper

STEPS = {
    *("os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"),
    *("subprocess.Popen", "sqlite3.connect"),
}
"""As `sys.audit` names them."""
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
MOMENT = 0.05
"""Seconds in which a database notices that one who was killed is gone."""


@dataclass
class Ended:
    """How a command ended that was not killed."""

    words: list[str]
    code: int
    out: str
    err: str
    killed_before: list[int] = field(default_factory=list)


# --- the one that is killed


class Steps:
    """Counts, and ends the process before one of them."""

    def __init__(self, until: int) -> None:
        self.until = until

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event in STEPS or (event == "open" and args[2] & WRITES):
            self.step()

    def step(self) -> None:
        self.until -= 1
        if self.until == 0:
            die()

    def around_commits(self) -> None:
        from django.db.backends.base.base import BaseDatabaseWrapper

        as_it_is = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

        def commit(connection: Any) -> None:
            self.step()
            as_it_is(connection)
            self.step()

        BaseDatabaseWrapper._commit = commit  # type: ignore[attr-defined]


def die(*_args: Any, **_more: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(place: str) -> None:
    """Be killed when a function is called, or a method of a class."""
    path, _dot, name = place.rpartition(".")
    try:
        owner = importlib.import_module(path)
    except ModuleNotFoundError:
        module, _dot, of = path.rpartition(".")
        owner = getattr(importlib.import_module(module), of)
    assert hasattr(owner, name), place
    setattr(owner, name, die)


def act(words: list[str]) -> None:
    from amana import commands

    if words[0] == "keeper":
        keeper.act(words[1:])
    else:
        commands.run_command(["manage.py", *words])


# --- and its parent


def begun(words: list[str], *, until: int = 0, at: str = "") -> Ended | None:
    """How it ended, in a process of its own; None: killed."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:  # never full here
        out, err = Path(folder, "out"), Path(folder, "err")
        child = os.fork()
        if child == 0:
            run(words, out, err, until=until, at=at)
        _pid, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL, status
            time.sleep(MOMENT)
            return None
        said = out.read_text(), err.read_text()
        return Ended(words, os.waitstatus_to_exitcode(status), *said)


def run(words: list[str], out: Path, err: Path, *, until: int, at: str) -> None:
    """Never comes back."""
    code = 70
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    try:
        if at:
            die_at(at)
        elif until:
            steps = Steps(until)
            steps.around_commits()
            sys.addaudithook(steps)
        act(words)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else bool(end.code)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def places() -> Iterator[int]:
    this, chance = 1, random.Random(os.environ.get("AMANA_SEED", "1"))
    while True:
        yield this
        each = os.environ.get("AMANA_EACH_STEP")
        this += 1 if each else chance.randint(this // 2 + 1, 2 * this)


def cut(words: list[str]) -> Ended:
    """Kill it before ever later steps, until it ends before that."""
    killed: list[int] = []
    for until in places():
        if ended := begun(words, until=until):
            ended.killed_before = killed
            return ended
        killed.append(until)
    raise AssertionError


def ready() -> None:
    keeper.ready()
    plant_if_asked()
    # What many of them need is imported once, and a fork starts with it.
    importlib.import_module("amana.urls")
    from django.db import connections

    connections.close_all()


def main(words: list[str]) -> list[Ended]:
    ready()
    asked: list[list[str]] = [[]]
    for word in words:
        if word == "--":
            asked.append([])
        else:
            asked[-1].append(word)
    if place := os.environ.get("AMANA_CUT_AT"):
        for command in asked:
            assert begun(command, at=place) is None, f"{command} never came to {place}"
        return []
    return [cut(command) for command in asked]


if __name__ == "__main__":
    keeper.say([asdict(ended) for ended in main(sys.argv[1:])])
