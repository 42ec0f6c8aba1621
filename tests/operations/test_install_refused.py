"""`./run install` says why it can't go on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection  # noqa: F401 — asked by skipif

from amana.trust.backup import restore_drill
from tests.architecture.code import ROOT
from tests.operations.conftest import NEEDED, Machine
from tests.reliability.houses import talk
from tools.install_settings import PROBE

from .conftest import DATA, POSTGRESQL


def test_a_failure_ends_it_with_what_to_do(machine: Machine) -> None:
    machine.with_systemd()
    done = machine.install(*NEEDED, FAILS="migrate")

    assert done.returncode == 1
    assert "run the same command again" in done.stderr
    assert not [c for c in machine.calls() if c.startswith("systemctl")]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Give --host"),
        (NEEDED[:2], "Give --mail-host"),
        (("--host", "https://a.org", *NEEDED[2:]), "--host can't be"),
        ((*NEEDED, "--time-zone", "Amman"), "--time-zone can't be"),
        ((*NEEDED, "--database", "mysql://x"), "--database can't be"),
        ((*NEEDED, "--data-recipient", "AGE-SECRET-KEY-1X"), "--data-recipient"),
        ((*NEEDED, "--data-recipient", DATA, "--keys-recipient", DATA), "one key"),
        ((*NEEDED, "--to-restore"), "in its place first"),
    ],
)
def test_it_refuses_before_it_writes_a_setting(
    machine: Machine, words: tuple[str, ...], says: str
) -> None:
    done = machine.install(*words)

    assert done.returncode == 1
    assert says in done.stderr
    assert not (machine.root / "etc/amana.env").exists()


def test_code_in_another_place_is_refused(machine: Machine) -> None:
    elsewhere = machine.root / "home/amana"
    elsewhere.parent.mkdir()
    shutil.move(machine.code, elsewhere)
    machine.code = elsewhere

    done = machine.install(*NEEDED)

    assert done.returncode == 1
    assert "Move it there" in done.stderr
    assert machine.calls() == []


def test_without_d_bus_it_says_what_to_install(machine: Machine) -> None:
    machine.with_systemd()
    (machine.root / "run/dbus/system_bus_socket").unlink()

    done = machine.install(*NEEDED, MISSING="dbus.socket")

    assert done.returncode == 1
    assert "apt-get install dbus" in done.stderr
    assert machine.calls() == ["systemctl start dbus.socket"]


def test_no_new_pepper_is_made_for_a_database_that_is_there(machine: Machine) -> None:
    database = machine.root / "var/lib/amana/amana.sqlite3"
    database.parent.mkdir(parents=True)
    database.write_text("people's cases")

    done = machine.install(*NEEDED)

    assert done.returncode == 1
    assert "Put the old file back" in done.stderr
    assert not (machine.root / "etc/amana.env").exists()


def test_postgresql_is_asked_before_anything_is_set(machine: Machine) -> None:
    there = machine.install(*POSTGRESQL, POSTGRESQL="there")
    away = machine.install(*POSTGRESQL, UNREACHABLE="yes")
    assert "no VAULT_PEPPERS" in there.stderr
    assert "can't be used: no such host" in away.stderr
    assert not (machine.root / "etc/amana.env").exists()

    assert machine.install(*POSTGRESQL).returncode == 0
    assert machine.environment()["DATABASE_URL"] == "postgresql:///amana"
    assert machine.environment()["WAL_FOLDER"] == "/var/backups/amana/wal"


@pytest.mark.skipif("connection.vendor == 'sqlite'")
@pytest.mark.alone
@pytest.mark.django_db
def test_postgresql_has_to_be_in_utf_8() -> None:
    name = f"ascii_{os.getpid()}"
    talk(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'")
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROBE],
            env=os.environ | {"DATABASE_URL": restore_drill.build_url(name)},
            capture_output=True,
            text=True,
        )
    finally:
        talk(f"DROP DATABASE {name} WITH (FORCE)")
    assert "Create it in UTF-8" in done.stderr


def ran(
    home: Path, word: str, extras: str = "", **programs: str
) -> subprocess.CompletedProcess[str]:
    """Run ./run with nothing on its path but a shell's own programs and these."""
    for name in ("sh", "dirname", "cmp", "head", "sed", "cat"):
        (home / name).symlink_to(shutil.which(name) or name)
    for name, script in programs.items():
        (home / name).write_text(f"#!/bin/sh\n{script}\n")
        (home / name).chmod(0o755)
    shutil.copy(ROOT / "run", home / "run")
    (home / "uv.lock").touch()
    return subprocess.run(
        [home / "run", word],
        env={"PATH": str(home), "AMANA_EXTRAS": extras},
        capture_output=True,
        text=True,
    )


def test_who_is_not_root_is_told_so(tmp_path: Path) -> None:
    done = ran(tmp_path, "install", id="echo 1000")
    assert done.returncode == 1
    assert "Run it as root" in done.stderr


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    done = ran(tmp_path, "install", id="echo 0", python3="exit 1")
    assert done.returncode == 1
    assert "Debian 12 has 3.11" in done.stderr


def test_without_an_index_it_says_what_is_missing(tmp_path: Path) -> None:
    done = ran(tmp_path, "install", id="echo 0", python3="[ $1 = -c ]", rm="true")
    assert done.returncode == 1
    assert "no package\nindex answers" in done.stderr


@pytest.mark.parametrize(
    ("word", "extras", "asked"),
    [
        ("install", "", "--no-dev"),
        ("install", "dp parquet", "--no-dev --extra dp --extra parquet"),
        ("demo", "", "--no-dev --group demo"),
        ("test", "", "--all-groups"),
    ],
)
def test_each_command_brings_the_packages_that_it_needs(
    tmp_path: Path, word: str, extras: str, asked: str
) -> None:
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.touch()
    uv = f'echo "$*" >>{tmp_path}/asked'
    used = {"id": "echo 0", "python3": "exit 0", "uv": uv, "cp": ":", "rm": ":"}

    ran(tmp_path, word, extras, **used)

    exported = [
        line
        for line in (tmp_path / "asked").read_text().splitlines()
        if line.startswith("export")
    ]
    rest = "--no-emit-project -o .venv/packages.txt"
    assert exported == [f"export -q --frozen {asked} {rest}"]
    assert (tmp_path / ".venv/groups").read_text() == f"{asked}\n"
