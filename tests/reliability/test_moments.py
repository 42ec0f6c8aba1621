"""Any moment of PostgreSQL is had from what was kept, and restored in the ordinary way:
what was written by then is there, nothing of later, and nobody who was erased (P27)."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pyrage
import pytest
from django.db import connection

from amana.trust.backup import archives, copies
from amana.trust.backup.parts import ArchivePart
from tests.reliability.houses import House, Story, beside, talk
from tools.postgres import installed

# Alone: while others write on the same server, nothing of the log can be sealed.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.alone,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has none"),
]


@pytest.fixture(scope="module")
def house(places: Callable[..., House]) -> Iterator[House]:
    """One whose every moment is kept."""
    place = places("moments", migrated=True)
    home = place.folder.parent
    yield replace(place, wal=home / "wal", programs=programs(home / "programs"))
    release()


def release() -> None:
    talk(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
        "WHERE NOT active"
    )


def programs(folder: Path) -> Path:
    """PostgreSQL's; its server doesn't begin for root, so for root it is another's."""
    if os.geteuid() != 0:
        return installed() / "bin"
    folder.mkdir()
    for real in (installed() / "bin").iterdir():
        script = folder / real.name
        script.write_text(f'#!/bin/sh\nexec {real} "$@"\n')
        script.chmod(0o755)
    (folder / "pg_ctl").write_text(AS_ANOTHER.format(installed() / "bin"))
    return folder


AS_ANOTHER = """#!/bin/sh
for word; do
    case $word in
    --pgdata=*) chown -R nobody "${{word#--pgdata=}}/.." ;;
    esac
done
exec setpriv --reuid=nobody --regid=nogroup --clear-groups \\
    --inh-caps=+dac_override --ambient-caps=+dac_override {}/pg_ctl "$@"
"""


def keep(house: House) -> None:
    """What was written until now is kept: a segment is ended, as each five minutes."""
    talk("SELECT pg_switch_wal()")
    house.manage("archive_wal")


def now(house: House) -> str:
    """The moment by the database's clock, after what was written before."""
    with psycopg.connect(house.database) as there:
        row = there.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    time.sleep(0.01)
    return str(row[0].isoformat())


@pytest.fixture(scope="module")
def moment(house: House) -> str:
    """A is written, a copy made, B written; after it one is erased, and C written."""
    house.keeps("open", "1", "1")
    house.manage("base_backup")
    house.keeps("add", "B")
    at = now(house)
    assert house.keeps("erase")["erased"] == 1
    house.keeps("add", "C")
    for _segment in range(3):
        house.keeps("note", "1")
        keep(house)
    return at


def fetch(house: House, at: str, to: str) -> tuple[Path, Path]:
    folder = house.folder.parent / to
    said = house.manage("backup", str(folder), f"--at={at}", *keys(house))
    assert said.startswith("As it was at ")
    return next(folder.glob("*data*.age")), next(folder.glob("*keys*.age"))


def keys(house: House) -> list[str]:
    return [word for word in house.opens if word != "--json"]


def put_back(
    house: House, archived: tuple[Path, Path], place: House
) -> dict[str, object]:
    back = beside(Story(house, archived, archived, {}), place)
    said = back.restore(*archived)
    assert said["short"] == {}
    return said | {"opened": back.keeps("look")["opened"]}


def test_a_moment_has_what_was_written_by_then_and_nobody_who_was_erased(
    house: House, moment: str, places: Callable[..., House]
) -> None:
    archived = fetch(house, moment, "fetched")

    said = put_back(house, archived, places("moment_back"))

    assert said["opened"] == ["B", "Kept 0"]
    assert said["erased_anew"] == 1
    assert datetime.fromisoformat(str(said["made_at"])) == datetime.fromisoformat(
        moment
    )
    # Nothing of it is left that opens without the two people.
    assert not (house.folder / ".moment").exists()


def test_the_newest_has_all_that_was_kept(
    house: House, moment: str, places: Callable[..., House]
) -> None:
    said = put_back(house, fetch(house, "newest", "newest"), places("newest_back"))
    assert said["opened"] == ["B", "C", "Kept 0"]
    assert said["erased_anew"] == 0


def test_neither_person_opens_what_is_kept(house: House, moment: str) -> None:
    assert house.wal
    kept = sorted(house.wal.glob("amana-*.age"))
    assert {path.name.split("-")[1] for path in kept} == {"base", "wal"}
    assert {path.name for path in house.wal.iterdir()} - {p.name for p in kept} == {
        *(".base.lock", ".wal", ".wal.lock")
    }
    assert list((house.wal / ".wal").iterdir()) == []
    folder = house.folder.parent / "keys"
    for path in kept:
        assert path.stat().st_mode & 0o077 == 0
        for part in ArchivePart:
            one = archives.read_identity(folder / f"amana-backup-{part}.key")
            try:
                opened = pyrage.decrypt(path.read_bytes(), [one])
            except pyrage.DecryptError:
                continue
            assert opened.startswith(b"age-encryption.org/v1")


def test_a_segment_that_is_missing_is_named_and_nothing_later_is_had(
    house: House, moment: str, tmp_path: Path
) -> None:
    assert house.wal
    middle = copies.list_segments(house.wal)[-2].path
    middle.rename(tmp_path / middle.name)
    try:
        words = ("backup", str(tmp_path / "none"), "--at=newest", *keys(house))
        said = house.refuses(*words)
    finally:
        (tmp_path / middle.name).rename(middle)
    assert "One segment is missing: amana-wal-" in said
    assert middle.name.split("-")[3][8:] in said


def test_a_moment_after_what_was_kept_is_refused(
    house: House, moment: str, tmp_path: Path
) -> None:
    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    words = ("backup", str(tmp_path / "none"), f"--at={later}", *keys(house))
    assert "ends before that time" in house.refuses(*words)


def test_between_the_last_change_and_its_keeping_nothing_is_made_up(
    house: House, moment: str, tmp_path: Path
) -> None:
    """Whether something was written until then is not known: it says what is."""
    assert house.wal
    kept_at = copies.list_segments(house.wal)[-1].kept_at.isoformat()
    words = ("backup", str(tmp_path / "none"), f"--at={kept_at}", *keys(house))
    said = house.run("-m", "tests.mutants.beside", *words)
    # Others on this server may have written by then; else it is refused.
    assert said.returncode == 0 or "ends before that time, at" in said.stderr


def test_what_is_kept_again_and_again_stays_as_it_is(house: House, moment: str) -> None:
    assert house.wal
    house.manage("archive_wal")
    before = {path.name for path in house.wal.glob("*.age")}
    house.manage("archive_wal")
    assert {path.name for path in house.wal.glob("*.age")} == before


@pytest.mark.nightly
def test_keeping_that_is_killed_loses_no_segment(house: House, moment: str) -> None:
    assert house.wal
    before = {s.number for s in copies.list_segments(house.wal)}
    talk("SELECT pg_switch_wal()")

    [ended] = house.cuts("archive_wal")

    assert ended["code"] == 0, ended["err"][-2000:]
    assert len(ended["killed_before"]) > 1
    kept = [s.number for s in copies.list_segments(house.wal)]
    assert len(kept) == len(set(kept)) > len(before)
    assert sorted(kept) == list(range(min(kept), max(kept) + 1))
    assert list((house.wal / ".wal").iterdir()) == []


def test_an_ordinary_account_that_may_replicate_is_enough(
    house: House, places: Callable[..., House]
) -> None:
    talk("CREATE ROLE ordinary LOGIN REPLICATION")
    place = places("ordinary")
    try:
        url = place.database.replace("//amana@", "//ordinary@")
        assert url != place.database
        theirs = replace(place, database=url, wal=place.folder / "wal")
        theirs.manage("base_backup")
        keep(theirs)
        printed = theirs.run("manage.py", "doctor").stdout
        assert "OK    Point-in-time recovery" in printed
    finally:
        talk("DROP ROLE ordinary")
