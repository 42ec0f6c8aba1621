"""Places of their own, in which backups are made, restored and killed in the middle."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from amana.trust.backup import restore_drill
from amana.trust.backup.parts import ArchivePart
from tools.postgres import installed

ROOT = Path(__file__).resolve().parents[2]
KEPT = [f"Kept {n}" for n in range(4)]
ERASED = [f"Erased {n}" for n in range(2)]
ALL_KEPT = {"opened": KEPT, "cards": KEPT, "log": True}


@dataclass(frozen=True)
class House:
    """A place of its own: a folder, and a database that is in it or beside it."""

    folder: Path
    database: str = ""
    before: tuple[str, ...] = ()
    """In which each of its commands is run."""
    programs: Path = field(default_factory=lambda: installed() / "bin")
    wal: Path | None = None
    """Where every moment of it is kept."""

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        keys = {
            p: self.folder.parent / f"keys/amana-backup-{p}.key" for p in ArchivePart
        }
        recipients = {
            f"BACKUP_{part.upper()}_RECIPIENT": public(key)
            for part, key in keys.items()
            if key.exists()
        }
        own = {
            "AMANA_VAR": str(self.folder),
            "DATABASE_URL": self.database,
            "POSTGRES_PROGRAMS": str(self.programs),
            "ALLOWED_HOSTS": "localhost",
            "WAL_FOLDER": str(self.wal or ""),
        }
        return subprocess.run(
            [*self.before, sys.executable, *words],
            cwd=ROOT,
            env=os.environ | own | recipients | more,
            capture_output=True,
            text=True,
        )

    def keeps(self, *words: str) -> dict[str, Any]:
        done = self.run("-m", "tests.reliability.keeper", *words)
        assert done.returncode == 0, done.stderr[-3000:]
        said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return said

    def cuts(self, *commands: str, at: str = "") -> list[dict[str, Any]]:
        """What `cut` says of these commands."""
        words = " -- ".join(commands).split()
        done = self.run("-m", "tests.reliability.cut", *words, AMANA_CUT_AT=at)
        assert done.returncode == 0, done.stderr[-3000:]
        found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
        return found

    def manage(self, *words: str) -> str:
        done = self.run("-m", "tests.mutants.beside", *words)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def refuses(self, *words: str) -> str:
        done = self.run("-m", "tests.mutants.beside", *words)
        assert done.returncode != 0, done.stdout
        return done.stderr.splitlines()[-1]

    def backup(self, name: str) -> tuple[Path, Path]:
        folder = self.folder.parent / name
        self.manage("backup", str(folder))
        return next(folder.glob("*data*.age")), next(folder.glob("*keys*.age"))

    def restore(self, data: Path, keys: Path, *words: str) -> dict[str, Any]:
        said = self.manage("restore", str(data), str(keys), *self.opens, *words)
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
        return found

    @property
    def opens(self) -> list[str]:
        keys = self.folder.parent / "keys"
        return [
            "--json",
            *(f"--{part}-key={keys}/amana-backup-{part}.key" for part in ArchivePart),
        ]


def public(key: Path) -> str:
    return key.read_text().splitlines()[0].removeprefix("# public key: ")


@dataclass(frozen=True)
class Story:
    """A house, its backup, what was erased since, and its backup after that."""

    house: House
    old: tuple[Path, Path]
    new: tuple[Path, Path]
    before: dict[str, Any]


def beside(story: Story, new: House) -> House:
    """What an operator brings along: the log's key, and the newest list."""
    for name in ("audit-log.key", "audit.anchor", "erased.list"):
        shutil.copy(story.house.folder / name, new.folder / name)
    return new


def talk(sql: str) -> None:
    said = connection.settings_dict
    with psycopg.connect(
        host=said["HOST"], user=said["USER"], dbname="postgres", autocommit=True
    ) as server:
        server.execute(sql)


def load_into(database: str, dump: Path) -> None:
    program = str(installed() / "bin/psql")
    command = [program, "-qX1", "-f", str(dump), restore_drill.build_url(database)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
