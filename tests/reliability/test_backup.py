"""A backup of one moment in two archives, restored into an empty place: what was erased
since stays erased, and everything else opens (P27)."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from django.db import connection
from pyrage.x25519 import Identity

from amana.errors import Refused
from amana.trust.backup import archives, making, parts, restore_drill, restoring
from amana.trust.backup.archives import UnreadableArchive
from amana.trust.backup.parts import ArchivePart
from tests.reliability.houses import ALL_KEPT, ERASED, KEPT, House, Story, beside
from tools.postgres import installed

# Alone: while others write on the same server, nothing of the log can be sealed.
pytestmark = [pytest.mark.django_db, pytest.mark.alone]


def test_the_newest_copy_opens_for_everyone(
    story: Story, places: Callable[..., House]
) -> None:
    assert story.before["opened"] == sorted(KEPT + ERASED)
    back = beside(story, places("newest"))
    said = back.restore(*story.new)
    assert (said["erased_anew"], said["short"]) == (0, {})
    assert back.keeps("look") == ALL_KEPT
    assert "never overwrites" in back.refuses(
        "restore", *map(str, story.new), *back.opens
    )


def test_an_older_copy_brings_nobody_back_who_was_erased(
    story: Story, places: Callable[..., House]
) -> None:
    back = beside(story, places("older"))
    assert back.restore(*story.old)["erased_anew"] == len(ERASED)
    # Its log is behind what was signed since: two people have to declare that.
    assert back.keeps("look") == ALL_KEPT | {"log": False}


def test_with_the_keys_of_today_old_data_opens_without_the_erased(
    story: Story, places: Callable[..., House]
) -> None:
    """Also where the list is lost: what was erased has no keys any more."""
    back = places("mixed")
    shutil.copy(story.house.folder / "audit-log.key", back.folder)
    back.restore(story.old[0], story.new[1])
    assert back.keeps("look") == ALL_KEPT | {"log": False}


def test_a_drill_finds_the_same_and_changes_nothing(story: Story) -> None:
    said = story.house.manage("drill")
    assert "erased_anew: 0" in said
    assert "short: {}" in said
    assert story.house.keeps("look") == ALL_KEPT


@pytest.mark.skipif("connection.vendor == 'sqlite'")
def test_a_backup_outlasts_what_the_server_gives_an_open_transaction(
    story: Story, tmp_path: Path
) -> None:
    slow = tmp_path / "pg_dump"
    slow.write_text(f'#!/bin/sh\nsleep 2\nexec {installed()}/bin/pg_dump "$@"\n')
    slow.chmod(0o755)
    within = "&options=-c%20idle_in_transaction_session_timeout%3D1s"
    house = replace(
        story.house, database=story.house.database + within, programs=tmp_path
    )
    assert all(path.exists() for path in house.backup("slow"))


@pytest.mark.skipif("connection.vendor == 'sqlite'")
def test_the_database_of_a_drill_is_like_ours(tmp_path: Path) -> None:
    asks = (
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database"
        " WHERE datname = current_database()"
    )
    with connection.cursor() as cursor:
        cursor.execute(asks)
        ours = cursor.fetchone()
    with (
        restore_drill.create_scratch_database(tmp_path) as at,
        psycopg.connect(at["DATABASE_URL"]) as scratch,
    ):
        assert scratch.execute(asks).fetchone() == ours


def test_one_archive_says_nothing_and_the_server_opens_neither(story: Story) -> None:
    data, keys = story.old
    for path in (data, keys):
        assert path.read_bytes().startswith(b"age-encryption.org/v1")
        assert path.stat().st_mode & 0o077 == 0
    for path, other in ((data, ArchivePart.KEYS), (keys, ArchivePart.DATA)):
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(path.read_bytes(), [identity(story, other)])
    # Read by age and tar, as anyone would: no row of keys lies with the data.
    opened = pyrage.decrypt(data.read_bytes(), [identity(story, ArchivePart.DATA)])
    with tarfile.open(fileobj=io.BytesIO(opened)) as tar:
        about = json.load(tar.extractfile("about.json") or io.BytesIO())
        dump = (tar.extractfile("dump") or io.BytesIO()).read()
    assert about["rows"]["cases_case"] == len(KEPT) + len(ERASED)
    assert not set(about["rows"]) & set(parts.list_key_tables())
    sealed = wraps_in(story.house)
    assert sealed
    assert not any(wrap in dump for wrap in sealed)


def test_archives_that_are_not_right_are_refused_with_a_sentence(
    story: Story, tmp_path: Path
) -> None:
    data, keys = story.old
    of_data, of_keys = (identity(story, part) for part in ArchivePart)
    flipped = bytearray(data.read_bytes())
    flipped[len(flipped) // 2] ^= 1
    broken = tmp_path / "broken.age"
    broken.write_bytes(flipped)
    for path, key in ((broken, of_data), (keys, of_data), (data, of_keys)):
        with pytest.raises(UnreadableArchive, match="can't be opened"):
            archives.read_archive(
                path, tmp_path / path.name[:8] / str(key)[-5:], identity=key
            )

    said, _at = archives.read_archive(data, tmp_path / "data", identity=of_data)
    opens, _at = archives.read_archive(keys, tmp_path / "keys", identity=of_keys)
    newer, _at = archives.read_archive(
        story.new[0], tmp_path / "newer", identity=of_data
    )
    restoring.require_fitting(said, opens)
    with pytest.raises(Refused, match="older than the data"):
        restoring.require_fitting(newer, opens)
    with pytest.raises(Refused, match="first"):
        restoring.require_fitting(replace(opens), said)
    with pytest.raises(Refused, match="this database is"):
        restoring.require_fitting(replace(said, database="another"), opens)


def identity(story: Story, part: ArchivePart) -> Identity:
    path = story.house.folder.parent / f"keys/amana-backup-{part}.key"
    return archives.read_identity(path)


def wraps_in(house: House) -> list[bytes]:
    """Some of each sealed key in the house."""
    if not house.database:
        import sqlite3

        with sqlite3.connect(house.folder / "amana.sqlite3") as there:
            found = there.execute("SELECT sealed FROM vault_compartmentwrap").fetchall()
    else:
        with psycopg.connect(house.database) as there:
            found = there.execute("SELECT sealed FROM vault_compartmentwrap").fetchall()
    return [bytes(sealed)[40:80] for (sealed,) in found]


def test_two_archives_never_open_with_one_key(settings: Any) -> None:
    one, other = (str(Identity.generate().to_public()) for _ in range(2))
    for said in (("", ""), (one, ""), (one, one), (one, "age1nothing")):
        settings.BACKUP_DATA_RECIPIENT, settings.BACKUP_KEYS_RECIPIENT = said
        with pytest.raises(Refused):
            making.get_recipients()
    settings.BACKUP_KEYS_RECIPIENT = other
    assert making.get_recipients()


def test_keys_are_few_tables_and_no_record_of_people() -> None:
    """Whatever points at a key lies with it; so a new reference could take cases along,
    and the archive that is kept for days would be all that there is of them."""
    assert set(parts.list_key_tables()) == KEY_TABLES


KEY_TABLES = {
    "directory_hiddenaddress",
    "feedback_complaintmessage",
    "feedback_voicetheme",
    "feedback_voice",
    "feedback_waitingvoice",
    "lists_defaultview",
    "lists_savedview",
    "recovery_regaining",
    "recovery_regaining_told",
    "recovery_releasedshare",
    "recovery_share",
    "vault_compartmentwrap",
    "vault_disclosurewrap",
    "vault_draftkey",
    "vault_keyremoval",
    "vault_keyremoval_told",
    "vault_disclosuremessage",
    "vault_letterbox",
    "vault_sealedpage",
    "vault_parcel",
    "vault_personkey",
    "vault_personwrap",
    "vault_recoverykey",
    "vault_recoverywrap",
    "vault_returnslip",
    "vault_rosterstatement",
    "vault_searchcard",
    "vault_teamkey",
    "vault_teamwrap",
    "vault_visit",
    "vault_waitingdraft",
}
