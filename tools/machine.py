"""The machine that Amana is installed on: its folders, its settings, and commands
there."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

USER = "amana"
PATHS = ("AMANA_VAR", "BACKUP_FOLDER", "WAL_FOLDER")


class Refused(Exception):
    """It can't be done; the sentence says why, and what to do."""


@dataclass(frozen=True)
class Machine:
    """Where things lie. Tests take another folder than / for its root."""

    root: Path = Path("/")

    @property
    def code(self) -> Path:
        return self.root / "opt/amana"

    @property
    def python(self) -> Path:
        return self.code / ".venv/bin/python"

    @property
    def environment(self) -> Path:
        return self.root / "etc/amana.env"

    @property
    def data(self) -> Path:
        return self.root / "var/lib/amana"

    @property
    def backups(self) -> Path:
        return self.root / "var/backups/amana"

    @property
    def units(self) -> Path:
        return self.root / "etc/systemd/system"

    @property
    def command(self) -> Path:
        return self.root / "usr/local/bin/amana"

    @property
    def runs_systemd(self) -> bool:
        """Whether systemd started this machine (as sd_booted(3) asks)."""
        return (self.root / "run/systemd/system").is_dir()

    def settings(self) -> dict[str, str]:
        """What the services are given, with paths below this root."""
        given = read_settings(self.environment)
        moved = {name: str(self.root) + given[name] for name in PATHS if name in given}
        return given if self.root == Path("/") else given | moved


def read_settings(path: Path) -> dict[str, str]:
    """The NAME=value lines of a systemd EnvironmentFile without quotes."""
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and line[0] not in "#;")
    return {name.strip(): value.strip() for name, _, value in pairs}


def say(sentence: str) -> None:
    print(sentence, flush=True)


def run(
    *words: str | Path, check: bool = True, **options: object
) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [str(word) for word in words],
        text=True,
        **options,  # type: ignore[call-overload]
    )
    if check and done.returncode:
        raise Refused(
            f"This failed: {' '.join(str(word) for word in words)}\n"
            "Fix what is reported above, and run the same command again."
        )
    return done


def as_amana(machine: Machine, *words: str | Path) -> tuple[str | Path, ...]:
    return ("runuser", "-u", USER, "--", *words)


def surroundings() -> dict[str, str]:
    """Build the environment that systemd would give the user `amana`: what root
    exported in this shell, secrets among it, is not for them."""
    return {"PATH": os.environ["PATH"], "HOME": "/var/lib/amana"}


def manage(
    machine: Machine, *words: str, check: bool = True, stdout: int | None = None
) -> str:
    """Run a command of manage.py as the services run."""
    done = run(
        *as_amana(machine, machine.python, "manage.py", *words),
        check=check,
        cwd=machine.code,
        env=surroundings() | machine.settings(),
        stdout=stdout,
    )
    return done.stdout or ""


def chown(owner: str, path: Path, *options: str) -> None:
    run("chown", *options, owner, path)


def write(path: Path, content: bytes, *, mode: int) -> None:
    """Write a file wholly or not at all; no other account reads it before its mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    new = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(new, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(mode)
    beside.replace(path)
