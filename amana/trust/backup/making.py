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
from amana.trust.backup.archives import About
from amana.trust.backup.databases import Ask, Database
from amana.trust.backup.parts import Part


@dataclass(frozen=True)
class Made:
    data: Path
    keys: Path
    about: About


def recipients() -> dict[Part, Recipient]:
    """Get to whom the archives are sealed: never both to one key. Raises `Refused` when
    one is missing or both are the same."""
    said = {
        Part.DATA: settings.BACKUP_DATA_RECIPIENT,
        Part.KEYS: settings.BACKUP_KEYS_RECIPIENT,
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
    return {part: archives.recipient_of(text) for part, text in said.items()}


def make(to: Path, *, sealed_to: dict[Part, Recipient]) -> Made:
    """Write both archives into the folder `to`. They come there when both are whole and
    on the disk."""
    with on_disk.scratch(to / ".unfinished", busy=BUSY) as scratch:
        here, now = databases.this(), datetime.now(UTC)
        _require_room(scratch, here)
        # Before the copy, so that it is in the copy as well: recorded afterwards, each
        # copy would be behind its own log.
        log.record("began backup", by=None)
        return _made(to, *_sealed(scratch, sealed_to, here, now))


def make_of(
    database: Database, to: Path, *, made_at: datetime, sealed_to: dict[Part, Recipient]
) -> Made:
    """Write both archives of a database that is as ours was at another moment."""
    with on_disk.scratch(to / ".unfinished", busy=BUSY) as scratch:
        _require_room(scratch, database)
        return _made(to, *_sealed(scratch, sealed_to, database, made_at))


def _require_room(scratch: Path, database: Database) -> None:
    room.require(scratch, DUMPS_AT_ONCE * database.size())


def _made(to: Path, sealed: dict[Part, Path], about: About) -> Made:
    paths = {part: to / sealed[part].name for part in Part}
    # The keys first: the data alone would look like a backup.
    for part in (Part.KEYS, Part.DATA):
        sealed[part].rename(paths[part])
    on_disk.see(to)
    return Made(paths[Part.DATA], paths[Part.KEYS], about)


DUMPS_AT_ONCE = 4
"""Of all that there is: SQLite’s copy of the moment, both dumps taken from it, and of
the larger one a tar and its archive."""
BUSY = "Another backup is being made in this folder. Wait until it is over."


def _sealed(
    scratch: Path,
    sealed_to: dict[Part, Recipient],
    database: Database,
    made_at: datetime,
) -> tuple[dict[Part, Path], About]:
    """Seal both archives in a folder of their own, and return them with what that of
    the data says."""
    pair = secrets.token_hex(16)
    stamp = f"{made_at:%Y%m%dT%H%M%SZ}-{pair[:6]}"
    paths = {part: scratch / f"amana-{part}-{stamp}.age" for part in Part}
    said: dict[Part, About] = {}
    with database.dumped(scratch) as dumped:
        size, root = last_checkpoint(dumped.ask)
        for part, dump in dumped.files.items():
            said[part] = About(
                part=part,
                pair=pair,
                made_at=made_at.isoformat(),
                database=connection.vendor,
                migrations=migrations(dumped.ask),
                rows=rows(part, dumped.ask),
                log_size=size,
                log_root=root,
                dump=archives.sha256(dump),
            )
            archives.write(
                paths[part],
                said[part],
                dump,
                Path(settings.ERASED_LIST),
                recipient=sealed_to[part],
            )
    return paths, said[Part.DATA]


def last_checkpoint(ask: Ask) -> tuple[int, str]:
    found = ask("SELECT size, root FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
    return (int(found[0][0]), bytes(found[0][1]).hex()) if found else (0, "")


def migrations(ask: Ask) -> dict[str, str]:
    done = ask("SELECT app, name FROM django_migrations ORDER BY app, name")
    return {str(app): str(name) for app, name in done}


def rows(part: Part, ask: Ask) -> dict[str, int]:
    tables = sorted(of_part(part))
    return {t: int(ask(f'SELECT COUNT(*) FROM "{t}"')[0][0]) for t in tables}  # noqa: S608


def of_part(part: Part) -> Iterable[str]:
    models = apps.get_models(include_auto_created=True)
    return {m._meta.db_table for m in models if parts.part_of(m) is part}
