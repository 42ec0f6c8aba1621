"""A check of the log holds up no one who works (P14)."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from amana.confined.child import GIVE_WAY
from amana.trust.audit import checking, export
from amana.trust.audit.management.commands import verify_audit
from amana.trust.audit.offline_verifier import LogBroken

from .checks import changed, check, sealed

pytestmark = pytest.mark.django_db


ROOT = Path(__file__).resolve().parents[4]

BEGINNING = """
import json, sys, threading, time
import django
django.setup()
from django.conf import settings
settings.AUDIT_SEALS_AT_ONCE = False
from django.db import connection
from amana.trust.audit import checking, export, log, sealing
export.AT_ONCE = 50
"""


def test_only_a_check_with_a_process_of_its_own_gives_way(monkeypatch):
    asked: list[int] = []
    monkeypatch.setattr(os, "nice", asked.append)
    monkeypatch.setattr(BaseCommand, "run_from_argv", lambda command, argv: None)

    call_command("verify_audit")
    assert asked == []

    verify_audit.Command().run_from_argv(["manage.py", "verify_audit"])
    assert asked == [GIVE_WAY]


WRITES_MEANWHILE = (
    BEGINNING
    + """
for number in range(200):
    log.record("opened", by=None, number=number)
sealing.seal()
as_it_is, waited, reads = export._leaves, [], []

def write():
    began = time.monotonic()
    log.record("opened", by=None)
    sealing.seal()
    waited.append(time.monotonic() - began)
    connection.close()

def leaves(start, before):
    some = as_it_is(start, before)
    reads.append(len(some))
    if len(reads) == 2:
        other = threading.Thread(target=write)
        other.start()
        other.join(8)
    return some

export._leaves = leaves
checking.begin_check()
checked = checking.continue_check()
print(json.dumps([waited, checked.wrong, checked.done, len(reads)]))
"""
)

WAITS_TO_BE_KILLED = (
    BEGINNING
    + """
for number in range(40):
    log.record("opened", by=None, number=number)
    if number % 8 == 7:
        sealing.seal()
export.AT_ONCE, checking.EVERY = 4, 0
as_it_is = export._leaves

def leaves(start, before):
    if start >= 20:
        print("half-way", flush=True)
        time.sleep(60)
    return as_it_is(start, before)

export._leaves = leaves
checking.begin_check()
checking.continue_check()
"""
)


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of another process on this database, or on one like it."""
    from tests.databases import save

    url = ""
    if connection.vendor == "postgresql":
        said = {name: str(value) for name, value in connection.settings_dict.items()}
        user = f"{quote(said['USER'])}:{quote(said['PASSWORD'], safe='')}"
        at = f"localhost:{said['PORT']}" if said["PORT"] else "localhost"
        host = quote(said["HOST"], safe="")
        url = f"postgresql://{user}@{at}/{quote(said['NAME'])}?host={host}"
    else:
        save(tmp_path / "amana.sqlite3")
    return os.environ | {
        "AMANA_VAR": str(tmp_path),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "amana.settings",
    }


@pytest.mark.django_db(transaction=True)
def test_the_log_is_read_outside_any_transaction(few_at_once, monkeypatch):
    sealed(6)
    free, as_it_is = [], export._leaves

    def leaves(start, before):
        free.append(not connection.in_atomic_block)
        return as_it_is(start, before)

    monkeypatch.setattr(export, "_leaves", leaves)
    assert check().wrong == ""
    call_command("export_audit", str(checking.get_path().with_name("copy")))

    assert len(free) > 4
    assert all(free)


@pytest.mark.django_db(transaction=True)
def test_nobody_who_writes_waits_for_a_check(elsewhere):
    done = subprocess.run(
        [sys.executable, "-c", WRITES_MEANWHILE],
        cwd=ROOT,
        env=elsewhere,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    waited, wrong, entries, reads = json.loads(done.stdout.splitlines()[-1])

    assert waited
    assert waited[0] < 5
    assert (wrong, entries) == ("", 200)
    assert reads > 3


@pytest.mark.django_db(transaction=True)
def test_a_check_that_was_killed_goes_on_from_where_it_was(elsewhere, tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", WAITS_TO_BE_KILLED],
        cwd=ROOT,
        env=elsewhere,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    assert child.stdout.readline() == "half-way\n", child.stderr.read()
    child.send_signal(signal.SIGKILL)
    child.wait()
    noted = json.loads((tmp_path / "audit.anchor.checked").read_text())
    assert noted["ended_at"] is None
    assert "\n16\n" in noted["note"]

    done = subprocess.run(
        [sys.executable, "manage.py", "verify_audit"],
        cwd=ROOT,
        env=elsewhere,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "The log is intact: 40 entries, all of them read" in done.stdout


def test_a_check_of_all_believes_no_note(few_at_once):
    sealed(3)
    event = sealed(3)[0]
    check()
    changed(event)

    with pytest.raises(LogBroken, match=rf"entry 3 \(event {event.pk}\)"):
        checking.check_whole_log()
