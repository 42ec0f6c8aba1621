"""Who writes waits for its turn in short steps, and no longer than the settings say."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import OperationalError, connections

from amana.database import parse_database_url
from amana.sqlite import base
from amana.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "turns.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE counted (number INTEGER)")
        made.execute("INSERT INTO counted VALUES (0)")
    return path


def open_one(file: Path) -> DatabaseWrapper:
    found = parse_database_url(f"sqlite:///{file}", file.parent)
    complete = connections["default"].settings_dict | found
    return DatabaseWrapper(complete, "turns")


@pytest.fixture
def database(file: Path) -> Iterator[DatabaseWrapper]:
    found = open_one(file)
    yield found
    found.close()


@pytest.fixture
def other(file: Path) -> Iterator[sqlite3.Connection]:
    """Another process that writes."""
    found = sqlite3.connect(file, isolation_level=None)
    found.execute("BEGIN IMMEDIATE")
    yield found
    found.close()


def get_busy_timeout(database: DatabaseWrapper) -> int:
    with database.cursor() as cursor:
        return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])


def begin(database: DatabaseWrapper) -> None:
    database.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_it_begins_at_the_next_step_once_the_lock_is_free(
    database: DatabaseWrapper, other: sqlite3.Connection, monkeypatch: Any
) -> None:
    steps: list[float] = []

    def sleep(seconds: float) -> None:
        steps.append(seconds)
        if len(steps) == 3:
            other.execute("COMMIT")

    monkeypatch.setattr(time, "sleep", sleep)
    database.ensure_connection()
    begin(database)

    assert steps == [base.STEP] * 3
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        sqlite3.connect(other_file(database), timeout=0).execute("BEGIN IMMEDIATE")
    assert get_busy_timeout(database) == 20_000


def other_file(database: DatabaseWrapper) -> str:
    return str(database.settings_dict["NAME"])


@pytest.mark.usefixtures("other")
def test_it_waits_no_longer_than_the_settings_say(
    database: DatabaseWrapper, monkeypatch: Any
) -> None:
    waited: list[float] = []
    database.ensure_connection()
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(time, "monotonic", lambda: 3.0 * len(waited))

    with pytest.raises(OperationalError, match="locked"):
        begin(database)

    assert len(waited) == 7  # 20 seconds are over at the eighth try
    assert get_busy_timeout(database) == 20_000
    assert not base._turn.locked()


def test_what_is_no_lock_is_reported_at_once(
    database: DatabaseWrapper, monkeypatch: Any
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("waited"))
    database.ensure_connection()
    begin(database)

    with pytest.raises(OperationalError, match="within a transaction"):
        database._start_transaction_under_autocommit()
    assert not base._turn.locked()


def test_many_who_write_at_once_lose_nothing(file: Path) -> None:
    def count() -> None:
        database = open_one(file)
        for _turn in range(20):
            begin(database)
            with database.cursor() as cursor:
                [number] = cursor.execute("SELECT number FROM counted").fetchone()
                cursor.execute("UPDATE counted SET number = %s", [number + 1])
            database.commit()
            database.set_autocommit(True)
        database.close()

    threads = [Thread(target=count) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with sqlite3.connect(file) as found:
        assert found.execute("SELECT number FROM counted").fetchone() == (120,)
