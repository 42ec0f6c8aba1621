"""Faults of backups, of any moment, and of processes that are killed."""

import tempfile
from pathlib import Path
from typing import Any

from .registry import fault, other, put

BACKUP = "tests/reliability/test_backup.py"


@fault(BACKUP)
def keys_beside_what_they_open() -> None:
    """One archive of a backup holds the contents and the keys to them."""
    from amana.trust.backup import parts

    put(parts, list_key_tables=lambda: ["vault_personwrap"])


@fault("amana/trust/backup/tests/test_room.py")
def backup_begins_without_room() -> None:
    """After an hour the disk is full, and there is no backup."""
    from amana.trust.backup import room

    put(room, require_room=lambda folder, needed: None)


@fault("amana/trust/backup/tests/test_room.py")
def room_for_one_copy_alone() -> None:
    """A backup begins where only the database itself would have room."""
    from amana.trust.backup import making

    put(making, DUMPS_AT_ONCE=1)


@fault(BACKUP)
def one_key_for_both_archives() -> None:
    """Whoever is to keep the contents alone opens the keys too."""
    from amana.trust.backup import making

    said = making.settings
    real = making.get_recipients

    def recipients() -> Any:
        if said.BACKUP_DATA_RECIPIENT == said.BACKUP_KEYS_RECIPIENT:
            return dict.fromkeys(making.ArchivePart)
        return real()

    put(making, get_recipients=recipients)


@fault(BACKUP)
def restored_without_the_list() -> None:
    """What was erased since the copy comes back with it."""
    from amana.trust.backup import restoring

    put(restoring, erasing=other(restoring.erasing, apply=lambda path: (0, 0)))


@fault(BACKUP)
def restored_with_older_keys() -> None:
    """Keys that are older than the data are taken, and the newest cases open for
    nobody."""
    from amana.trust.backup import restoring

    put(restoring, require_fitting=lambda data, keys: None)


COPIES = "amana/trust/backup/tests/test_copies.py"
MOMENTS = "tests/reliability/test_moments.py"


@fault(f"{COPIES}::test_neither_person_opens_it_alone")
def moment_sealed_to_one() -> None:
    """Who keeps the key of the contents alone opens what is kept of each moment."""
    from amana.trust.backup import copies
    from amana.trust.backup.parts import ArchivePart

    seal = copies.seal
    put(
        copies,
        seal=lambda plain, to, *, sealed_to: seal(
            plain, to, sealed_to=dict.fromkeys(ArchivePart, sealed_to[ArchivePart.DATA])
        ),
    )


@fault(f"{COPIES}::test_nothing_is_older_than_archives_of_keys_may_be")
def moments_kept_too_long() -> None:
    """What was erased can be brought back for longer than 14 days."""
    from datetime import timedelta

    from amana.trust.backup import copies

    put(copies, KEPT=timedelta(days=14))


@fault(f"{COPIES}::test_changes_that_no_copy_needs_go")
def changes_outlive_their_copy() -> None:
    """Changes stay that no copy precedes: nobody can use them but who looks for whom
    was erased."""
    from amana.trust.backup import copies

    put(copies, is_idle=lambda segment, first: False)


@fault(f"{COPIES}::test_a_segment_that_is_missing_in_the_middle_is_named")
def gap_goes_unnoticed() -> None:
    """PostgreSQL stops at a segment that is missing, and says nothing."""
    from amana.trust.backup import copies

    put(copies, choose_segments=lambda base, segments, at: segments)


@fault(f"{COPIES}::test_another_segment_of_its_name_is_never_replaced")
def segment_of_any_content_is_the_same() -> None:
    """Two servers keep into one folder, and what one of them has changed is dropped."""
    from dataclasses import replace

    from amana.trust.backup import archiving

    real = archiving.seal_segment

    def seal_segment(path: Any, folder: Any, system: str, known: Any, to: Any) -> bool:
        content = path.read_bytes()
        digest = archiving.hashlib.sha256(content).hexdigest()[:12]
        same = known and replace(known, digest=digest)
        return real(path, folder, system, same, to)

    put(archiving, seal_segment=seal_segment)


@fault(
    f"{MOMENTS}::test_a_moment_has_what_was_written_by_then_and_nobody_who_was_erased",
    on_postgresql=True,
)
def reads_past_the_moment() -> None:
    """The mistake that one wanted to go back from is in what is fetched."""
    from amana.trust.backup import moments

    real = moments.configure_server
    put(moments, configure_server=lambda data, at, sockets: real(data, None, sockets))


@fault(
    f"{MOMENTS}::test_keeping_that_is_killed_loses_no_segment",
    on_postgresql=True,
)
def let_go_before_it_is_sealed() -> None:
    """Killed between the two, a segment is nowhere any more."""
    import shutil

    from amana import on_disk
    from amana.trust.backup import archiving

    receive, alone = archiving.receive_segments, on_disk.lock_folder

    def received(raw: Path, slot: str, until: int) -> None:
        receive(raw, slot, until)
        with archiving.connect_server() as asked:
            archiving.ArchivingServer(asked).release(until)

    def alone_and_empty(folder: Path, *, busy: str) -> Any:
        if folder.name == ".wal":
            shutil.rmtree(folder, ignore_errors=True)
        return alone(folder, busy=busy)

    put(archiving, receive_segments=received)
    put(on_disk, lock_folder=alone_and_empty)


KILLED = "tests/reliability/test_kill.py"


@fault(f"{KILLED}::test_what_was_acknowledged_survives_being_killed")
def commit_does_not_wait_for_the_disk() -> None:
    """A commit is acknowledged before it is on the disk."""
    from django.db import connections

    options = connections.settings["default"]["OPTIONS"]
    before = options["init_command"]
    options["init_command"] = before.replace("synchronous=FULL", "synchronous=OFF")
    assert options["init_command"] != before


@fault("amana/sqlite/tests/test_placeholders.py")
def escaped_sign_becomes_a_placeholder() -> None:
    """A query's own percent sign before an s is taken for a value's place."""
    from amana.sqlite import base

    put(
        base,
        convert_placeholders=lambda query: query.replace("%s", "?").replace("%%", "%"),
    )


@fault("amana/trust/backup/tests/test_databases.py")
def backup_of_whatever_answers() -> None:
    """Backups go to the database without checking its certificate."""
    from amana.trust.backup import databases

    unchecked = {n: v for n, v in databases.VARIABLES.items() if "ssl" not in n}
    put(databases, VARIABLES=unchecked)


@fault("tests/reliability/test_backup.py", on_postgresql=True)
def drill_in_what_the_server_offers() -> None:
    """The database of a drill is in the encoding of the server's own."""
    from psycopg import sql

    from amana.trust.backup import restore_drill

    latin = (
        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' -- {} {}"
    )
    put(restore_drill, CREATE=sql.SQL(latin))


INTERRUPTED = "tests/reliability/test_interrupted.py"


@fault(
    f"{INTERRUPTED}::test_a_backup_that_was_killed_leaves_nothing_and_the_next_is_whole"
)
def scratch_under_a_new_name_each_time() -> None:
    """What a backup that was killed has left stays: the disk fills with dumps of
    contents and keys that are not sealed."""
    from contextlib import contextmanager

    from amana import on_disk

    @contextmanager
    def scratch(folder: Path, *, busy: str) -> Any:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as name:
            yield Path(name)

    put(on_disk, make_scratch_folder=scratch)


HALF = f"{INTERRUPTED}::test_nobody_works_with_a_database_that_is_restored_by_half"


@fault(HALF)
def half_a_restoration_looks_whole() -> None:
    """Services begin on a database whose restoration was killed."""
    from amana.trust.backup import restoring
    from amana.unattended import STARTS

    STARTS.remove(restoring.require_finished)


@fault(HALF)
def list_comes_after_the_database() -> None:
    """Killed before the list is there, a restoration brings back who was erased."""
    from amana.trust.backup import databases, restoring

    keep, finish, newest = restoring.write_erased_list, databases.finish_restoration, []
    put(restoring, write_erased_list=newest.append)
    put(databases, finish_restoration=lambda: (keep(newest[-1]), finish()))


@fault(f"{INTERRUPTED}::test_a_house_that_was_founded_by_half_can_be_founded_again")
def codes_are_made_once() -> None:
    """Who never saw the first codes has a house that nobody can enter."""
    from amana.trust.access import founding

    put(founding, _waiting_first=lambda organisation, administrators: [])


@fault(f"{INTERRUPTED}::test_a_full_disk_stops_a_restoration_with_a_sentence")
def full_disk_is_a_damaged_archive() -> None:
    """Where there is no room, an operator reads that the backup is damaged."""
    from amana.trust.backup import archives

    put(archives, is_disk_full=lambda error: False)


@fault(
    f"{INTERRUPTED}::test_a_full_disk_is_told_by_each_command_and_with_room_it_ends_right"
)
def full_disk_is_a_page_of_code() -> None:
    """A command that finds no room ends with a traceback."""
    from amana import commands

    put(commands, run_command=commands.execute_from_command_line)


@fault("amana/trust/backup/tests/test_on_disk.py")
def archive_may_lack_its_end() -> None:
    """A backup whose last bytes did not fit on the disk counts as made."""
    from amana.trust.backup import archives

    put(archives, require_whole=lambda sealed, plain: None)
