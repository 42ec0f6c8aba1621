"""The backend that `amana.database` names to Django."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.db.backends.sqlite3 import base

STEP = 0.002
"""Seconds between two tries for the write lock."""
SQLITE_WAITS = 5.0
"""Seconds, where the settings name none: as long as the module sqlite3 waits."""


def convert_placeholders(query: str) -> str:
    """Turn `%s` into SQLite's `?`, and `%%` into `%`.

    Django's pattern tries each character of a query: for the 80 kB by which Your tasks
    are asked that took 1 ms of 20. Text is found in a tenth of the time.
    """
    return "%".join(part.replace("%s", "?") for part in query.split("%%"))


@dataclass
class WaitingLine:
    """Those of this process who wait for the write lock of a database.

    SQLite's own waiter sleeps for up to 100 ms between two tries, and the lock goes to
    the one that happens to try while it is free: with many writers a few wait for
    seconds while it is free half of the time. Here one thread of a process tries in
    short steps, and the others wait behind it (ADR 88).
    """

    first: Lock = field(default_factory=Lock)

    def take_turn[R](self, act: Callable[[], R], *, seconds: float) -> R:
        """Do what needs the lock, at once or in turn. Raises sqlite3.OperationalError
        where it isn't free in so many seconds, or for any other reason."""
        try:
            return act()
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
        limit = time.monotonic() + seconds
        if not self.first.acquire(timeout=seconds):
            raise sqlite3.OperationalError("database is locked")
        try:
            return try_again(act, limit)
        finally:
            self.first.release()


def try_again[R](act: Callable[[], R], limit: float) -> R:
    while True:
        time.sleep(STEP)
        try:
            return act()
        except sqlite3.OperationalError as error:
            if not is_busy(error) or time.monotonic() >= limit:
                raise


def is_busy(error: sqlite3.OperationalError) -> bool:
    """Check that another connection has the lock, and that trying again can help."""
    code = error.sqlite_errorcode
    # What was read in a transaction has changed since: waiting doesn't change it back.
    return code & 0xFF == sqlite3.SQLITE_BUSY and code != sqlite3.SQLITE_BUSY_SNAPSHOT


LINES: dict[str, WaitingLine] = {}
"""By the name of the database: who writes in one and waits for another must not wait
behind one who waits for the first."""


class Cursor(base.SQLiteCursorWrapper):
    line: WaitingLine
    seconds: float

    def execute(self, query: str, params: Any = None) -> Any:
        def act() -> Any:
            return super(Cursor, self).execute(query, params)

        return self.line.take_turn(act, seconds=self.seconds)

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        # Of an iterator, a try that fails would have taken the first.
        rows = list(param_list)

        def act() -> Any:
            return super(Cursor, self).executemany(query, rows)

        return self.line.take_turn(act, seconds=self.seconds)

    def convert_query(
        self, query: str, *, param_names: Sequence[str] | None = None
    ) -> str:
        if param_names is None:
            return convert_placeholders(query)
        return super().convert_query(query, param_names=param_names)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Open a connection on which SQLite answers at once that another writes."""
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        # Only now: what a new connection sets up may wait as SQLite does.
        connection.execute("PRAGMA busy_timeout=0")
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor:
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        # A cursor knows its connection, and not to which database that leads.
        cursor.line = LINES.setdefault(str(self.settings_dict["NAME"]), WaitingLine())
        cursor.seconds = float(
            self.settings_dict["OPTIONS"].get("timeout", SQLITE_WAITS)
        )
        return cursor
