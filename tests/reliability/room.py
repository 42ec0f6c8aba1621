"""Commands on a disk that is full, and again when there is room.

    unshare -rm python -m tests.reliability.room FOLDER KIB COMMAND … [-- COMMAND …]

What lies in FOLDER is copied to a disk of its own, of KIB more than that, which only
this process and its children see; FOLDER stays as it was. Of each command it says in
JSON how it ended while only some KiB were free (each of FREE), what it left there, and
how it ended with room. A command that begins with + is run with room alone."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.reliability import keeper
from tests.reliability.cut import Ended, begun, ready

FREE = (0, 200, 1200)
"""KiB. The last are enough to begin some of them, and too few to end."""


@dataclass
class Room:
    """A disk that can be filled."""

    folder: Path

    def fill(self, but: int) -> None:
        self.empty()
        free = shutil.disk_usage(self.folder).free - (but << 10)
        with self.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(free, 1))

    def empty(self) -> None:
        self.ballast.unlink(missing_ok=True)

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    def files(self) -> set[str]:
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}


@dataclass
class Tried:
    """What came of a command."""

    full: list[Ended]
    left: list[str]
    """New files, after those that failed."""
    again: Ended


def mounted(folder: Path, kib: int) -> Room:
    with tempfile.TemporaryDirectory() as aside:
        there = shutil.copytree(folder, Path(aside, "there"))
        size = sum(p.stat().st_size for p in there.rglob("*") if p.is_file()) >> 10
        options = f"size={size + kib}k"
        command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
        subprocess.run(command, check=True)
        shutil.copytree(there, folder, dirs_exist_ok=True)
    return Room(folder)


def tried(room: Room, words: list[str]) -> Tried:
    full, before = [], room.files()
    for free in () if words[0] == "+" else FREE:
        room.fill(but=free)
        ended = begun(words)
        assert ended is not None
        full.append(ended)
        room.empty()
        if ended.code == 0:
            break
    left = sorted(room.files() - before)
    again = begun(words[words[0] == "+" :])
    assert again is not None
    return Tried(full, left, again)


def main(words: list[str]) -> None:
    folder, kib, *rest = words
    room = mounted(Path(folder), int(kib))
    ready()
    found = []
    # As while other services run, which have the database open.
    with closing(sqlite3.connect(room.folder / "amana.sqlite3")) as open_:
        if (room.folder / "amana.sqlite3").stat().st_size:
            open_.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for command in " ".join(rest).split(" -- "):
            found.append(asdict(tried(room, command.split())))
    keeper.say(found)


if __name__ == "__main__":
    main(sys.argv[1:])
