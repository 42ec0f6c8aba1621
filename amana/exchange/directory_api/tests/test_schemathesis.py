"""schemathesis, a program of others, reads our description and tries what it likes."""

import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from amana import given
from amana.exchange.directory_api import actions, finding, parameters
from amana.exchange.directory_api.openapi.document import OPERATIONS
from amana.trust.access.models import Role

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]

EXAMPLES = 10
QUIET = ("--no-color", "--warnings=off", "--workers=1", "--seed=1")


@pytest.fixture
def server(live_server, settings):
    """A server of this process, with limits that so many questions don't meet."""
    settings.ADDRESS = live_server.url
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "directory": "1000000/m/ip",
        "directory_whole": "1000000/m/ip",
        "directory_key": "1000000/m/key",
        "directory_whole_key": "1000000/m/key",
    }
    team = given.make_team()
    area = given.make_area()
    public: dict[str, Any] = {"visibility": "public", "area": area}
    given.make_service(of=team, name="Clinic", lat=10.5, lon=20.5, **public)
    given.make_service(of=team, name="House", hidden=True, **public)
    return live_server


def run(server, *more: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("schemathesis")
    if not program.exists():
        pytest.skip("schemathesis is not installed here")
    return subprocess.run(
        [
            program,
            "run",
            f"{server.url}/api/hsds/v3/openapi.json",
            f"--max-examples={EXAMPLES}",
            "--checks=all",
            # A stateful run needs links, and ours has none.
            "--phases=examples,coverage,fuzzing",
            *QUIET,
            *more,
        ],
        # It keeps a folder of its own where it is run.
        cwd=tempfile.mkdtemp(prefix="amana-schemathesis-"),
        capture_output=True,
        text=True,
        timeout=500,
    )


def test_schemathesis_finds_nothing(server):
    done = run(server, f"--url={server.url}")
    assert done.returncode == 0, done.stdout[-9000:] + done.stderr[-2000:]
    assert "No issues found" in done.stdout
    # All but the address of the description itself, which it has read.
    assert f"Tested: {len(OPERATIONS) - 1}" in done.stdout


@pytest.mark.nightly
def test_schemathesis_finds_nothing_with_a_key(server):
    first = given.make_worker(role=Role.COORDINATOR)
    second = given.make_worker(role=Role.ADMINISTRATOR)
    organisation = given.make_team().organisation
    ends_on = timezone.localdate() + timedelta(days=30)
    key, secret = actions.propose(organisation, name="P", ends_on=ends_on, by=first)
    actions.confirm(key, by=second)

    done = run(
        server, f"--url={server.url}", f"--header=Authorization: Bearer {secret}"
    )
    assert done.returncode == 0, done.stdout[-9000:] + done.stderr[-2000:]
    key.refresh_from_db()
    assert key.used_on == timezone.localdate()


ONE = ("--include-path=/api/hsds/v3/services",)


@pytest.mark.nightly
@pytest.mark.parametrize("fault", ["crash", "accepts", "refuses", "shape"])
def test_schemathesis_finds_a_planted_fault(server, monkeypatch, fault):
    if fault == "crash":
        monkeypatch.setattr(finding, "find_rows", None)
    if fault == "accepts":
        monkeypatch.setattr(parameters, "_say_unknown", lambda name, known: "")
        monkeypatch.setattr(parameters, "SWITCHED", Anything())
    if fault == "refuses":
        monkeypatch.setattr(parameters, "SWITCHED", {"true": True})
    if fault == "shape":
        monkeypatch.setattr(finding, "shape_record", lambda r, q: {"id": 7})
    done = run(server, f"--url={server.url}", *ONE)
    assert done.returncode == 1, done.stdout[-3000:]
    assert "FAILURES" in done.stdout


class Anything(dict[object, bool]):
    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: object) -> bool:
        return True
