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


def is_waited_for(database: DatabaseWrapper) -> bool:
    return base.LINES[other_file(database)].first.locked()


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

    assert waited == [base.STEP] * 7  # 20 seconds are over at the eighth try
    assert not is_waited_for(database)


def test_what_is_no_lock_is_reported_at_once(
    database: DatabaseWrapper, monkeypatch: Any
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: pytest.fail("waited"))
    database.ensure_connection()
    begin(database)

    with pytest.raises(OperationalError, match="within a transaction"):
        database.cursor().execute("BEGIN IMMEDIATE")
    assert not is_waited_for(database)


def test_a_write_without_a_transaction_waits_in_the_same_steps(
    database: DatabaseWrapper, other: sqlite3.Connection, monkeypatch: Any
) -> None:
    steps: list[float] = []

    def sleep(seconds: float) -> None:
        steps.append(seconds)
        if len(steps) == 3:
            other.execute("COMMIT")

    monkeypatch.setattr(time, "sleep", sleep)
    with database.cursor() as cursor:
        cursor.execute("UPDATE counted SET number = 7")
        cursor.executemany("INSERT INTO counted VALUES (%s)", [(8,), (9,)])

    assert steps == [base.STEP] * 3
    with database.cursor() as cursor:
        assert cursor.execute("SELECT number FROM counted").fetchall() == [
            (7,),
            (8,),
            (9,),
        ]


def test_rows_of_an_iterator_are_all_there_after_a_try_that_failed(
    database: DatabaseWrapper, other: sqlite3.Connection, monkeypatch: Any
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: other.execute("COMMIT"))
    with database.cursor() as cursor:
        rows: Any = ((number,) for number in (1, 2))
        cursor.executemany("INSERT INTO counted VALUES (%s)", rows)
        assert cursor.execute("SELECT count(*) FROM counted").fetchone() == (3,)


def test_who_waits_for_one_database_does_not_wait_behind_another(
    tmp_path: Path,
) -> None:
    first, second = open_one(tmp_path / "a"), open_one(tmp_path / "b")
    for database in (first, second):
        database.ensure_connection()
        database.cursor().close()
    names = [other_file(database) for database in (first, second)]
    assert base.LINES[names[0]] is not base.LINES[names[1]]
    first.close()
    second.close()


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
