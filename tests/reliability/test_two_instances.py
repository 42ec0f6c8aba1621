"""Two installations, each with its own database, key and log, cosign each other."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from amana.trust.audit.offline_verifier import COSIGNATURE, Key, check
from tests.databases import save

ROOT = Path(__file__).resolve().parents[2]

SETUP = """
import sys, django; django.setup()
from django.utils import timezone
from amana import given
from amana.trust.access.models import Role
from amana.trust.audit import log, sealing, signing
from amana.trust.witness import actions
first = given.a_worker(role=Role.ADMINISTRATOR)
second = given.a_worker(role=Role.COORDINATOR)
theirs, their_log, address = sys.argv[1:]
one = actions.propose(key=theirs, by=first)
actions.confirm(one, by=second)
type(one).objects.filter(pk=one.pk).update(address=address)
actions.confirm(actions.propose_log(key=their_log, by=first), by=second)
for number in range(300):
    log.record("opened", by=None, number=number)
sealing.seal_all()
"""
KEYS = """
import django; django.setup()
from amana.trust.audit import signing
print(signing.witness_key(), signing.public_key())
"""


@dataclass
class Instance:
    """One installation in a folder of its own."""

    name: str
    folder: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "AMANA_VAR": str(self.folder),
            "DATABASE_URL": "",
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "amana.settings",
            "AUDIT_ORIGIN": f"{self.name}.example/log",
            "WITNESS_NAME": f"{self.name}.example/witness",
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr[-600:]
        return done.stdout.strip()

    def serve(self) -> "subprocess.Popen[bytes]":
        words = ["manage.py", "runserver", "--noreload", "--nostatic", f"{self.port}"]
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def instances(tmp_path: Path, transactional_db: None) -> Iterator[list[Instance]]:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("both have a SQLite database of their own")
    made = [Instance(n, tmp_path / n, free_port()) for n in ("lake", "hill")]
    for instance in made:
        instance.folder.mkdir()
        save(instance.folder / "amana.sqlite3")
    servers = [instance.serve() for instance in made]
    yield made
    for server in servers:
        server.terminate()
        server.wait()


def wait_for(instance: Instance) -> None:
    for _try in range(600):
        try:
            with urlopen(f"{instance.address}/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"{instance.name} does not serve")


def test_two_installations_cosign_each_other(
    instances: list[Instance], tmp_path: Path
) -> None:
    keys = {i.name: i.run("-c", KEYS).split() for i in instances}
    for instance, other in zip(instances, reversed(instances), strict=True):
        instance.run("-c", SETUP, *keys[other.name], other.address)
        wait_for(instance)
    for instance in instances:
        assert "1 witnesses cosigned" in instance.run("manage.py", "ask_witnesses")

    for instance, other in zip(instances, reversed(instances), strict=True):
        file = tmp_path / f"{instance.name}.log"
        instance.run("manage.py", "export_audit", str(file))
        theirs, own = keys[other.name][0], keys[instance.name][1]
        report = check(
            file.read_text().splitlines(),
            Key.read(own),
            witnesses=[Key.read(theirs, COSIGNATURE)],
            quorum=1,
        )
        assert report.witnesses == (f"{other.name}.example/witness",)
        assert report.cosigned > 300
        assert "The log is right" in instance.run("manage.py", "verify_audit")
