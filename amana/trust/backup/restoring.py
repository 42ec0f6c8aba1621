"""Restore a backup into an empty place, so that what was erased stays erased.

The two archives may be of different moments: the data old, the keys new. What was
erased between them has no keys then. Where the keys are old too, the list of what was
erased, the newest that there is, is applied before anything can be opened.
"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pyrage.x25519 import Identity

from amana import on_disk
from amana.errors import Refused
from amana.trust.audit import log
from amana.trust.backup import archives, databases, room
from amana.trust.backup.archives import ArchiveHeader
from amana.trust.backup.making import count_rows, read_last_checkpoint
from amana.trust.backup.parts import ArchivePart
from amana.trust.retention import erasing
from amana.trust.vault import erased


@dataclass(frozen=True)
class RestoreResult:
    data: ArchiveHeader
    keys: ArchiveHeader
    erased_anew: int
    """Cases that the older copy had, and the list has not."""
    short: dict[str, tuple[int, int]]
    """Tables with another number of rows than in the archives: expected, found."""
    log_size: int


def restore_backup(
    data: Path,
    keys: Path,
    *,
    data_key: Identity,
    keys_key: Identity,
    listed: Path | None = None,
) -> RestoreResult:
    """Restore both archives into this installation's database, which has to be empty,
    or left by a restoration that was killed. Raises `Refused` otherwise, and where the
    archives don't fit.

    `listed`: the newest list of what was erased that there is, if it lies elsewhere.
    """
    database = databases.get_database()
    with on_disk.make_scratch_folder(
        database.folder / ".restoring", busy=BUSY
    ) as scratch:
        require_free(database.tables())
        sizes = sum(path.stat().st_size for path in (data, keys) if path.exists())
        room.require_room(scratch, DUMPS_AT_ONCE * sizes)
        of_data, data_at = archives.read_archive(data, scratch / "d", identity=data_key)
        of_keys, keys_at = archives.read_archive(keys, scratch / "k", identity=keys_key)
        require_fitting(of_data, of_keys)
        # In its place before the database is: once there are keys, nothing may open
        # that the list has erased (ADR 54).
        write_erased_list(choose_newest_list([data_at, keys_at], listed))
        database.load(data_at / archives.DUMP, keys_at / archives.DUMP)
    short = compare_rows(of_data, of_keys)
    call_command("migrate", verbosity=0)
    with transaction.atomic():  # nothing of it is sealed before all of it is there
        again, _lines = erasing.apply(None)
        log.record("restored backup", by=None, made_at=of_data.made_at, again=again)
        databases.finish_restoration()
    size, _root = read_last_checkpoint(query_database)
    return RestoreResult(of_data, of_keys, again, short, size)


DUMPS_AT_ONCE = 2
"""While an archive is opened, its tar and what comes out of it."""
BUSY = "Another restoration is under way here. Wait until it is over."


def require_free(tables: set[str]) -> None:
    # Never over another database: restoring over the one in use would lose what was
    # written since.
    if tables and databases.UNFINISHED not in tables:
        raise Refused(
            "There is already a database, and a restoration never overwrites one. If "
            "it is the one that you have just restored, it is complete: continue with "
            "after_restore. Otherwise move it aside first."
        )


def require_finished() -> None:
    """Require that no restoration was killed, before any service works on the database.
    Raises `CommandError`."""
    if is_unfinished():
        raise CommandError(
            "A restoration was stopped before its end, so no one can work with this "
            "database. Give the command “amana restore” once more."
        )


def is_unfinished() -> bool:
    return databases.UNFINISHED in connection.introspection.table_names()


def require_fitting(data: ArchiveHeader, keys: ArchiveHeader) -> None:
    if (data.part, keys.part) != (ArchivePart.DATA, ArchivePart.KEYS):
        raise Refused("Give the archive of the data first, then that of the keys.")
    if {data.database, keys.database} != {connection.vendor}:
        raise Refused(
            f"These archives are of {data.database}, and this database is "
            f"{connection.vendor}."
        )
    # Newer keys are fine: what was erased between the two has no keys then, and stays
    # erased.
    if keys.moment < data.moment and keys.pair != data.pair:
        raise Refused(
            "These keys are older than the data, so no one could open what was written "
            "between them. Use the keys of the same moment, or newer ones."
        )


def choose_newest_list(folders: list[Path], elsewhere: Path | None) -> Path | None:
    """Choose the longest valid list, of those in the archives, ours and the one
    given."""
    lists = [folder / archives.ERASED for folder in folders]
    lists += [Path(settings.ERASED_LIST)] + ([elsewhere] if elsewhere else [])
    there = [path for path in lists if path.exists()]
    # A list only ever grows, and each is the beginning of the next: the longest valid
    # one has all.
    return max(there, key=lambda path: len(erased.read(path).lines), default=None)


def write_erased_list(newest: Path | None) -> None:
    ours = Path(settings.ERASED_LIST)
    if newest is not None and newest != ours:
        on_disk.replace_file(ours, newest.read_text())


def query_database(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def compare_rows(
    data: ArchiveHeader, keys: ArchiveHeader
) -> dict[str, tuple[int, int]]:
    """Compare the number of rows of each table with what the archives say, and return
    those that differ."""
    there = {part: count_rows(part, query_database) for part in ArchivePart}
    # Of keys newer than the data some rows may have been deleted as orphans, so they
    # are compared only within a pair.
    said = data.rows | (keys.rows if keys.pair == data.pair else {})
    found = there[ArchivePart.DATA] | there[ArchivePart.KEYS]
    return {
        table: (count, found.get(table, 0))
        for table, count in said.items()
        if found.get(table, 0) != count
    }
