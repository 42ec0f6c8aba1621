"""A machine in a folder, whose programs are stood in for where they need root."""

import os
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.code import ROOT

TOLD = """#!/bin/sh
. "{around}"
"""
"""How a stand-in hears of the test, as it is given no environment of root's."""

STANDS_IN = """
# Notes how it was called; can end who called it, as a power cut would.
n=$(wc -l <"$NOTED") && echo "$(basename "$0") $*" >>"$NOTED"
if [ "$n" = "${KILLED_AT:-}" ]; then kill -KILL $PPID; exit 137; fi
case "$(basename "$0") $*" in
getent*) [ -e "$NOTED.user" ] || exit 2 ;;
useradd*) touch "$NOTED.user" ;;
"systemctl start ${MISSING:-nothing}") exit 5 ;;
runuser*) shift 3 && exec "$@" ;;
esac
"""

PYTHON = """
n=$(wc -l <"$NOTED") && echo "python $*" >>"$NOTED"
if [ "$n" = "${KILLED_AT:-}" ]; then kill -KILL $PPID; exit 137; fi
case "$*" in
*" psycopg"* | -c*) [ -z "${UNREACHABLE:-}" ] || { echo "no such host" >&2; exit 1; }
    echo "${POSTGRESQL:-empty}" ;;
"manage.py backup") [ -z "${FULL_DISK:-}" ] || exit 1
    echo "/var/backups/amana/amana-data-1.age (1,024 bytes)"
    echo "/var/backups/amana/amana-keys-1.age (512 bytes)" ;;
*"$FAILS"*) exit 1 ;;
esac
"""

NEEDED = ("--host", "amana.example.org", "--mail-host", "mail.example.org")


class Machine:
    """`root` is its /; programs that need root only note how they were called."""

    def __init__(self, home: Path) -> None:
        self.root, self.programs = home / "root", home / "programs"
        self.noted = home / "noted"
        self.noted.touch()
        self.code = self.root / "opt/amana"
        self.around = home / "around"
        self.tell()
        for name in ("getent", "useradd", "chown", "runuser", "systemctl", "logger"):
            self.stand_in(self.programs / name, STANDS_IN)

    def stand_in(self, path: Path, script: str) -> None:
        write(path, TOLD.format(around=self.around) + script)

    def tell(self, **around: str) -> None:
        """Let the stand-ins know where to note, and what is to go wrong."""
        told = {"NOTED": str(self.noted), "FAILS": "nothing"} | around
        lines = (f"{name}={shlex.quote(value)}\n" for name, value in told.items())
        self.around.write_text("".join(lines))

    def bring_code(self, *names: str) -> None:
        for name in names:
            source, to = ROOT / name, self.code / name
            to.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.mo")
                shutil.copytree(source, to, ignore=ignored)
            else:
                shutil.copy(source, to)

    def with_systemd(self) -> None:
        (self.root / "run/systemd/system").mkdir(parents=True)
        bus = self.root / "run/dbus/system_bus_socket"
        bus.parent.mkdir()
        bus.touch()

    def run(
        self, tool: str, *words: str, within: tuple[str, ...] = (), **around: str
    ) -> subprocess.CompletedProcess[str]:
        self.tell(**around)
        own = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "NOTED": str(self.noted),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [
                *within,
                sys.executable,
                "-m",
                f"tools.{tool}",
                "--root",
                self.root,
                *words,
            ],
            cwd=self.code,
            env=os.environ | own | around,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def install(
        self, *words: str, within: tuple[str, ...] = (), **around: str
    ) -> subprocess.CompletedProcess[str]:
        return self.run("install", *words, within=within, **around)

    def calls(self) -> list[str]:
        return self.noted.read_text().splitlines()

    def environment(self) -> dict[str, str]:
        lines = (self.root / "etc/amana.env").read_text().splitlines()
        return {name: value for name, _, value in (ln.partition("=") for ln in lines)}

    def files(self) -> dict[str, str]:
        """Each file and folder with its mode, as an installation leaves them."""
        return {
            str(path.relative_to(self.root)): oct(stat.S_IMODE(path.lstat().st_mode))
            for path in sorted(self.root.rglob("*"))
            if ".git" not in path.relative_to(self.root).parts
        }


def write(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)


def a_machine(home: Path) -> Machine:
    """With the code that installs alone, and a Python that does nothing."""
    home.mkdir(exist_ok=True)
    made = Machine(home)
    made.bring_code("tools", "docs/operations/systemd")
    made.stand_in(made.code / ".venv/bin/python", PYTHON)
    return made


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return a_machine(tmp_path)


DATA = "age1" + "q" * 58
KEYS = "age1" + "p" * 58
POSTGRESQL = (*NEEDED, "--database", "postgresql:///amana")
