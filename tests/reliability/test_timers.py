"""The process that runs the timers: one leads, another takes over when it is stopped or
killed, and a signal ends it at once."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from amana.schedule import TIMERS
from tests.databases import save

pytestmark = pytest.mark.django_db  # or there would be no database to copy

ROOT = Path(__file__).resolve().parents[2]
LEADS = "The timers run in this process."
SOON = 60
"""Seconds; this machine may be busy."""


@pytest.fixture(scope="module")
def prepared(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("this is about SQLite; who leads on PostgreSQL is tried beside")
    path = tmp_path_factory.mktemp("prepared") / "amana.sqlite3"
    with django_db_blocker.unblock():
        save(path)  # migrated, and empty
    return path


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A folder with an empty database, for each test its own."""
    shutil.copy(prepared, tmp_path / "amana.sqlite3")
    return tmp_path


type Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    begun: list[subprocess.Popen[bytes]] = []

    def begin(name: str) -> subprocess.Popen[bytes]:
        with (folder / name).open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "timers"],
                cwd=ROOT,
                env=os.environ | {"AMANA_VAR": str(folder), "DATABASE_URL": ""},
                stdout=file,
                stderr=file,
            )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.wait()


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + SOON
    while not what():
        assert time.monotonic() < until
        time.sleep(0.1)


def leads(folder: Path, name: str) -> bool:
    return LEADS in (folder / name).read_text()


def finished(folder: Path) -> set[str]:
    with sqlite3.connect(folder / "amana.sqlite3") as database:
        rows = database.execute(
            "SELECT command FROM alarms_timerrun"
            " WHERE tried_at IS NOT NULL AND unfinished_since IS NULL"
        ).fetchall()
    database.close()
    return {command for [command] in rows}


def test_timers_run_and_a_signal_ends_them_at_once(folder: Path, start: Start) -> None:
    process = start("first")
    # One that runs here, and one of the night that runs in a process of its own; which
    # comes first depends on the hour.
    wait_for(lambda: "expire_consents" in finished(folder))
    long = {timer.command for timer in TIMERS if timer.is_long}
    wait_for(lambda: finished(folder) & long)

    process.send_signal(signal.SIGTERM)
    began = time.monotonic()

    assert process.wait(SOON) == 0
    assert time.monotonic() - began < 15
    assert "failed" not in (folder / "first").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_another_takes_over(folder: Path, start: Start, number: signal.Signals) -> None:
    first = start("first")
    wait_for(lambda: leads(folder, "first"))
    start("second")
    wait_for(lambda: "watch_log" in finished(folder))
    assert not leads(folder, "second")

    first.send_signal(number)
    first.wait(SOON)

    wait_for(lambda: leads(folder, "second"))
