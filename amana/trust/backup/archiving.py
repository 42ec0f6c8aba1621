"""Keep every moment of PostgreSQL: each night a copy of the whole server, each minute
what was changed since, both by its own programs and sealed to two people.

A slot on the server holds what was changed until it is sealed here and on the disk. So
nothing is lost where this waits, or is killed: what was sealed already has its name,
and the same again changes nothing.
"""

import gzip
import hashlib
import re
import tarfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo
from pyrage.x25519 import Recipient

from amana import on_disk
from amana.errors import Refused
from amana.trust.backup import copies, databases
from amana.trust.backup.copies import BaseCopy, LogSegment
from amana.trust.backup.parts import ArchivePart

NONE_ON_SQLITE = (
    "On SQLite you can only go back to a backup: what was written since the last one "
    "is lost with the disk. Use PostgreSQL if that is too much to lose."
)


def require_postgresql() -> None:
    if connection.vendor != "postgresql":
        raise Refused(NONE_ON_SQLITE)


def require_folder() -> Path:
    """Get the folder in which the files of all moments are kept. Raises `Refused` on
    SQLite, or where none is set."""
    require_postgresql()
    if not settings.WAL_FOLDER:
        raise Refused("Set WAL_FOLDER: the folder where copies and changes are kept.")
    return Path(settings.WAL_FOLDER)


class ArchivingServer:
    """This installation's PostgreSQL, asked about its log of changes."""

    def __init__(self, asked: psycopg.Connection[Any]) -> None:
        self.asked = asked
        self.system = str(self.one("SELECT system_identifier FROM pg_control_system()"))

    def one(self, sql: str, *given: object) -> Any:
        row = self.asked.execute(sql, given).fetchone()
        return row[0] if row else None

    @property
    def slot(self) -> str:
        """One for each database, where several of us are on one server."""
        name = databases.get_address()["dbname"].encode()
        return f"amana_{hashlib.sha256(name).hexdigest()[:12]}"

    def is_holding(self) -> bool:
        """Check whether it has kept all that was changed since the slot was made."""
        return self.one(HOLDING, self.slot) is True

    def hold(self) -> None:
        """Make it keep what is changed from now on, if it doesn't yet."""
        if not self.is_holding():
            self.one(DROP, self.slot)
            self.one(HOLD, self.slot)

    def ended(self) -> int:
        """Get where the segment began that it writes now."""
        at: int = self.one("SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn")
        return int(at) // copies.SEGMENT * copies.SEGMENT

    def held(self) -> int:
        """Get where what it holds for us begins."""
        return int(self.one(HELD, self.slot))

    def release(self, until: int) -> None:
        """Release what is sealed."""
        # The process that sent the segments may not have ended yet, and a slot in use
        # can't be moved.
        deadline = time.monotonic() + PATIENCE
        while self.one(IN_USE, self.slot) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.one(RELEASE, self.slot, format_position(until))


HOLDING = """
SELECT wal_status <> 'lost' AND restart_lsn IS NOT NULL
FROM pg_replication_slots WHERE slot_name = %s
"""
DROP = """
SELECT pg_drop_replication_slot(slot_name)
FROM pg_replication_slots WHERE slot_name = %s
"""
HOLD = "SELECT pg_create_physical_replication_slot(%s, true)"
HELD = """
SELECT restart_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = %s
"""
PATIENCE = 10
"""Seconds; if it is still in use then, the next minute releases it."""
IN_USE = "SELECT active FROM pg_replication_slots WHERE slot_name = %s"
RELEASE = "SELECT pg_replication_slot_advance(%s, %s::pg_lsn)"


def format_position(place: int) -> str:
    """Format a position in the log of changes as PostgreSQL does."""
    return f"{place >> 32:X}/{place & 0xFFFFFFFF:X}"


def connect_server() -> psycopg.Connection[object]:
    return psycopg.connect(make_conninfo(**databases.get_address()), autocommit=True)


# --- the copy of each night


def copy_server(
    folder: Path, *, sealed_to: Mapping[ArchivePart, Recipient]
) -> BaseCopy:
    """Copy the whole server while people work, and seal that with what follows it."""
    with (
        on_disk.make_scratch_folder(folder / ".base", busy=BUSY) as scratch,
        connect_server() as asked,
    ):
        server = ArchivingServer(asked)
        require_usual_segments(server)
        # Before the copy: what is changed while it is made is needed to make it
        # consistent.
        server.hold()
        begun_at = server.one("SELECT clock_timestamp()")
        tar = _copied(scratch)
        # By the clock of the database, which writes its changes by it. Names hold whole
        # seconds, so the end is rounded up: a moment within the copy can't be restored.
        ended_at = server.one("SELECT clock_timestamp()") + timedelta(seconds=1)
        name = copies.build_base_name(
            server.system,
            read_first_segment(tar),
            begun_at.astimezone(UTC),
            ended_at.astimezone(UTC),
        )
        copies.seal(tar, folder / name, sealed_to=sealed_to)
    archive_changes(folder, sealed_to=sealed_to)
    return next(base for base in copies.list_bases(folder) if base.path.name == name)


BUSY = "Another copy of the database is being made. Wait until it is over."


def require_usual_segments(server: ArchivingServer) -> None:
    if server.one(SETTING, "wal_segment_size") != copies.SEGMENT:
        raise Refused("This server's segments aren't 16 MB, so they can't be kept.")


def _copied(scratch: Path) -> Path:
    """Copy the server's files without what is changed meanwhile: that comes like all
    other changes."""
    databases.run_program(
        "pg_basebackup",
        f"--pgdata={scratch / 'copy'}",
        "--format=tar",
        "--compress=1",
        "--wal-method=none",
        "--checkpoint=fast",
        "--no-manifest",
        "--no-password",
        at=databases.get_address(),
        holds_lock=True,
    )
    there = [path.name for path in (scratch / "copy").iterdir()]
    if there != [TAR]:
        raise Refused("This server has tablespaces, which are not copied.")
    return scratch / "copy" / TAR


TAR = "base.tar.gz"
LABEL = re.compile(rf"^START WAL LOCATION: \S+ \(file ({copies.NAMED})\)$", re.M)


def read_first_segment(tar: Path) -> str:
    """Read in a copy which segment comes first after it. Raises `Refused` if it doesn't
    say."""
    with tarfile.open(tar, "r:gz") as copy:
        label = copy.extractfile("backup_label")
        found = LABEL.search(label.read().decode()) if label else None
    if not found:
        raise Refused("The copy doesn't show where it begins.")
    return found[1]


# --- the changes of each minute


def archive_changes(folder: Path, *, sealed_to: Mapping[ArchivePart, Recipient]) -> int:
    """Seal the segments that were completed since, and return how many."""
    raw = folder / ".wal"
    with on_disk.lock_folder(raw, busy=BUSY_ARCHIVING), connect_server() as asked:
        server = ArchivingServer(asked)
        if not any(b.system == server.system for b in copies.list_bases(folder)):
            # Without a copy that they follow, changes restore nothing.
            return 0
        if not server.is_holding():
            raise Refused(LOST)
        raw.mkdir(mode=0o700, exist_ok=True)
        number = seal_received(raw, folder, server.system, sealed_to)
        until = server.ended()
        if server.held() < until:
            receive_segments(raw, server.slot, until)
            number += seal_received(raw, folder, server.system, sealed_to)
            # Only now, when all of it is sealed and on the disk: what is released is
            # gone from the server.
            server.release(until)
    return number


BUSY_ARCHIVING = "The changes are being kept by another process. Wait a minute."
LOST = (
    "The database no longer has the next changes to be kept, so you can't go back to "
    "any moment after that. Start again with a copy: amana base_backup."
)


def receive_segments(raw: Path, slot: str, until: int) -> None:
    """Receive whole segments only: it ends with the last byte of the last one."""
    databases.run_program(
        "pg_receivewal",
        f"--directory={raw}",
        f"--slot={slot}",
        f"--endpos={format_position(until - 1)}",
        "--no-loop",
        "--no-password",
        at=databases.get_address(),
        holds_lock=True,
    )


WHOLE = re.compile(rf"{copies.NAMED}|{copies.HISTORY}")


def seal_received(
    raw: Path, folder: Path, system: str, sealed_to: Mapping[ArchivePart, Recipient]
) -> int:
    """Seal what was received whole, also by a process that was killed; the rest is
    deleted, and comes again."""
    received = sorted(path for path in raw.iterdir() if WHOLE.fullmatch(path.name))
    # A part of a segment, from a process that was killed. The slot still holds it.
    for path in raw.iterdir():
        if path not in received:
            path.unlink()
    there = {s.name: s for s in copies.list_segments(folder) if s.system == system}
    return sum(
        seal_segment(path, folder, system, there.get(path.name), sealed_to)
        for path in received
    )


def seal_segment(
    path: Path,
    folder: Path,
    system: str,
    known: LogSegment | None,
    sealed_to: Mapping[ArchivePart, Recipient],
) -> bool:
    """Seal one segment; False where it is there already. Raises `Refused` rather than
    replace another of its name."""
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    # Two servers that write to one folder, or one restored from a copy: a moment could
    # then be made of the changes of both.
    if known and known.digest != digest:
        raise Refused(
            f"{known.path.name} exists, and the database has a different segment of "
            "that name. Use a WAL_FOLDER that no other server writes to."
        )
    if not known:
        packed = path.with_name("packed")
        packed.write_bytes(gzip.compress(content, 1))
        name = copies.build_segment_name(system, path.name, datetime.now(UTC), digest)
        copies.seal(packed, folder / name, sealed_to=sealed_to)
    path.unlink()
    return not known


# --- whether all is well


@dataclass(frozen=True)
class ArchivingState:
    """What there is of moments, and what could end them."""

    may_replicate: bool
    is_holding: bool
    copied_at: datetime | None
    kept_at: datetime | None
    """When something was kept last."""
    waits_for: int
    """Seconds after which PostgreSQL completes a segment that is not full; 0: never."""
    is_bounded: bool
    """Whether it stops holding changes for us before its own disk is full."""


def is_wanted() -> bool:
    """Check whether moments are to be kept here."""
    return connection.vendor == "postgresql" and bool(settings.WAL_FOLDER)


def read_state() -> ArchivingState:
    """Read what is kept here, and what could end it."""
    folder = Path(settings.WAL_FOLDER)
    with connect_server() as asked:
        server = ArchivingServer(asked)
        bases = [b for b in copies.list_bases(folder) if b.system == server.system]
        kept = [s for s in copies.list_segments(folder) if s.system == server.system]
        copied_at = max((base.ended_at for base in bases), default=None)
        moments = [segment.kept_at for segment in kept]
        moments += [copied_at] if copied_at else []
        return ArchivingState(
            may_replicate=server.one(MAY),
            is_holding=server.is_holding(),
            copied_at=copied_at,
            kept_at=max(moments, default=None),
            waits_for=server.one(SETTING, "archive_timeout"),
            is_bounded=server.one(SETTING, "max_slot_wal_keep_size") >= 0,
        )


MAY = "SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user"
SETTING = "SELECT setting::bigint FROM pg_settings WHERE name = %s"
