"""The worker that moves cases to a new version is killed in the middle, while others
write: nobody waits for the whole, and run again it ends right."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.databases import save

pytestmark = pytest.mark.django_db  # or there would be no database to copy

ROOT = Path(__file__).resolve().parents[2]
CASES = 24
SOON = 120
"""Seconds; this machine may be busy."""


def begin(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.mover", *words],
        cwd=ROOT,
        env=os.environ | {"AMANA_VAR": str(folder), "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, error = process.communicate(timeout=SOON)
    assert process.returncode == 0, error[-3000:]
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def moved(database: sqlite3.Connection) -> int:
    [[number]] = database.execute("SELECT moved FROM pathways_versionmove").fetchall()
    return int(number)


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("this is about SQLite, where one writer keeps all others waiting")
    path = tmp_path_factory.mktemp("moving")
    with django_db_blocker.unblock():
        save(path / "amana.sqlite3")  # migrated, and empty
    return path


def test_killed_in_the_middle_it_ends_right_and_nobody_waits_for_the_whole(
    folder: Path,
) -> None:
    adopted = said(begin(folder, "adopt", str(CASES)))
    assert (adopted["there"], adopted["waits"]) == (0, True)

    database = sqlite3.connect(folder / "amana.sqlite3", timeout=60)
    worker = begin(folder, "work")
    written_at = set()
    until = time.monotonic() + SOON
    while (at := moved(database)) < CASES // 2:
        assert time.monotonic() < until
        assert worker.poll() is None, said(worker)
        database.execute("BEGIN IMMEDIATE")  # as everyone who writes
        database.execute("UPDATE pathways_versionmove SET total = total")
        database.commit()
        written_at.add(at)
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait(SOON)
    database.close()

    killed = said(begin(folder, "look"))
    assert killed["waits"]
    assert killed["there"] == killed["moved"] == killed["facts"] == killed["logged"]
    assert CASES // 2 <= killed["moved"] < CASES
    assert max(written_at) > 0  # between the batches, not before them all

    after = said(begin(folder, "resume"))
    assert after == {
        "there": CASES,
        "moved": CASES,
        "facts": CASES,
        "logged": CASES,
        "waits": False,
        "ended": True,
    }
