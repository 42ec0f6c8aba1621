"""An acknowledged write is there afterwards: when the process is killed in the middle
of its work, and when the disk is full (promises P36 and P39).

On SQLite, where the process that is killed is the one that writes the database. That
PostgreSQL keeps what it has acknowledged is PostgreSQL's own promise; what we add to
it, strict synchronous replication, is in docs/operations/backup.md.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tests.databases import save

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("AMANA_KILLS", "8"))


def work(folder: Path, *words: str, before: str = "") -> dict[str, Any]:
    """What `writer` says, working in a folder of its own."""
    command = [sys.executable, "-m", "tests.reliability.writer", *words]
    if before:
        script = f'{before} && exec "$@"'
        command = ["unshare", "-rm", "sh", "-c", script, "sh", *command]
    environment = os.environ | {"AMANA_VAR": str(folder), "DATABASE_URL": ""}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


@pytest.fixture(scope="module")
def prepared(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("this is about SQLite")
    folder = tmp_path_factory.mktemp("prepared")
    with django_db_blocker.unblock():
        save(folder / "amana.sqlite3")  # migrated, and empty
    work(folder, "setup")
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A copy of the prepared database, for each test its own."""
    copy = tmp_path / "var"
    shutil.copytree(prepared, copy)
    return copy


def test_what_was_acknowledged_survives_being_killed(folder: Path) -> None:
    said = work(folder, "kill", "1", str(KILLS))

    acknowledged = set(said["acknowledged"])
    assert len(acknowledged) >= KILLS
    assert acknowledged <= set(said["opened"])
    # The words and what is logged of them are there together, or neither is.
    assert sorted(said["opened"]) == sorted(said["logged"])
    assert said["integrity"] == "ok"
    assert said["waits_for_the_disk"]  # no test here can cut the power
    assert said["entries"] >= len(acknowledged)


def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(folder: Path) -> None:
    mount = f"mount -t tmpfs -o size=14m none {folder}"
    aside = folder.with_name("aside")
    shutil.copytree(folder, aside)
    before = f"{mount} && cp {aside}/* {folder}/"
    if subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount], capture_output=True
    ).returncode:
        pytest.skip("no folder of limited size can be mounted here")

    said = work(folder, "fill", before=before)

    acknowledged = set(said["acknowledged"])
    assert len(acknowledged) > 100
    assert said["is_full"] is True, said["said"]
    assert "full" in str(said["again"])
    assert acknowledged <= set(said["opened"])
    assert sorted(said["opened"]) == sorted(said["logged"])
    assert said["documents"] == len(acknowledged) - 1
    assert said["integrity"] == "ok"


def test_no_key_of_an_erased_case_is_left_in_any_file(folder: Path) -> None:
    """Nor in SQLite's write-ahead log, which else keeps pages as they were."""
    said = work(folder, "erase")

    assert said["there_before"] == len(said["sealed"]) == 8 + 3
    assert said["there_after"] == 0


def test_a_database_that_may_not_grow_says_that_there_is_no_room(folder: Path) -> None:
    """The same where nothing can be mounted: SQLite itself is told where to stop."""
    import sqlite3

    with sqlite3.connect(folder / "amana.sqlite3") as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {pages + 2}")
        database.execute("CREATE TABLE full (x BLOB)")
        with pytest.raises(sqlite3.OperationalError) as failed:
            database.execute("INSERT INTO full VALUES (zeroblob(1000000))")
    from django.db import OperationalError

    from amana.ui.outages import is_disk_full

    assert is_disk_full(OperationalError(str(failed.value)))
