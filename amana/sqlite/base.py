"""The backend that `amana.database` names to Django."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from django.db import OperationalError
from django.db.backends.sqlite3 import base

STEP = 0.002
"""Seconds between two tries for the write lock."""

SQLITE_WAITS = 5.0
"""Seconds, where the settings name none: as long as the module sqlite3 waits."""

_turn = Lock()
"""Of each process one thread at a time tries for the write lock, and the others wait
behind it."""


def convert_placeholders(query: str) -> str:
    """Turn `%s` into SQLite's `?`, and `%%` into `%`.

    Django's pattern tries each character of a query: for the 80 kB by which Your tasks
    are asked that took 1 ms of 20. Text is found in a tenth of the time.
    """
    return "%".join(part.replace("%s", "?") for part in query.split("%%"))


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(
        self, query: str, *, param_names: Sequence[str] | None = None
    ) -> str:
        if param_names is None:
            return convert_placeholders(query)
        return super().convert_query(query, param_names=param_names)


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name: str | None = None) -> Cursor:
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction, in turn. Raises OperationalError where the write lock
        is not free within the connection's `timeout`.

        SQLite's own waiter sleeps for up to 100 ms between two tries, and whoever
        happens to try when the lock is free gets it: with many writers a few wait for
        seconds while the lock is free half of the time.
        """
        limit = time.monotonic() + self.get_seconds_to_wait()
        if not _turn.acquire(timeout=self.get_seconds_to_wait()):
            raise OperationalError("database is locked")
        try:
            with self.without_waiting():
                while not self.has_begun(limit):
                    time.sleep(STEP)
        finally:
            _turn.release()

    def has_begun(self, limit: float) -> bool:
        """Try to begin; return False where another writes. Raises OperationalError
        after `limit`, or for any other reason."""
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except OperationalError as error:
            if not is_busy(error) or time.monotonic() >= limit:
                raise
            return False
        return True

    @contextmanager
    def without_waiting(self) -> Iterator[None]:
        """Have SQLite answer at once that another writes."""
        self.connection.execute("PRAGMA busy_timeout=0")
        try:
            yield
        finally:
            milliseconds = int(self.get_seconds_to_wait() * 1000)
            self.connection.execute(f"PRAGMA busy_timeout={milliseconds}")

    def get_seconds_to_wait(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", SQLITE_WAITS))


def is_busy(error: OperationalError) -> bool:
    """Check that the reason is another connection's lock."""
    code = getattr(error.__cause__, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY
