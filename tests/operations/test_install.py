"""`./run install` sets everything up, and may run again."""

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.architecture.code import ROOT
from tests.operations.conftest import NEEDED, PYTHON, Machine, a_machine, write
from tools.install import SERVICES, readable
from tools.install_settings import QUESTIONS, asked

from .conftest import DATA, KEYS, POSTGRESQL


def test_everything_is_put_where_the_services_find_it(machine: Machine) -> None:
    done = machine.install(*NEEDED)

    assert done.returncode == 0, done.stderr
    modes = machine.files()
    assert modes["etc/amana.env"] == "0o600"
    assert modes["var/lib/amana"] == modes["var/backups/amana"] == "0o700"
    assert modes["usr/local/bin/amana"] == "0o755"
    for name in SERVICES:
        assert modes[f"etc/systemd/system/{name}.service"] == "0o644"
    assert {
        "useradd --system --home-dir /var/lib/amana --no-create-home "
        "--shell /usr/sbin/nologin amana",
        f"chown amana:amana {machine.root}/var/lib/amana",
        f"chown -R -h root:root {machine.code}",
        f"chown root:root {machine.root}/etc/amana.env",
        "python -m tools.translations compile",
        "python manage.py migrate --no-input --verbosity 0",
        "python manage.py collectstatic --no-input --verbosity 0",
        "python manage.py check --deploy --fail-level WARNING",
        "python manage.py doctor",
    } <= set(machine.calls())


def test_the_settings_are_complete(machine: Machine) -> None:
    machine.install(*NEEDED, "--time-zone", "Asia/Amman", "--data-recipient", DATA)

    set_ = machine.environment()
    assert len(set_["SECRET_KEY"]) >= 50
    assert len(set_["VAULT_PEPPERS"]) >= 50
    del set_["SECRET_KEY"], set_["VAULT_PEPPERS"]
    assert set_ == {
        "AMANA_PRODUCTION": "1",
        "ALLOWED_HOSTS": "amana.example.org",
        "ADDRESS": "https://amana.example.org",
        "AMANA_VAR": "/var/lib/amana",
        "AUDIT_ORIGIN": "amana.example.org/log",
        "TRUSTED_PROXIES": "1",
        "MAIL_HOST": "mail.example.org",
        "MAIL_FROM": "amana@amana.example.org",
        "TIME_ZONE": "Asia/Amman",
        "BACKUP_FOLDER": "/var/backups/amana",
        "BACKUP_DATA_RECIPIENT": DATA,
    }


def test_a_second_run_changes_no_setting_and_adds_what_is_missing(
    machine: Machine,
) -> None:
    machine.install(*NEEDED)
    before = machine.environment()

    done = machine.install("--mail-host", "other.org", "--data-recipient", DATA)

    assert done.returncode == 0, done.stderr
    assert machine.environment() == before | {"BACKUP_DATA_RECIPIENT": DATA}
    assert "MAIL_HOST stays as it is" in done.stdout
    assert sum(call.startswith("useradd") for call in machine.calls()) == 1


def test_what_an_operator_wrote_before_is_kept(machine: Machine) -> None:
    file = machine.root / "etc/amana.env"
    file.parent.mkdir(parents=True)
    file.write_text("# ours\nMAIL_PASSWORD=between us = ours\nTRUSTED_PROXIES=2")

    machine.install(*NEEDED)

    lines = file.read_text().splitlines()
    assert lines[:3] == [
        "# ours",
        "MAIL_PASSWORD=between us = ours",
        "TRUSTED_PROXIES=2",
    ]
    assert machine.environment()["TRUSTED_PROXIES"] == "2"
    assert oct(file.stat().st_mode)[-3:] == "600"


def test_killed_at_any_command_and_run_again_it_ends_right(tmp_path: Path) -> None:
    whole = a_machine(tmp_path / "whole")
    whole.with_systemd()
    assert whole.install(*NEEDED).returncode == 0
    commands = len(whole.calls())
    assert commands > 15
    for number in range(commands):
        cut = a_machine(tmp_path / f"cut-{number}")
        cut.with_systemd()
        killed = cut.install(*NEEDED, KILLED_AT=str(number))
        file = cut.root / "etc/amana.env"
        kept = file.read_text() if file.exists() else ""

        cut.noted.write_text("")
        again = cut.install(*NEEDED)

        assert killed.returncode == -9
        assert again.returncode == 0, again.stderr
        assert cut.files() == whole.files()
        assert len(owners(cut)) == len(owners(whole))
        assert file.read_text().startswith(kept)
        assert cut.environment().keys() == whole.environment().keys()


def test_files_of_pages_that_may_be_there_by_half_are_copied_anew(
    machine: Machine,
) -> None:
    """Such a file is newer than its source, and would else be left as it is."""
    machine.install(*NEEDED)
    machine.noted.write_text("")
    machine.install()
    [copies] = copied(machine)
    number = machine.calls().index(copies)

    machine.noted.write_text("")
    assert machine.install(KILLED_AT=str(number)).returncode == -9
    assert machine.install().returncode == 0
    assert machine.install().returncode == 0

    assert copied(machine) == [copies, f"{copies} --clear", copies]


def copied(machine: Machine) -> list[str]:
    begin = "python manage.py collectstatic"
    return [call for call in machine.calls() if call.startswith(begin)]


def test_a_full_disk_is_said_and_with_room_it_ends_right(machine: Machine) -> None:
    etc = machine.root / "etc"
    etc.mkdir()
    fills = (
        f"mount -t tmpfs -o size=4k none {etc} && head -c 4096 /dev/zero >{etc}/ballast"
    )
    alone = ("unshare", "-rm", "sh", "-c")
    if subprocess.run([*alone, fills], capture_output=True).returncode:
        pytest.skip("no folder of limited size can be mounted here")

    full = machine.install(*NEEDED, within=(*alone, f'{fills} && exec "$@"', "sh"))

    assert full.returncode == 1
    assert "No space left" in full.stderr
    assert "Make room" in full.stderr
    assert "Traceback" not in full.stderr
    assert machine.install(*NEEDED).returncode == 0


def owners(machine: Machine) -> list[str]:
    return [call for call in machine.calls() if call.startswith("chown")]


def test_services_are_started_by_systemd_where_it_is(machine: Machine) -> None:
    machine.with_systemd()
    machine.install(*NEEDED)

    names = " ".join(SERVICES)
    started = [c for c in machine.calls() if c.startswith("systemctl")]
    assert started == [
        "systemctl daemon-reload",
        f"systemctl enable --quiet {names}",
        f"systemctl restart {names}",
    ]


def test_without_systemd_it_says_that_nothing_was_started(machine: Machine) -> None:
    done = machine.install(*NEEDED)

    assert "installed and not started" in done.stdout
    assert not [c for c in machine.calls() if c.startswith("systemctl")]


def test_d_bus_that_was_just_installed_is_started(machine: Machine) -> None:
    machine.with_systemd()
    (machine.root / "run/dbus/system_bus_socket").unlink()

    done = machine.install(*NEEDED)

    assert done.returncode == 0, done.stderr
    assert machine.calls()[0] == "systemctl start dbus.socket"


def test_to_restore_it_leaves_the_database_empty_and_starts_nothing(
    machine: Machine,
) -> None:
    machine.with_systemd()
    machine.install(*NEEDED)
    machine.noted.write_text("")

    done = machine.install("--to-restore")

    assert done.returncode == 0, done.stderr
    calls = " ".join(machine.calls())
    assert "migrate" not in calls
    assert "systemctl" not in calls
    (machine.root / "var/lib/amana/amana.sqlite3").write_text("people's cases")
    assert "never overwrites" in machine.install("--to-restore").stderr


def test_the_history_of_the_code_is_for_root(machine: Machine) -> None:
    history = machine.code / ".git"
    history.mkdir()

    machine.install(*NEEDED)

    assert oct(history.stat().st_mode)[-3:] == "700"


def test_code_is_read_by_all_and_changed_by_root_alone() -> None:
    assert [oct(readable(mode)) for mode in (0o600, 0o700, 0o666, 0o775)] == [
        "0o644",
        "0o755",
        "0o644",
        "0o755",
    ]


def test_on_a_terminal_it_asks_until_an_answer_can_be_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed = iter(["https://a.org", "a.org", "", "mail.a.org", "", "us", "", "", *"   "])
    monkeypatch.setattr("builtins.input", lambda asks: next(typed))
    monkeypatch.setattr("getpass.getpass", lambda asks: "between us")

    assert asked({"BACKUP_KEYS_RECIPIENT": KEYS}) == {
        "ALLOWED_HOSTS": "a.org",
        "MAIL_HOST": "mail.a.org",
        "MAIL_PORT": "587",
        "MAIL_USER": "us",
        "MAIL_PASSWORD": "between us",
        "TIME_ZONE": "UTC",
    }


@pytest.mark.parametrize("words", [NEEDED, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_what_root_exported_stays_with_root(
    machine: Machine, words: tuple[str, ...]
) -> None:
    """Neither a secret of root's nor a setting that the services won't have."""
    python = machine.code / ".venv/bin/python"
    noting = 'case "$*" in manage.py*|-c*) env >>"$NOTED.env" ;; esac\n'
    machine.stand_in(python, noting + PYTHON)

    done = machine.install(*words, TOKEN_OF_ROOT="between us", DEBUG="1")

    assert done.returncode == 0, done.stderr
    lines = (machine.noted.parent / "noted.env").read_text().splitlines()
    given = {line.partition("=")[0] for line in lines}
    assert {"PATH", "HOME", "AMANA_VAR"} <= given
    assert given - {"PATH", "HOME", "PWD", "DATABASE_URL"} <= {*machine.environment()}


def test_in_a_container_the_command_runs_with_the_settings(machine: Machine) -> None:
    machine.install(*NEEDED)
    script = (machine.root / "usr/local/bin/amana").read_text()
    for path in ("/etc/amana.env", "/opt/amana", "/run/systemd"):
        script = script.replace(path, f"{machine.root}{path}")
    write(machine.root / "usr/local/bin/amana", script)
    told = '#!/bin/sh\necho "$AMANA_VAR $PWD$TOKEN_OF_ROOT $*"\n'
    write(machine.code / ".venv/bin/python", told)

    done = subprocess.run(
        [machine.root / "usr/local/bin/amana", "found", "--organisation", "Lake House"],
        env={"PATH": f"{machine.programs}:/usr/bin:/bin", "TOKEN_OF_ROOT": "secret"},
        capture_output=True,
        text=True,
    )

    words = "manage.py found --organisation Lake House"
    assert done.stdout == f"/var/lib/amana {machine.code} {words}\n", done.stderr
    assert machine.calls()[-1].startswith("runuser -u amana -- ")


def test_each_question_is_of_a_setting_in_the_manual() -> None:
    manual = (ROOT / "docs/operations/settings.md").read_text()
    assert [q.setting for q in QUESTIONS if f"| `{q.setting}`" not in manual] == []


def test_a_real_installation_has_its_database_and_its_files(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.bring_code("amana", "tools", "docs/operations", "manage.py", "mechanisms")
    (machine.code / ".venv").symlink_to(ROOT / ".venv")

    done = machine.install(*NEEDED, PYTHONDONTWRITEBYTECODE="")

    assert done.returncode == 0, done.stderr + done.stdout
    assert "Not set, or still set for development: BACKUP_DATA" in done.stdout
    with sqlite3.connect(machine.root / "var/lib/amana/amana.sqlite3") as database:
        [number] = database.execute("SELECT count(*) FROM vault_caselink").fetchone()
    assert number == 0
    assert (machine.root / "var/lib/amana/static/staticfiles.json").exists()
    assert list(machine.code.glob("amana/locale/ar/LC_MESSAGES/django.mo"))
    assert list(machine.code.glob("amana/__pycache__/settings.*.pyc"))
    modes = machine.files()
    assert modes["var/lib/amana/amana.sqlite3"] == "0o600"
    assert os.access(machine.root / "usr/local/bin/amana", os.X_OK)
