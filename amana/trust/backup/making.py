"""Making a backup while people work: two archives of one moment."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from pyrage.x25519 import Recipient

from amana import on_disk
from amana.errors import Refused
from amana.trust.audit import log
from amana.trust.backup import archives, databases, parts, room
from amana.trust.backup.archives import ArchiveHeader
from amana.trust.backup.databases import Ask, BackupDatabase
from amana.trust.backup.parts import ArchivePart


@dataclass(frozen=True)
class BackupFiles:
    data: Path
    keys: Path
    about: ArchiveHeader


def get_recipients() -> dict[ArchivePart, Recipient]:
    """Get to whom the archives are sealed: never both to one key. Raises `Refused` when
    one is missing or both are the same."""
    said = {
        ArchivePart.DATA: settings.BACKUP_DATA_RECIPIENT,
        ArchivePart.KEYS: settings.BACKUP_KEYS_RECIPIENT,
    }
    if not all(said.values()):
        raise Refused(
            "Set BACKUP_DATA_RECIPIENT and BACKUP_KEYS_RECIPIENT: two public keys of "
            "age (backup_keys makes them). Their private keys are never on this server."
        )
    # With one key, one person would open contents and keys: the two archives exist so
    # that no one does (ADR 65).
    if len(set(said.values())) < len(said):
        raise Refused(
            "Both archives would open with one key. Give them two, kept by two people."
        )
    return {part: archives.parse_recipient(text) for part, text in said.items()}


def make_backup(to: Path, *, sealed_to: dict[ArchivePart, Recipient]) -> BackupFiles:
    """Write both archives into the folder `to`. They come there when both are whole and
    on the disk."""
    with on_disk.make_scratch_folder(to / ".unfinished", busy=BUSY) as scratch:
        here, now = databases.get_database(), datetime.now(UTC)
        _require_room(scratch, here)
        # Before the copy, so that it is in the copy as well: recorded afterwards, each
        # copy would be behind its own log.
        log.record("began backup", by=None)
        return _made(to, *_sealed(scratch, sealed_to, here, now))


def make_backup_of(
    database: BackupDatabase,
    to: Path,
    *,
    made_at: datetime,
    sealed_to: dict[ArchivePart, Recipient],
) -> BackupFiles:
    """Write both archives of a database that is as ours was at another moment."""
    with on_disk.make_scratch_folder(to / ".unfinished", busy=BUSY) as scratch:
        _require_room(scratch, database)
        return _made(to, *_sealed(scratch, sealed_to, database, made_at))


def _require_room(scratch: Path, database: BackupDatabase) -> None:
    room.require_room(scratch, DUMPS_AT_ONCE * database.size())


def _made(
    to: Path, sealed: dict[ArchivePart, Path], about: ArchiveHeader
) -> BackupFiles:
    paths = {part: to / sealed[part].name for part in ArchivePart}
    # The keys first: the data alone would look like a backup.
    for part in (ArchivePart.KEYS, ArchivePart.DATA):
        sealed[part].rename(paths[part])
    on_disk.flush_to_disk(to)
    return BackupFiles(paths[ArchivePart.DATA], paths[ArchivePart.KEYS], about)


DUMPS_AT_ONCE = 4
"""Of all that there is: SQLite’s copy of the moment, both dumps taken from it, and of
the larger one a tar and its archive."""
BUSY = "Another backup is being made in this folder. Wait until it is over."


def _sealed(
    scratch: Path,
    sealed_to: dict[ArchivePart, Recipient],
    database: BackupDatabase,
    made_at: datetime,
) -> tuple[dict[ArchivePart, Path], ArchiveHeader]:
    """Seal both archives in a folder of their own, and return them with what that of
    the data says."""
    pair = secrets.token_hex(16)
    stamp = f"{made_at:%Y%m%dT%H%M%SZ}-{pair[:6]}"
    paths = {part: scratch / f"amana-{part}-{stamp}.age" for part in ArchivePart}
    said: dict[ArchivePart, ArchiveHeader] = {}
    with database.dumped(scratch) as dumped:
        size, root = read_last_checkpoint(dumped.ask)
        for part, dump in dumped.files.items():
            said[part] = ArchiveHeader(
                part=part,
                pair=pair,
                made_at=made_at.isoformat(),
                database=connection.vendor,
                migrations=map_last_migrations(dumped.ask),
                rows=count_rows(part, dumped.ask),
                log_size=size,
                log_root=root,
                dump=archives.compute_digest(dump),
            )
            archives.write_archive(
                paths[part],
                said[part],
                dump,
                Path(settings.ERASED_LIST),
                recipient=sealed_to[part],
            )
    return paths, said[ArchivePart.DATA]


def read_last_checkpoint(ask: Ask) -> tuple[int, str]:
    found = ask("SELECT size, root FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
    return (int(found[0][0]), bytes(found[0][1]).hex()) if found else (0, "")


def map_last_migrations(ask: Ask) -> dict[str, str]:
    done = ask("SELECT app, name FROM django_migrations ORDER BY app, name")
    return {str(app): str(name) for app, name in done}


def count_rows(part: ArchivePart, ask: Ask) -> dict[str, int]:
    tables = sorted(list_tables(part))
    return {t: int(ask(f'SELECT COUNT(*) FROM "{t}"')[0][0]) for t in tables}  # noqa: S608


def list_tables(part: ArchivePart) -> Iterable[str]:
    models = apps.get_models(include_auto_created=True)
    return {m._meta.db_table for m in models if parts.get_part(m) is part}
