"""Take each database apart from one moment of it, and put it together again."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.conf import settings
from django.db import connection
from django.db.utils import ConnectionHandler
from psycopg import pq
from psycopg.conninfo import make_conninfo

from amana import on_disk
from amana.errors import Refused
from amana.trust.backup import parts
from amana.trust.backup.parts import ArchivePart

type Ask = Callable[[str], list[tuple[Any, ...]]]
"""Asks the database as it was at the moment of the backup."""


@dataclass(frozen=True)
class DatabaseDump:
    """One moment of a database, in two files."""

    files: dict[ArchivePart, Path]
    ask: Ask


class BackupDatabase(Protocol):
    def dumped(self, folder: Path) -> Any:
        """Dump both parts into files of `folder`, while the moment can still be
        queried."""

    def size(self) -> int:
        """Get how many bytes one dump of all of it takes at most, including how tables
        are made."""

    @property
    def folder(self) -> Path:
        """Where a restoration works: on the disk that has to hold it in the end."""

    def tables(self) -> set[str]:
        """Get the names of its tables; none where there is no database yet."""

    def load(self, data: Path, keys: Path) -> None:
        """Load both parts into a database that is empty, or whose restoration was
        killed; it has the table UNFINISHED from the first table on. The dumps are used
        up."""


UNFINISHED = "amana_unfinished_restoration"
"""A table of a database that is being restored, and that no service works on."""
DEFINITIONS = 1024**2
"""Bytes that a dump has for tables, also where they are empty."""
MARK = f"CREATE TABLE {UNFINISHED} (begun integer)"


def get_database() -> BackupDatabase:
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL()


def finish_restoration() -> None:
    """Allow services to work on it, once this is committed."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {UNFINISHED}")


# --- SQLite


class SQLite:
    """By its own way to copy a file that is in use, then taken apart."""

    @contextmanager
    def dumped(self, folder: Path) -> Iterator[DatabaseDump]:
        whole = folder / "whole"
        with (
            closing(sqlite3.connect(self._path())) as source,
            closing(sqlite3.connect(whole)) as copy,
        ):
            # SQLite's own copy of a file in use: one moment of it, while people
            # continue to write.
            source.backup(copy)
        keys = self._keys_of(whole, folder / ArchivePart.KEYS)
        data = self._without_keys(whole, folder / ArchivePart.DATA)
        with closing(sqlite3.connect(whole)) as moment:
            yield DatabaseDump(
                {ArchivePart.DATA: data, ArchivePart.KEYS: keys},
                lambda sql: moment.execute(sql).fetchall(),
            )
        whole.unlink()

    def size(self) -> int:
        parts_of_it = [Path(f"{self._path()}{end}") for end in ("", "-wal")]
        there = sum(path.stat().st_size for path in parts_of_it if path.exists())
        return there + DEFINITIONS

    def _keys_of(self, whole: Path, to: Path) -> Path:
        with closing(sqlite3.connect(to)) as found:
            found.execute("ATTACH ? AS whole", (str(whole),))
            for table in parts.list_key_tables():
                sql = f'CREATE TABLE "{table}" AS SELECT * FROM whole."{table}"'  # noqa: S608
                found.execute(sql)
            found.commit()
        return to

    def _without_keys(self, whole: Path, to: Path) -> Path:
        """Copy the database without its keys."""
        shutil.copyfile(whole, to)
        with self._with_our_functions(to) as left, left.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = delete")
            # Deleted rows stay in the file of SQLite until they are overwritten: a
            # holder of the data would find the keys in it. VACUUM writes it again
            # without any free page.
            cursor.execute("PRAGMA secure_delete = on")
            # Parents are deleted before their children here, and all of them go.
            cursor.execute("PRAGMA foreign_keys = off")
            for table in parts.list_key_tables():
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608
            cursor.execute("VACUUM")
        return to

    @contextmanager
    def _with_our_functions(self, path: Path) -> Iterator[Any]:
        """Open a database through Django, since constraints of the tables use functions
        that it adds."""
        settings_of = connection.settings_dict | {"NAME": str(path)}
        opened = ConnectionHandler({"default": settings_of})["default"]
        try:
            yield opened
        finally:
            opened.close()

    @property
    def folder(self) -> Path:
        return self._path().parent

    def tables(self) -> set[str]:
        path = self._path()
        if not path.exists():
            return set()
        with closing(sqlite3.connect(path)) as there:
            found = there.execute("SELECT name FROM sqlite_master")
            return {name for (name,) in found.fetchall()}

    def load(self, data: Path, keys: Path) -> None:
        """Load both parts into the data's file, and move that into its place when it is
        whole."""
        connection.close()
        data.chmod(0o600)
        with self._with_our_functions(data) as whole, whole.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = off")
            cursor.execute("ATTACH %s AS keys", [str(keys)])
            cursor.execute("BEGIN")
            cursor.execute(MARK)
            for table in parts.list_key_tables():
                columns = self._columns(cursor, table)
                cursor.execute(
                    f'INSERT INTO main."{table}" ({columns}) '  # noqa: S608
                    f'SELECT {columns} FROM keys."{table}"'
                )
            for orphans in parts.list_orphan_statements():
                cursor.execute(orphans)
            cursor.execute("COMMIT")
            cursor.execute("PRAGMA foreign_key_check")
            if broken := cursor.fetchall():
                raise Refused(f"The archives don't belong together: {broken[0][0]}.")
        # Of another database: SQLite would apply its changes to this one.
        for beside in ("-wal", "-shm"):
            Path(f"{self._path()}{beside}").unlink(missing_ok=True)
        on_disk.flush_to_disk(data)
        # One rename: there is no moment at which half a database has this name.
        data.replace(self._path())
        on_disk.flush_to_disk(self.folder)

    def _columns(self, cursor: Any, table: str) -> str:
        cursor.execute(f'PRAGMA keys.table_info("{table}")')
        return ", ".join(f'"{row[1]}"' for row in cursor.fetchall())

    def _path(self) -> Path:
        return Path(connection.settings_dict["NAME"])


# --- PostgreSQL

LEFT = {
    "TABLE": """
        SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname = 'public'
    """,
    "FUNCTION": """
        SELECT p.oid::regprocedure::text FROM pg_proc AS p
        WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
            SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e'
        )
    """,
}
"""What lies in a database of ours: tables with what hangs on them, and functions of
their triggers; none that an extension has brought."""


VARIABLES = {
    option.keyword.decode(): option.envvar.decode()
    for option in pq.Conninfo.get_defaults()
    if option.envvar
}
"""Under which name libpq reads each part of an address from the environment."""


def get_address() -> dict[str, str]:
    """Get what DATABASE_URL says in libpq's words, including how to check its
    certificate."""
    said = connection.settings_dict
    parts_of_it = {
        "host": said["HOST"],
        "port": said["PORT"],
        "user": said["USER"],
        "password": said["PASSWORD"],
        "dbname": said["NAME"],
        **said["OPTIONS"],
    }
    return {
        name: str(value)
        for name, value in parts_of_it.items()
        if value and name in VARIABLES
    }


TABLES_SIZE = """
SELECT coalesce(sum(pg_table_size(c.oid)), 0) FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
"""


def run_program(
    program: str | Path, *words: str, at: Mapping[str, str], holds_lock: bool = False
) -> str:
    """Run a program of PostgreSQL with its way to the database, and return its output.
    Raises `Refused` when it fails.

    `holds_lock`: it keeps our lock of a folder until it ends, should we be killed.
    """
    ways = {VARIABLES[name]: value for name, value in at.items()}
    done = subprocess.run(  # noqa: S603 — words of our own
        [str(Path(settings.POSTGRES_PROGRAMS, program)), *words],
        # In the environment and not among the arguments, which every user of the
        # machine can list.
        env=os.environ | ways,
        capture_output=True,
        text=True,
        close_fds=not holds_lock,
    )
    if done.returncode:
        name = Path(program).name
        raise Refused(f"{name} failed: {done.stderr.strip()[-500:]}")
    return done.stdout


class PostgreSQL:
    """By its own programs, both parts from one exported snapshot.

    `at`: the way to one, else to this installation's."""

    def __init__(self, at: Mapping[str, str] | None = None) -> None:
        self.at = dict(at or get_address())

    @contextmanager
    def dumped(self, folder: Path) -> Iterator[DatabaseDump]:
        with psycopg.connect(make_conninfo(**self.at)) as held:
            held.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            held.read_only = True
            # It waits for pg_dump, which may take longer than the server lets it.
            held.execute("SET idle_in_transaction_session_timeout = 0")
            row = held.execute("SELECT pg_export_snapshot()").fetchone()
            assert row is not None
            tables = parts.list_key_tables()
            files = {
                ArchivePart.DATA: self._dump(
                    folder / ArchivePart.DATA,
                    f"--snapshot={row[0]}",
                    *(f"--exclude-table-data={table}" for table in tables),
                ),
                ArchivePart.KEYS: self._dump(
                    folder / ArchivePart.KEYS,
                    f"--snapshot={row[0]}",
                    "--data-only",
                    *(f"--table={table}" for table in tables),
                ),
            }
            yield DatabaseDump(files, lambda sql: held.execute(sql).fetchall())

    def size(self) -> int:
        """Get the size of the tables, without indexes, which no dump holds. It is
        compressed, which sealed content does not grow or shrink by."""
        with psycopg.connect(make_conninfo(**self.at)) as there:
            row = there.execute(TABLES_SIZE).fetchone()
            assert row is not None
            return int(row[0]) + DEFINITIONS

    def _dump(self, to: Path, *words: str) -> Path:
        custom = ("--format=custom", "--no-owner", f"--file={to}")
        run_program("pg_dump", *custom, *words, at=self.at)
        return to

    @property
    def folder(self) -> Path:
        return Path(settings.VAR)

    def tables(self) -> set[str]:
        with psycopg.connect(make_conninfo(**self.at)) as there:
            sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            return {name for (name,) in there.execute(sql).fetchall()}

    def load(self, data: Path, keys: Path) -> None:
        connection.close()
        self._empty()
        self._restore(data, "--section=pre-data", "--section=data")
        self._restore(keys, "--data-only")
        with psycopg.connect(make_conninfo(**self.at)) as whole:
            for orphans in parts.list_orphan_statements():
                whole.execute(orphans)
        # Last, so that constraints are checked when both parts and no orphans are
        # there.
        self._restore(data, "--section=post-data")

    def _empty(self) -> None:
        """Drop what a restoration that was killed has left, and begin again."""
        with psycopg.connect(make_conninfo(**self.at)) as there:
            for kind, found in LEFT.items():
                for (name,) in there.execute(found).fetchall():
                    there.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
            there.execute(MARK)

    def _restore(self, archive: Path, *words: str) -> None:
        run_program(
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            f"--dbname={self.at['dbname']}",
            *words,
            str(archive),
            at=self.at,
        )
