"""The services that the manual installs are right, and are all that is needed."""

import configparser
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import get_commands

from amana.trust.alarms import clockwork
from amana.trust.operation import serving, worker
from tests.architecture.code import ROOT
from tools.install import SERVICES

FOLDER = ROOT / "docs/operations/systemd"
UNITS = sorted(FOLDER.glob("*.service"), key=lambda path: path.stem)
NAMES = ["amana", "amana-audit", "amana-tasks", "amana-timers"]
OWN = {"execstart", "killmode", "timeoutstopsec"}
"""What differs between services."""


def service(path: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    parser.read_string(path.read_text())
    return dict(parser["Service"])


def test_there_is_a_unit_for_each_service() -> None:
    assert [path.stem for path in UNITS] == NAMES


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_service_has_its_settings_and_is_kept_in(path: Path) -> None:
    said = service(path)
    assert said["user"] == "amana"
    assert said["environmentfile"] == "/etc/amana.env"
    assert said["workingdirectory"] == "/opt/amana"
    assert said["restart"] == "always"
    assert (said["limitcore"], said["memoryswapmax"]) == ("0", "0")
    assert said["protectsystem"] == "strict"


def test_services_differ_only_in_what_they_run() -> None:
    [first, *others] = [
        {name: value for name, value in service(path).items() if name not in OWN}
        for path in UNITS
    ]
    assert all(other == first for other in others)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_service_runs_something_that_is_there(path: Path) -> None:
    program, *words = service(path)["execstart"].split()
    assert program.startswith("/opt/amana/.venv/bin/")
    if program.endswith("/python"):
        assert words[0] == "manage.py"
        assert words[1] in get_commands()
    else:
        assert (ROOT / ".venv/bin" / Path(program).name).exists()


def test_a_service_that_is_stuck_is_started_again() -> None:
    for path in UNITS:
        said = service(path)
        # All of its processes, for the one that serves tells nothing by itself.
        assert (said["watchdogsec"], said["notifyaccess"]) == ("120", "all"), path


def test_a_service_has_the_time_that_it_takes_to_end() -> None:
    needed = {
        "amana": timedelta(seconds=serving.STOPS_WITHIN),
        "amana-audit": timedelta(),
        "amana-tasks": worker.FAREWELL,
        "amana-timers": 2 * clockwork.FAREWELL,  # the one here, and the one beside
    }
    for path in UNITS:
        given = timedelta(seconds=int(service(path)["timeoutstopsec"]))
        assert needed[path.stem] + timedelta(seconds=5) <= given, path
        assert given <= timedelta(seconds=30), path


def test_the_manual_names_each_file_and_the_installation_brings_it() -> None:
    page = (ROOT / "docs/operations/running.md").read_text()
    assert [n for n in NAMES if f"(systemd/{n}.service)" not in page] == []
    assert sorted(SERVICES) == NAMES


def writable() -> list[Path]:
    """Where the services may write."""
    return [Path(p.lstrip("-")) for p in service(UNITS[0])["readwritepaths"].split()]


@pytest.mark.parametrize("page", ["backup", "settings"])
def test_the_manual_puts_backups_where_the_services_may_write(page: str) -> None:
    """By hand it would work, and fail each night."""
    text = (ROOT / f"docs/operations/{page}.md").read_text()
    lines = [line for line in text.splitlines() if "BACKUP_FOLDER" in line]
    named = {Path(p) for line in lines for p in FOLDER_NAMED.findall(line)}
    assert named
    assert [p for p in named if not any(p.is_relative_to(w) for w in writable())] == []


FOLDER_NAMED = re.compile(r"(?:BACKUP_FOLDER=|each night: `)(/[\w/-]+)")


def test_two_servers_share_every_file_that_is_kept_outside_the_database() -> None:
    """A server that lacks one makes its own, or stops every page."""
    page = (ROOT / "docs/operations/running.md").read_text()
    told = page.partition("## Two servers")[2].partition("\n## ")[0]
    source = (ROOT / "amana/settings.py").read_text()
    kept = re.findall(r'^([A-Z_]+) = Path\(os.environ.get\("\1", VAR / ', source, re.M)
    assert len(kept) == 7
    assert [name for name in kept if f"`{name}`" not in told] == []


def test_the_command_runs_as_the_services_do() -> None:
    script = (FOLDER / "amana").read_text()
    said = service(UNITS[0])
    for name in ("User", "WorkingDirectory", "EnvironmentFile", "LimitCORE"):
        assert f"--property={name}={said[name.lower()]}" in script
    assert f"--property=ProtectSystem={said['protectsystem']}" in script
    assert f"--property=PrivateTmp={said['privatetmp']}" in script
    # Asked, not repeated: also what an operator added by `systemctl edit`.
    paths = "$(systemctl show --property=ReadWritePaths --value amana-timers)"
    assert f'--property="ReadWritePaths={paths}"' in script
    assert subprocess.run(["sh", "-n", FOLDER / "amana"]).returncode == 0


def verified(text: str, to: Path) -> str:
    """What systemd itself says of a unit; the program lies elsewhere here."""
    to.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(to)],
        capture_output=True,
        text=True,
    )
    lines = [line for line in done.stderr.splitlines() if to.name in line]
    return "\n".join(lines)


needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd is not here"
)


@needs_systemd
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_systemd_finds_nothing_wrong(path: Path, tmp_path: Path) -> None:
    assert verified(path.read_text(), tmp_path / path.name) == ""


@needs_systemd
def test_systemd_would_find_a_misspelt_line(tmp_path: Path) -> None:
    text = UNITS[0].read_text().replace("LimitCORE=", "LimitCORES=")
    assert "LimitCORES" in verified(text, tmp_path / "amana.service")
