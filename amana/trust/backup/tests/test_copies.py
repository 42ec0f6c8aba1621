"""What any moment of PostgreSQL is made of: sealed to both people, kept for 14 days,
and whole, or what is missing is named (P27)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pyrage.x25519 import Identity

from amana.errors import Refused
from amana.trust.backup import archiving, copies
from amana.trust.backup.archives import UnreadableArchive
from amana.trust.backup.management.commands.backup import parse_moment
from amana.trust.backup.parts import ArchivePart

NOW = datetime(2026, 11, 29, 14, 5, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KEYS = {part: Identity.generate() for part in ArchivePart}
SEALED_TO = {part: key.to_public() for part, key in KEYS.items()}


def name(number: int, branch: int = 1) -> str:
    return f"{branch:08X}{copies.format_segment_number(number)}"


def base(folder: Path, number: int, at: datetime, system: str = "7") -> Path:
    path = folder / copies.build_base_name(system, name(number), at, at + MINUTE)
    path.write_text("a copy")
    return path


def segment(folder: Path, number: int, at: datetime, system: str = "7") -> Path:
    path = folder / copies.build_segment_name(system, name(number), at, "0" * 12)
    path.write_text("changes")
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


# --- sealed to both


def test_neither_person_opens_it_alone(tmp_path: Path) -> None:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed.age"
    plain.write_bytes(b"keys and contents" * 9)
    copies.seal(plain, sealed, sealed_to=SEALED_TO)

    assert names(tmp_path) == {"sealed.age"}
    assert sealed.stat().st_mode & 0o077 == 0
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed.read_bytes(), [KEYS[ArchivePart.KEYS]])
    inner = pyrage.decrypt(sealed.read_bytes(), [KEYS[ArchivePart.DATA]])
    assert inner.startswith(b"age-encryption.org/v1")
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(inner, [KEYS[ArchivePart.DATA]])

    copies.unseal(sealed, tmp_path / "opened", opened_by=KEYS)
    assert (tmp_path / "opened").read_bytes() == b"keys and contents" * 9


def test_what_is_damaged_says_so(tmp_path: Path) -> None:
    plain, sealed = tmp_path / "plain", tmp_path / "sealed.age"
    plain.write_bytes(b"keys and contents" * 9)
    copies.seal(plain, sealed, sealed_to=SEALED_TO)
    flipped = bytearray(sealed.read_bytes())
    flipped[-20] ^= 1
    sealed.write_bytes(flipped)
    with pytest.raises(UnreadableArchive, match=r"sealed\.age can't be opened"):
        copies.unseal(sealed, tmp_path / "opened", opened_by=KEYS)


# --- kept for 14 days


def test_nothing_is_older_than_archives_of_keys_may_be(tmp_path: Path) -> None:
    """Each hour what would be too old before the next is deleted."""
    base(tmp_path, 5, NOW - 14 * DAY + HOUR)
    segment(tmp_path, 5, NOW - 14 * DAY + HOUR)
    young = base(tmp_path, 9, NOW - 13 * DAY)
    since = segment(tmp_path, 9, NOW - 13 * DAY)

    assert copies.delete_old_copies(tmp_path, NOW) == 2
    assert names(tmp_path) == {young.name, since.name}
    assert copies.delete_old_copies(tmp_path, NOW) == 0


def test_changes_that_no_copy_needs_go(tmp_path: Path) -> None:
    """Also those of a server that is no more, once its copies have gone."""
    young = base(tmp_path, 300, NOW - DAY)
    needed = [segment(tmp_path, n, NOW) for n in (300, 301)]
    segment(tmp_path, 299, NOW - DAY)
    segment(tmp_path, 400, NOW, system="8")
    (tmp_path / "amana-data-20261129T010000Z-abc.age").write_text("another's")

    assert copies.delete_old_copies(tmp_path, NOW) == 2
    kept = {young.name, *(path.name for path in needed)}
    assert names(tmp_path) == kept | {"amana-data-20261129T010000Z-abc.age"}


# --- whole


def chosen(folder: Path, at: datetime | None) -> list[int]:
    first = copies.choose_base(copies.list_bases(folder), at)
    found = copies.choose_segments(first, copies.list_segments(folder), at)
    return [segment.number for segment in found]


def test_a_moment_takes_the_copy_before_it_and_what_follows(tmp_path: Path) -> None:
    base(tmp_path, 254, NOW - 2 * HOUR)
    base(tmp_path, 258, NOW + HOUR)
    for number in range(250, 260):  # over the end of the names' last part
        segment(tmp_path, number, NOW + (number - 257) * MINUTE)
    segment(tmp_path, 260, NOW, system="8")

    assert chosen(tmp_path, NOW) == [254, 255, 256, 257, 258, 259]
    assert chosen(tmp_path, None) == [258, 259]


def test_a_segment_that_is_missing_in_the_middle_is_named(tmp_path: Path) -> None:
    base(tmp_path, 254, NOW - 4 * HOUR)
    for number in (254, 255, 257, 258):
        segment(tmp_path, number, NOW + (number - 257) * HOUR)

    named = r"amana-wal-7-…0000000100000000-….age.* 12:05:00"
    for at in (NOW, None):
        with pytest.raises(Refused, match=named):
            chosen(tmp_path, at)
    # Up to it every moment can be had.
    assert chosen(tmp_path, NOW - 2 * HOUR) == [254, 255]


def test_a_moment_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no copy of the database here"):
        chosen(tmp_path, None)
    base(tmp_path, 5, NOW - HOUR)
    with pytest.raises(Refused, match="Nothing was kept since"):
        chosen(tmp_path, None)
    segment(tmp_path, 5, NOW)
    with pytest.raises(
        Refused, match="The earliest possible time is 2026-11-29 13:06:00"
    ):
        chosen(tmp_path, NOW - HOUR)
    with pytest.raises(Refused, match="ends before that time, at 2026-11-29 14:05"):
        chosen(tmp_path, NOW + MINUTE)
    assert chosen(tmp_path, NOW) == [5]


# --- sealed once


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / ".wal"
    folder.mkdir()
    return folder


def received(raw: Path) -> int:
    return archiving.seal_received(raw, raw.parent, "7", SEALED_TO)


def test_the_same_segment_again_changes_nothing(raw: Path) -> None:
    (raw / name(5)).write_bytes(b"changes")
    assert received(raw) == 1
    [kept] = names(raw.parent)

    (raw / name(5)).write_bytes(b"changes")
    assert received(raw) == 0

    assert names(raw.parent) == {kept}
    assert list(raw.iterdir()) == []


def test_another_segment_of_its_name_is_never_replaced(raw: Path) -> None:
    (raw / name(5)).write_bytes(b"changes")
    received(raw)
    before = names(raw.parent)
    (raw / name(5)).write_bytes(b"changes of another server")

    with pytest.raises(Refused, match="a different segment of that name"):
        received(raw)

    assert names(raw.parent) == before
    assert (raw / name(5)).exists()


def test_what_one_that_was_killed_has_left_is_sealed_or_comes_again(raw: Path) -> None:
    (raw / name(5)).write_bytes(b"changes")
    (raw / f"{name(6)}.partial").write_bytes(b"half")
    (raw / "00000002.history").write_bytes(b"branch")
    for rest in ("packed", "inner", "outer"):
        (raw / rest).write_bytes(b"half")

    assert received(raw) == 2

    assert list(raw.iterdir()) == []
    opened = raw / "opened.gz"
    [history, *_others] = copies.list_segments(raw.parent)[::-1]
    copies.unseal(history.path, opened, opened_by=KEYS)
    assert history.name == "00000002.history"


# --- said


@pytest.mark.skipif(connection.vendor != "sqlite", reason="it has moments")
@pytest.mark.parametrize(
    "words", ["backup --at newest", "base_backup", "archive_wal", "forget_wal"]
)
@pytest.mark.django_db
def test_sqlite_has_no_moment_between_backups_and_says_so(
    words: str, settings: Any, tmp_path: Path
) -> None:
    settings.BACKUP_FOLDER = settings.WAL_FOLDER = str(tmp_path)
    with pytest.raises(CommandError, match="since the last one is lost with the disk"):
        call_command(*words.split())


def test_a_moment_is_one_of_where_people_are(settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Amman"
    assert parse_moment("2026-11-29 14:05") == datetime(2026, 11, 29, 11, 5, tzinfo=UTC)
    assert parse_moment("2026-11-29T14:05:09Z") == datetime(
        2026, 11, 29, 14, 5, 9, tzinfo=UTC
    )
    assert parse_moment("newest") is None
    with pytest.raises(Refused, match="is not a time"):
        parse_moment("yesterday")
