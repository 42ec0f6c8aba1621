"""A backup and a restoration ask for room before they begin."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from pyrage.x25519 import Identity
from pytest_django import DjangoDbBlocker

from amana.errors import Refused
from amana.trust.audit.models import AuditEvent
from amana.trust.backup import archives, databases, making, restoring, room
from amana.trust.backup.parts import ArchivePart
from amana.trust.backup.room import MIB
from tests.databases import save
from tools.postgres import installed

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def migrated(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "amana.sqlite3"
    with django_db_blocker.unblock():
        save(path)  # before a test has a transaction of its own
    return path


@pytest.fixture(autouse=True)
def on_disk(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that lies in a file, where it is SQLite’s; else the programs of the
    server's own version, which the machine may have in an older one."""
    if connection.vendor == "sqlite":
        path = shutil.copy(migrated, tmp_path / "amana.sqlite3")
        monkeypatch.setattr(databases.SQLite, "_path", lambda self: path)
    else:
        monkeypatch.setattr(settings, "POSTGRES_PROGRAMS", str(installed() / "bin"))


@pytest.fixture
def keys() -> dict[ArchivePart, Identity]:
    return {part: Identity.generate() for part in ArchivePart}


def make(folder: Path, keys: dict[ArchivePart, Identity]) -> making.BackupFiles:
    public = {part: key.to_public() for part, key in keys.items()}
    return making.make_backup(folder, sealed_to=public)


def leave_free(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=size))


def test_a_backup_does_not_begin_where_there_is_too_little_room(
    tmp_path: Path, keys: dict[ArchivePart, Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = making.DUMPS_AT_ONCE * databases.get_database().size()
    leave_free(needed - 1, monkeypatch)
    folder = tmp_path / "backups"

    with pytest.raises(Refused) as no:
        make(folder, keys)

    said = str(no.value)
    assert f"in {folder}: it takes {-(-needed // MIB):,} MiB" in said
    assert f"{(needed - 1) // MIB:,} MiB are free" in said
    assert "Make room" in said
    assert [path.name for path in folder.iterdir()] == [".unfinished.lock"]
    assert not AuditEvent.objects.filter(did="began backup").exists()

    leave_free(needed, monkeypatch)
    assert make(folder, keys).data.exists()


def test_a_drill_asks_where_it_works(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR = tmp_path / "var"
    leave_free(0, monkeypatch)
    with pytest.raises(CommandError, match=f"room in {settings.VAR}/.drill/backup"):
        call_command("drill")
    assert not (tmp_path / "var/.drill").exists()


def test_a_restoration_does_not_begin_where_there_is_too_little_room(
    tmp_path: Path,
    settings: Any,
    keys: dict[ArchivePart, Identity],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = make(tmp_path / "backups", keys)
    settings.VAR = tmp_path / "var"
    empty = databases.get_database()
    monkeypatch.setattr(type(empty), "tables", lambda self: set())
    monkeypatch.setattr(databases, "get_database", lambda: empty)
    needed = 2 * (made.data.stat().st_size + made.keys.stat().st_size)
    leave_free(needed - 1, monkeypatch)

    with pytest.raises(Refused, match=f"room in {empty.folder}: it takes"):
        restoring.restore_backup(
            made.data,
            made.keys,
            data_key=keys[ArchivePart.DATA],
            keys_key=keys[ArchivePart.KEYS],
        )

    assert not (empty.folder / ".restoring").exists()


def test_what_a_backup_asks_for_is_the_most_that_it_takes(
    tmp_path: Path, keys: dict[ArchivePart, Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    taken: list[int] = []

    def measure(sealed: Path, plain: Path) -> None:
        """Its tar and the archive of it lie beside everything else."""
        there = [p for p in sealed.parent.rglob("*") if p.is_file()]
        taken.append(sum(path.stat().st_size for path in there))

    monkeypatch.setattr(
        room, "require_room", lambda folder, needed: asked.append(needed)
    )
    monkeypatch.setattr(archives, "require_whole", measure)
    make(tmp_path / "backups", keys)

    assert len(taken) == 2
    assert max(taken) <= asked[0]
    if connection.vendor == "sqlite":  # a server's tables keep the room of what is gone
        assert asked[0] <= 4 * max(taken)
