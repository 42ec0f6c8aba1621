"""The folder of an exercise or a practice installation: all that it reads and writes
(ADR 84).

Written when it is opened, so that a scenario or a mechanism that changes later leaves
it as it was."""

import json
import os
import secrets
import shutil
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

SCENARIO = "scenario.yaml"
LONGEST_SOCKET = 100
"""What a system takes for the path of a socket is 104 bytes, or 108."""


@dataclass(frozen=True)
class KeptMoment:
    """A copy of an exercise, from which it can be played again."""

    path: Path
    codes: list[str]
    """The injects that came next."""
    at: datetime
    """By the clock of the exercise."""

    @property
    def number(self) -> int:
        return int(self.path.name)


class NotWanted(Exception):
    """The process was told to end before the installation was built."""


@dataclass(frozen=True)
class SandboxFolder:
    """Where what lies in it."""

    path: Path

    MOMENT: ClassVar = "moment.json"
    """What a kept moment is."""
    SCORES: ClassVar = "scores.json"

    @property
    def database(self) -> Path:
        return self.path / "amana.sqlite3"

    @property
    def moments(self) -> Path:
        """Where copies lie, from which it can be played again."""
        return self.path / "moments"

    @property
    def scenario(self) -> Path:
        return self.path / SCENARIO

    @property
    def mechanism(self) -> Path:
        return self.path / "mechanism"

    @property
    def areas(self) -> Path:
        return self.path / "areas.geojson"

    @property
    def lock(self) -> Path:
        """Held by the process that runs in it."""
        return self.path / "lock"

    @property
    def socket(self) -> Path:
        """Where that process answers."""
        return self.path / "socket"

    @property
    def started(self) -> Path:
        """Touched when a process was started last."""
        return self.path / "started"

    @property
    def over(self) -> Path:
        """While it is there, that process ends."""
        return self.path / "over"

    @property
    def held(self) -> Path:
        """There once a copy was stopped at the moment from which it is played."""
        return self.path / "held"

    @property
    def log(self) -> Path:
        return self.path / "process.log"

    def create(
        self,
        scenario: bytes | None,
        mechanism: Path,
        *,
        areas: Path,
        plan: dict[str, Any],
    ) -> None:
        """Create it, readable by its own user alone. `scenario`: None where nothing is
        played in it. `plan`: what the process has to know before it reads anything
        else."""
        self.path.mkdir(mode=0o700, parents=True)
        if scenario is not None:
            self.scenario.write_bytes(scenario)
        shutil.copytree(mechanism, self.mechanism, copy_function=shutil.copyfile)
        if areas.exists():
            shutil.copyfile(areas, self.areas)
        self._write("plan.json", plan | {"secret": secrets.token_hex(32)})
        self.write_played(())

    def create_from(self, moment: KeptMoment, of: "SandboxFolder") -> None:
        """Create it as another one was at a moment, with its clock stopped there."""
        plan = of.read_plan()
        self.create(of.scenario.read_bytes(), of.mechanism, areas=of.areas, plan=plan)
        for path in moment.path.iterdir():
            if path.name != self.MOMENT:
                shutil.copyfile(path, self.path / path.name)
        # What it has sealed can be opened with the same secret alone.
        self._write("plan.json", plan | {"from": moment.at.isoformat()})
        self.write_progress("", 1, 1)

    def list_moments(self) -> list[KeptMoment]:
        """List the moments that were kept, the earliest first."""
        found = []
        for path in sorted(self.moments.glob(f"*/{self.MOMENT}")):
            if path.parent.name.isdecimal():
                said = json.loads(path.read_text())
                at = datetime.fromisoformat(said["at"])
                found.append(KeptMoment(path.parent, said["codes"], at))
        return found

    def write_scores(self, scores: Mapping[str, str]) -> None:
        """Write the verdict of each criterion, for those who compare two plays."""
        self._write(self.SCORES, dict(scores))

    def read_scores(self) -> dict[str, str]:
        """Read the verdicts; none before the end of the exercise."""
        file = self.path / self.SCORES
        found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        return found

    def write_log_head(self, size: int, root: str) -> None:
        """Write how many entries the log had at the end, and the root over them."""
        self._write("log.json", [size, root])

    def read_log_head(self) -> tuple[int, str] | None:
        """Read the end of the log; None before the end of the exercise."""
        file = self.path / "log.json"
        if not file.exists():
            return None
        size, root = json.loads(file.read_text())
        return size, root

    def read_plan(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.path / "plan.json").read_text())
        return found

    def write_played(self, seats: Collection[str]) -> None:
        """Write which seats people play; scripts answer for the others."""
        self._write("played.json", sorted(seats))

    def write_observers(self, accounts: Collection[str]) -> None:
        """Write which accounts of those who watch are taken."""
        self._write("observers.json", sorted(accounts))

    def read_observers(self) -> frozenset[str]:
        file = self.path / "observers.json"
        return frozenset(json.loads(file.read_text()) if file.exists() else ())

    def read_played(self) -> frozenset[str]:
        return frozenset(json.loads((self.path / "played.json").read_text()))

    def close(self) -> None:
        """Note that it is over, for the process that runs in it."""
        (self.path / "closed").touch()

    @property
    def is_closed(self) -> bool:
        return (self.path / "closed").exists()

    def write_progress(self, what: str, done: int, of: int) -> None:
        """Write how far the installation is built."""
        self._write("progress.json", [what, done, of])

    def read_progress(self) -> tuple[str, int, int]:
        file = self.path / "progress.json"
        if not file.exists():
            return "", 0, 1
        what, done, of = json.loads(file.read_text())
        return what, done, of

    @property
    def is_built(self) -> bool:
        _what, done, of = self.read_progress()
        return done >= of

    def require_wanted(self) -> None:
        """Raise NotWanted once the process was told to end: the one that waits for it
        gives up after some seconds, and to build takes a minute."""
        if self.over.exists():
            raise NotWanted

    def measure_size(self) -> int:
        """Measure how many bytes it takes on the disk."""
        size = 0
        for path in self.path.rglob("*"):
            # The database removes files while it works.
            with suppress(FileNotFoundError):
                size += path.stat().st_size
        return size

    def remove(self) -> None:
        """Remove all of it. Raises OSError where something stays."""
        if self.path.exists():
            shutil.rmtree(self.path)

    def _write(self, name: str, content: Any) -> None:
        # Beside, then renamed: the other process never reads half of it.
        beside = self.path / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        beside.write_text(json.dumps(content), encoding="utf-8")
        beside.rename(self.path / name)
