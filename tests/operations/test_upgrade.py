"""`./run upgrade`: nobody can work, a backup is made, the new code installs itself."""

import subprocess
from pathlib import Path

import pytest

from tests.operations.conftest import NEEDED, Machine, a_machine, write
from tests.operations.test_install import DATA, KEYS

INSTALLS = """#!/bin/sh
n=$(wc -l <"$NOTED") && echo "run $*" >>"$NOTED"
if [ "$n" = "${KILLED_AT:-}" ]; then kill -KILL $PPID; exit 137; fi
[ -z "${CUT:-}" ] || exit 1
"""
ARCHIVES = {
    "DATA": "/var/backups/amana/amana-data-1.age",
    "KEYS": "/var/backups/amana/amana-keys-1.age",
}


def git(machine: Machine, *words: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    return subprocess.check_output(
        ["git", "-C", str(machine.code), *who, *words], text=True
    ).strip()


@pytest.fixture
def installed(machine: Machine) -> Machine:
    return older(machine)


def older(machine: Machine) -> Machine:
    """The older of two versions runs, and backups can be made."""
    write(machine.code / "run", INSTALLS)
    (machine.code / "version").write_text("old")
    (machine.code / ".gitignore").write_text(".venv/\n")
    git(machine, "init", "-q", "-b", "main")
    git(machine, "add", ".")
    git(machine, "commit", "-qm", "Old")
    (machine.code / "version").write_text("new")
    git(machine, "commit", "-qam", "New")
    git(machine, "tag", "new")
    git(machine, "checkout", "-q", "--detach", "HEAD~1")
    machine.with_systemd()
    both = ("--data-recipient", DATA, "--keys-recipient", KEYS)
    assert machine.install(*NEEDED, *both).returncode == 0
    machine.noted.write_text("")
    return machine


def version(machine: Machine) -> str:
    return (machine.code / "version").read_text()


def note(machine: Machine) -> dict[str, str]:
    lines = (machine.root / "etc/amana.upgrade").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def short(machine: Machine) -> list[str]:
    """What was done, in order, in a word or two each."""
    told = ("systemctl", "python manage.py", "run ")
    return [
        " ".join(call.replace("python manage.py ", "").split()[:2])
        for call in machine.calls()
        if call.startswith(told)
    ]


def test_it_stops_backs_up_and_installs_in_this_order(installed: Machine) -> None:
    before = git(installed, "rev-parse", "HEAD")

    done = installed.run("upgrade", "new")

    assert done.returncode == 0, done.stderr
    assert version(installed) == "new"
    assert short(installed) == [
        "systemctl stop",
        "backup",
        "systemctl stop",
        "run install",
    ]
    assert note(installed) == {"BEFORE": before, **ARCHIVES, "TO": ""}
    assert "way back" in done.stdout
    assert "already" in installed.run("upgrade", "new").stdout


def test_what_was_interrupted_goes_on_with_the_backup_that_was_made(
    installed: Machine,
) -> None:
    before = git(installed, "rev-parse", "HEAD")
    assert installed.run("upgrade", "new", CUT="yes").returncode == 1
    (installed.code / ".git/index.lock").touch()
    (installed.code / "version").write_text("half")
    installed.noted.write_text("")

    done = installed.run("upgrade", "new")

    assert done.returncode == 0, done.stderr
    assert version(installed) == "new"
    assert short(installed) == ["systemctl stop", "run install"]
    assert note(installed) == {"BEFORE": before, **ARCHIVES, "TO": ""}


def test_killed_at_any_command_and_run_again_it_is_the_new_version(
    tmp_path: Path,
) -> None:
    whole = older(a_machine(tmp_path / "whole"))
    assert whole.run("upgrade", "new").returncode == 0
    for number in range(len(whole.calls())):
        cut = older(a_machine(tmp_path / f"cut-{number}"))
        before = git(cut, "rev-parse", "HEAD")
        assert cut.run("upgrade", "new", KILLED_AT=str(number)).returncode == -9
        cut.noted.write_text("")

        again = cut.run("upgrade", "new")

        assert again.returncode == 0, again.stderr
        assert version(cut) == "new"
        assert short(cut)[-1] == "run install"
        assert note(cut) == {"BEFORE": before, **ARCHIVES, "TO": ""}


def test_when_no_backup_can_be_made_people_go_on_working(installed: Machine) -> None:
    done = installed.run("upgrade", "new", FULL_DISK="yes")

    assert done.returncode == 1
    assert version(installed) == "old"
    assert short(installed)[-1] == "systemctl restart"
    assert not (installed.root / "etc/amana.upgrade").exists()


def test_before_the_key_ceremony_it_has_to_be_told(installed: Machine) -> None:
    file: Path = installed.root / "etc/amana.env"
    lines = [line for line in file.read_text().splitlines() if "RECIPIENT" not in line]
    file.write_text("\n".join(lines))

    refused = installed.run("upgrade", "new")
    assert "before the key ceremony" in refused.stderr
    assert version(installed) == "old"
    assert short(installed) == []

    assert installed.run("upgrade", "new", "--without-backup").returncode == 0
    assert version(installed) == "new"


def test_code_that_was_changed_here_is_not_overwritten(installed: Machine) -> None:
    (installed.code / "version").write_text("our own")

    done = installed.run("upgrade", "new")

    assert "git stash" in done.stderr
    assert version(installed) == "our own"
    assert short(installed) == []


def test_a_version_that_git_does_not_know_is_named(installed: Machine) -> None:
    done = installed.run("upgrade", "newest")

    assert done.returncode == 1
    assert "git fetch --tags" in done.stderr
    assert short(installed) == []
