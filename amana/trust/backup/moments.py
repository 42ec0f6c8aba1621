"""Go back to a moment of PostgreSQL: a server of its own reads a copy and what was
changed up to then, the ordinary two archives are written from it, and it is deleted.
From there on all is as with any backup, so no one comes back who was erased since."""

import gzip
import hashlib
import re
import secrets
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import make_conninfo
from pyrage.x25519 import Identity

from amana import on_disk
from amana.errors import Refused
from amana.trust.backup import copies, databases, making
from amana.trust.backup.archives import UnreadableArchive
from amana.trust.backup.copies import LogSegment
from amana.trust.backup.databases import PostgreSQL
from amana.trust.backup.making import BackupFiles
from amana.trust.backup.parts import ArchivePart


def make_backup_at(
    at: datetime | None,
    to: Path,
    *,
    kept_in: Path,
    opened_by: Mapping[ArchivePart, Identity],
) -> BackupFiles:
    """Write into `to` both archives of a moment; of None, of the last that was kept."""
    base = copies.choose_base(copies.list_bases(kept_in), at)
    found = copies.list_segments(kept_in)
    segments = copies.choose_segments(base, found, at)
    with on_disk.make_scratch_folder(
        Path(settings.VAR, ".moment"), busy=BUSY
    ) as scratch:
        # Of another name each time: a server that one who was killed has left behind
        # ends within a minute, and may write until then.
        folder = scratch / secrets.token_hex(4)
        (folder / "wal").mkdir(mode=0o700, parents=True)
        unpack_copy(base.path, folder, opened_by)
        for segment in segments:
            open_segment(segment, folder / "wal", opened_by)
        with start_server(folder, at) as there:
            with psycopg.connect(make_conninfo(**there)) as asked:
                require_this_version(asked)
                ended_at = require_end(asked, segments[-1], at) or base.ended_at
            return making.make_backup_of(
                PostgreSQL(there),
                to,
                made_at=(at or ended_at).astimezone(UTC),
                sealed_to={part: key.to_public() for part, key in opened_by.items()},
            )


BUSY = "Another moment is being fetched here. Wait until it is over."


# --- what the server reads


def unpack_copy(
    base: Path, folder: Path, opened_by: Mapping[ArchivePart, Identity]
) -> None:
    """Unpack the copy as the folder of a server that is ours alone."""
    packed = folder / "packed"
    copies.unseal(base, packed, opened_by=opened_by)
    data = folder / "data"
    with tarfile.open(packed, "r:gz") as copy:
        copy.extractall(data, filter="data")
    packed.unlink()
    data.chmod(0o700)


def open_segment(
    segment: LogSegment, folder: Path, opened_by: Mapping[ArchivePart, Identity]
) -> None:
    """Open a segment and check that it is the one of its name; it stays packed. Raises
    `UnreadableArchive` otherwise."""
    packed = folder / f"{segment.name}.gz"
    copies.unseal(segment.path, packed, opened_by=opened_by)
    try:
        content = gzip.decompress(packed.read_bytes())
    except (OSError, EOFError) as error:
        raise UnreadableArchive(f"{segment.path.name} is damaged.") from error
    # Anyone who can write in the folder could rename segments: changes in another order
    # restore another database.
    if not hashlib.sha256(content).hexdigest().startswith(segment.digest):
        raise UnreadableArchive(f"{segment.path.name} has another segment's name.")


# --- the server


@contextmanager
def start_server(folder: Path, at: datetime | None) -> Iterator[dict[str, str]]:
    """Start PostgreSQL on all that is in the folder, up to a moment; yields how to
    reach it then. It listens in a folder of ours, on no port."""
    data = folder / "data"
    programs = find_programs((data / "PG_VERSION").read_text().strip())
    # In /tmp, for the path of a socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="amana-", dir="/tmp") as sockets:
        configure_server(data, at, sockets)
        try:
            way = get_server_address(sockets)
            begin_recovery(programs, data, way)
            yield way
        finally:
            if (data / "postmaster.pid").exists():
                words = (f"--pgdata={data}", "--mode=immediate", "stop")
                databases.run_program(programs / "pg_ctl", *words, at={})


def get_server_address(sockets: str) -> dict[str, str]:
    ours = databases.get_address()
    who = {name: ours[name] for name in ("user", "dbname") if name in ours}
    return who | {"host": sockets, "port": PORT}


PORT = "5432"
"""Of the socket's name alone."""


def find_programs(version: str) -> Path:
    """Find the server's programs of a version; Debian has a folder for each. Raises
    `Refused` where it isn't installed."""
    places = [Path("/usr/lib/postgresql", version, "bin")]
    if settings.POSTGRES_PROGRAMS:
        places.insert(0, Path(settings.POSTGRES_PROGRAMS))
    if named := shutil.which("postgres"):
        places.append(Path(named).resolve().parent)
    for place in places:
        if (place / "pg_ctl").exists() and _version_of(place) == version:
            return place
    raise Refused(
        f"The copy is of PostgreSQL {version}, and its server isn't on this machine: "
        f"apt-get install postgresql-{version}"
    )


def _version_of(programs: Path) -> str:
    said = databases.run_program(programs / "pg_ctl", "--version", at={})
    found = re.search(r"\) (\d+)", said)
    return found[1] if found else ""


def configure_server(data: Path, at: datetime | None, sockets: str) -> None:
    """Write all settings again: those of the other machine are not for this one."""
    wal = data.parent / "wal"
    lines = {
        "listen_addresses": "",
        "port": PORT,
        "unix_socket_directories": sockets,
        "restore_command": f'test -f "{wal}/%f.gz" && gunzip -c "{wal}/%f.gz" > "%p"',
        "recovery_target_action": "promote",
        # As long as it reads no one asks, so it needs no room for as many sessions.
        "hot_standby": "off",
        "max_connections": "20",
        "autovacuum": "off",
        # Thrown away afterwards, so nothing has to survive a power failure.
        "fsync": "off",
        "full_page_writes": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if at is not None:
        lines["recovery_target_time"] = at.astimezone(UTC).isoformat()
    text = "".join(f"{name} = '{value}'\n" for name, value in lines.items())
    (data / "postgresql.conf").write_text(text)
    (data / "postgresql.auto.conf").write_text("")
    (data / "pg_hba.conf").write_text("local all all trust\n")
    (data / "pg_ident.conf").write_text("")
    (data / "standby.signal").unlink(missing_ok=True)
    (data / "recovery.signal").touch()


def begin_recovery(programs: Path, data: Path, way: dict[str, str]) -> None:
    """Start it, and wait until it has read what it was given, or has ended."""
    log = data.parent / "log"
    words = (f"--pgdata={data}", f"--log={log}", "start")
    databases.run_program(programs / "pg_ctl", *words, at={})
    deadline = time.monotonic() + LONGEST
    while not is_open(way):
        if not (data / "postmaster.pid").exists() or time.monotonic() > deadline:
            said = log.read_text()
            raise Refused(
                format_server_error(said)
                or f"PostgreSQL couldn't read it: {said[-500:]}"
            )
        time.sleep(0.1)


def is_open(way: dict[str, str]) -> bool:
    """Check whether it has come to the end, and can be asked."""
    try:
        psycopg.connect(make_conninfo(**way)).close()
    except psycopg.OperationalError:
        return False
    return True


LONGEST = 24 * 60 * 60
"""Seconds that it may read."""


def format_server_error(log: str) -> str:
    """Format the one message of its own log that an operator can act on."""
    if "before configured recovery target was reached" not in log:
        return ""
    last = re.findall(r"last completed transaction was at log time (\S+ \S+)", log)
    ended = (
        copies.format_moment(datetime.fromisoformat(last[-1])) if last else "its copy"
    )
    return copies.NOT_SO_FAR.format(ended)


# --- what it has read


def require_this_version(asked: psycopg.Connection[Any]) -> None:
    """Require that the tables are those of this code. Raises `Refused` otherwise."""
    # The archives are written table by table, which only the code that had these tables
    # can do.
    rows = asked.execute("SELECT app, name FROM django_migrations").fetchall()
    done = {(str(app), str(name)) for app, name in rows}
    loader = MigrationLoader(None)
    known = {*loader.disk_migrations, *loader.replacements}
    replaced = {old for new in loader.replacements.values() for old in new.replaces}
    if done - known - replaced or set(loader.graph.leaf_nodes()) - done:
        raise Refused(
            "Another version of Amana was running at that time. Use that version for "
            "this command; a newer version can restore the archives."
        )


def require_end(
    asked: psycopg.Connection[Any], last: LogSegment, at: datetime | None
) -> datetime | None:
    """Return when the last change was made that it has read. Raises `Refused` where it
    could not read all."""
    found = asked.execute(READ).fetchone()
    assert found is not None
    done_at, place = found
    # Without a moment as its end, the server stops where it can't read on, and reports
    # no error.
    if at is None and int(place) <= last.number * copies.SEGMENT:
        raise Refused(
            "What was kept can't be read to its end: a segment doesn't match its name. "
            "Choose an earlier time."
        )
    return done_at.replace(tzinfo=UTC) if done_at else None


READ = """
SELECT pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC',
       pg_last_wal_replay_lsn() - '0/0'::pg_lsn
"""
