"""One process runs the timers, however many servers there are; another waits, and
takes over once the first is gone.

No clock decides who: a lock that ends with the process that holds it, also when the
process is killed, or its server loses the network."""

import fcntl
import os
from pathlib import Path
from typing import Protocol

from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK = 0x416D616E61
"""The number of the lock in PostgreSQL: "Amana"."""


class LeaderCandidate(Protocol):
    def leads(self) -> bool:
        """Lead, or continue to; return False while another process does."""

    def resign(self) -> None:
        """Allow another process to lead."""


def build_candidate() -> LeaderCandidate:
    """Build the candidate for this process, on the database that it works on."""
    if connection.vendor == "postgresql":
        return InDatabase()
    return OnDisk(Path(connection.settings_dict["NAME"]).with_name("timers.lock"))


class InDatabase:
    """PostgreSQL's advisory lock, in a session of its own: a command may close ours."""

    def __init__(self) -> None:
        self.session: BaseDatabaseWrapper | None = None

    def leads(self) -> bool:
        try:
            if self.session is not None:
                # The lock is held by the session: as long as it answers, no one else
                # has the lock.
                return bool(self._ask("SELECT 1"))
            self.session = connection.copy()
            if self._ask(f"SELECT pg_try_advisory_lock({LOCK})"):
                return True
        except Error:
            pass  # the session ended, and the lock with it
        self.resign()
        return False

    def _ask(self, sql: str) -> object:
        assert self.session is not None
        with self.session.cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone()
        return row and row[0]

    def resign(self) -> None:
        if self.session is not None:
            session, self.session = self.session, None
            session.close()


class OnDisk:
    """A lock on a file, for SQLite: its processes are on one machine."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: int | None = None

    def leads(self) -> bool:
        if self.file is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self.file = file
        return True

    def resign(self) -> None:
        if self.file is not None:
            file, self.file = self.file, None
            os.close(file)
