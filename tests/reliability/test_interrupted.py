"""Each command that an operator or the clock runs is killed before ever later steps,
and meets a full disk; run again, it ends right (P36, P39). What was acknowledged is
there, nothing is half there, and nothing is left that would fill the disk or open what
is sealed.

Before a rename, after it, between two commits: `cut` says where. AMANA_EACH_STEP=1
kills before each single step, AMANA_SEED draws other ones. Most of these are tried at
night: `./run nightly`."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from amana.trust.backup import archives
from amana.trust.backup.parts import ArchivePart
from tests.reliability.houses import ALL_KEPT, ERASED, KEPT, House, Story, beside

pytestmark = [pytest.mark.django_db, pytest.mark.alone]

RIGHT = {
    "overdue consents": 0,
    "unlisted": 0,
    "lost facts": 0,
    "unsealed": 0,
    "doubt": "",
    "earlier keys": 0,
}
"""What `count` says of a house in which nothing is half done."""


def wrong(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name, value in RIGHT.items() if found[name] != value}


def was_killed_and_ended_right(ended: dict[str, Any]) -> bool:
    assert ended["code"] == 0, ended["err"][-2000:]
    return len(ended["killed_before"]) > 1


# --- killed


def test_a_backup_that_was_killed_leaves_nothing_and_the_next_is_whole(
    story: Story,
) -> None:
    to = story.house.folder.parent / "cut"

    [made] = story.house.cuts(f"backup {to}")

    assert was_killed_and_ended_right(made)
    there = {path.name for path in to.iterdir()}
    archived = {name for name in there if name.endswith(".age")}
    assert there - archived == {".unfinished.lock"}
    # Of one that was killed between the two, the keys alone: they open nothing.
    data = {name for name in archived if "-data-" in name}
    assert {name.replace("-data-", "-keys-") for name in data} <= archived
    assert len(data) in (1, 2)
    for name in sorted(archived):
        part = ArchivePart.DATA if name in data else ArchivePart.KEYS
        key = story.house.folder.parent / f"keys/amana-backup-{part}.key"
        at = to / "read" / name
        about, _at = archives.read_archive(
            to / name, at, identity=archives.read_identity(key)
        )
        assert about.part == part


@pytest.mark.nightly
def test_a_restoration_that_was_killed_ends_right_when_it_is_run_again(
    story: Story, places: Callable[..., House]
) -> None:
    """Of the older copy, so that the list of what was erased has to be applied."""
    back = beside(story, places("cut_back"))
    words = f"restore {story.old[0]} {story.old[1]} {' '.join(back.opens)}"

    [ended] = back.cuts(words)

    if ended["code"]:  # killed after the last commit, and all is there
        assert "it is complete" in ended["err"]
    else:
        assert json.loads(ended["out"].splitlines()[-1])["short"] == {}
    assert len(ended["killed_before"]) > 4
    assert back.keeps("look") == ALL_KEPT | {"log": False}
    assert {path.name for path in back.folder.iterdir()} <= OWN | {".restoring.lock"}
    assert back.keeps("count")["unlisted"] == 0


OWN = {
    *("amana.sqlite3", "amana.sqlite3-wal", "amana.sqlite3-shm", "audit-log.key"),
    *("audit.anchor", "audit.anchor.lock", "audit.anchor.new", "erased.list"),
    *("facts.key", "facts.key.lock", "turns"),
}
"""What lies in AMANA_VAR of any house."""


@pytest.mark.nightly
@pytest.mark.parametrize(
    "place",
    [
        "amana.trust.backup.restoring.compare_rows",
        "amana.trust.backup.databases.finish_restoration",
    ],
)
def test_nobody_works_with_a_database_that_is_restored_by_half(
    story: Story, places: Callable[..., House], place: str
) -> None:
    """Nor is anyone there who was erased: the list came first (P27)."""
    back = beside(story, places(f"half_{place.rpartition('.')[2]}"))
    listed = back.folder / "erased.list"
    list_ = listed.rename(back.folder.parent / f"{back.folder.name}.list")
    words = ["restore", *map(str, story.old), *back.opens, f"--list={list_}"]

    back.cuts(" ".join(words), at=place)

    assert listed.read_bytes() == list_.read_bytes()
    for service in ("tasks", "seal_audit --every=5"):
        assert "amana restore" in back.refuses(*service.split())
    back.manage(*words)
    assert back.keeps("look") == ALL_KEPT | {"log": False}


@pytest.mark.nightly
def test_a_drill_that_was_killed_leaves_neither_copies_nor_keys(story: Story) -> None:
    house = story.house

    [ended] = house.cuts("drill")

    assert was_killed_and_ended_right(ended)
    assert "short: {}" in ended["out"]
    assert not (house.folder / ".drill").exists()
    assert scratch_databases(house) == []
    assert house.keeps("look") == ALL_KEPT


def scratch_databases(house: House) -> list[str]:
    if not house.database:
        return []
    with psycopg.connect(house.database) as there:
        sql = "SELECT datname FROM pg_database WHERE datname LIKE 'amana\\_drill%'"
        return [name for (name,) in there.execute(sql).fetchall()]


def test_a_house_that_was_founded_by_half_can_be_founded_again(
    places: Callable[..., House],
) -> None:
    """The codes are shown once: who never saw them gives the same command again."""
    house = places("founded", migrated=True)
    who = "--administrator ada@example.org Ada --administrator ben@example.org Ben"

    [ended] = house.cuts(f"found --organisation Lake {who}")

    assert was_killed_and_ended_right(ended)
    assert ended["out"].count("@example.org") == 2
    found = house.keeps("count")
    assert (found["people"], found["organisations"], found["invitations"]) == (2, 1, 2)


BY_THE_CLOCK = (
    "seal_audit",
    "expire_consents",
    "erase_due",
    "write_facts",
    "keeper renew",
    "keeper tasks",
    "verify_audit --all",
)


@pytest.mark.nightly
def test_what_the_clock_and_the_queue_do_ends_right_wherever_it_was_killed(
    places: Callable[..., House],
) -> None:
    house = places("clock", migrated=True)
    before = house.keeps("open 3 3 -- owe 3 -- tell 4 -- note 30 -- count")
    assert (before["overdue consents"], before["copies"]) == (3, 3)
    assert (before["waiting tasks"], before["unsealed"] >= 30) == (4, True)

    done = house.cuts(*BY_THE_CLOCK)

    opened = house.keeps("look")["opened"]  # and seals, as its service
    after = house.keeps("count")
    assert [
        " ".join(d["words"]) for d in done if not was_killed_and_ended_right(d)
    ] == []
    assert wrong(after) == {}
    assert after["ended in log"] == 3
    assert (after["copies"], after["erased"]) == (0, 3)
    assert after["tasks"] >= before["tasks"]  # one that was begun waits for a person
    assert after["waiting tasks"] == 0
    assert after["checked"] == ""
    assert opened == sorted([*KEPT[:3], *(f"Owed {n}" for n in range(3))])


# --- full


COMMANDS = (
    "backup",
    "drill",
    "+ keeper owe 2",
    "expire_consents",
    "+ keeper owe 1",
    "timers --only expire_consents",
    "erase_due",
    "+ keeper note 9",
    "seal_audit",
    "verify_audit --all",
    "write_facts",
    "+ keeper tell 2",
    "keeper tasks",
    "keeper renew",
    "+ keeper look",
    "+ keeper count",
)


@pytest.fixture
def small(places: Callable[..., House]) -> Callable[[House, str, int], list[Any]]:
    """Runs commands in a house whose disk is full, as `room` does."""

    def run(house: House, commands: str, kib: int) -> list[Any]:
        if house.database:
            pytest.skip("this is about SQLite, whose disk is ours")
        alone = ("unshare", "-rm")
        mount = ["mount", "-t", "tmpfs", "none", str(house.folder)]
        if subprocess.run([*alone, *mount], capture_output=True).returncode:
            pytest.skip("no folder of limited size can be mounted here")
        done = replace(house, before=alone).run(
            *("-m", "tests.reliability.room", str(house.folder), str(kib)),
            *commands.split(),
            BACKUP_FOLDER=str(house.folder / "backups"),
        )
        assert done.returncode == 0, done.stderr[-3000:]
        found: list[Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    return run


def says_what_to_do(ended: dict[str, Any]) -> bool:
    """In a sentence, and by its exit code, that there was no room."""
    said = ended["err"].lower()
    return ended["code"] != 0 and "traceback" not in said and "make room" in said


@pytest.mark.nightly
def test_a_full_disk_is_told_by_each_command_and_with_room_it_ends_right(
    places: Callable[..., House], small: Callable[[House, str, int], list[Any]]
) -> None:
    house = places("full", migrated=True)
    house.keeps("open", "2", "2")

    found = small(house, " -- ".join(COMMANDS), 48 << 10)

    for tried in found:
        failed = [ended for ended in tried["full"] if ended["code"]]
        words = tried["again"]["words"]
        assert tried["again"]["code"] == 0, (words, tried["again"]["err"][-2000:])
        if tried["full"]:
            assert failed, words
        if words[0] != "keeper":
            assert [e for e in failed if not says_what_to_do(e)] == [], words
        assert not any("unfinished/" in name for name in tried["left"])
    look, count = (json.loads(t["again"]["out"].splitlines()[-1]) for t in found[-2:])
    assert wrong(count) == {}
    assert (count["ended in log"], count["erased"]) == (3, 2)
    assert count["waiting tasks"] == 0
    assert set(KEPT[:2]) <= set(look["opened"])
    assert not set(ERASED) & set(look["opened"])
    assert look["log"]


@pytest.mark.nightly
def test_a_full_disk_stops_a_restoration_with_a_sentence(
    story: Story,
    places: Callable[..., House],
    small: Callable[[House, str, int], list[Any]],
) -> None:
    back = beside(story, places("full_back"))
    words = f"restore {story.old[0]} {story.old[1]} {' '.join(back.opens)}"

    [tried, look] = small(back, f"{words} -- + keeper look", 40 << 10)

    assert [ended for ended in tried["full"] if not says_what_to_do(ended)] == []
    assert [name for name in tried["left"] if name.startswith(".restoring/")] == []
    assert tried["again"]["code"] == 0, tried["again"]["err"][-2000:]
    said = json.loads(look["again"]["out"].splitlines()[-1])
    assert said == ALL_KEPT | {"log": False}


@pytest.mark.nightly
def test_a_full_disk_stops_a_founding_with_a_sentence(
    places: Callable[..., House], small: Callable[[House, str, int], list[Any]]
) -> None:
    house = places("full_founded", migrated=True)
    who = "--administrator ada@example.org Ada --administrator ben@example.org Ben"

    [tried, count] = small(
        house, f"found --organisation Lake {who} -- + keeper count", 24 << 10
    )

    failed = [ended for ended in tried["full"] if ended["code"]]
    assert failed
    assert [ended for ended in failed if not says_what_to_do(ended)] == []
    assert tried["again"]["code"] == 0, tried["again"]["err"][-2000:]
    found = json.loads(count["again"]["out"].splitlines()[-1])
    assert (found["people"], found["organisations"], found["invitations"]) == (2, 1, 2)


CASES = 30


@pytest.mark.nightly
def test_a_full_disk_stops_the_move_of_cases_and_with_room_all_are_moved(
    places: Callable[..., House], small: Callable[[House, str, int], list[Any]]
) -> None:
    house = places("full_moving", migrated=True)
    assert house.keeps("adopt", str(CASES))["there"] == 0

    [worked, _chased, _worked, looked] = small(
        house,
        "keeper tasks -- chase_steps -- + keeper tasks -- + keeper moved",
        16 << 10,
    )

    assert [ended for ended in worked["full"] if ended["code"]]
    assert json.loads(looked["again"]["out"].splitlines()[-1]) == {
        "there": CASES,
        "moved": CASES,
        "facts": CASES,
        "logged": CASES,
        "waits": False,
        "ended": True,
    }
