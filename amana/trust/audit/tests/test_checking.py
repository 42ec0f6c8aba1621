"""A check of the log holds nobody up, goes on from where it was, and can't be told what
was found right by anyone who writes in the database (P14, P15)."""

import json
import math
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from amana.confined.child import GIVE_WAY
from amana.trust.audit import anchor, checking, export, log, sealing
from amana.trust.audit.checking import LogCheck
from amana.trust.audit.management.commands import verify_audit
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    Checkpoint,
)
from amana.trust.audit.offline_verifier import LogBroken
from amana.trust.audit.tests.test_anchor import cut_back
from amana.trust.audit.tests.test_verifying import guards_down

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[4]


def sealed(number):
    """So many events, sealed; the test's own transaction never commits."""
    events = [log.record("opened", by=None, number=n) for n in range(number)]
    sealing.seal()
    anchor.record_signed(anchor.read().notes[-1])
    return events


def gone_on(seconds: float = math.inf) -> LogCheck:
    checked = checking.continue_check(seconds)
    assert checked is not None
    return checked


def check(*, whole=False):
    checking.begin_check(by="user:7", whole=whole)
    return gone_on()


@pytest.fixture
def few_at_once(monkeypatch):
    monkeypatch.setattr(export, "AT_ONCE", 4)


@pytest.fixture
def read(monkeypatch):
    """The places of the entries that were read."""
    found: list[int] = []
    as_it_is = export._leaves

    def leaves(start, before):
        some = as_it_is(start, before)
        found.extend(position for position, _event, _hash in some)
        return some

    monkeypatch.setattr(export, "_leaves", leaves)
    return found


def changed(event):
    with guards_down():
        AuditEvent.objects.filter(pk=event.pk).update(did="nothing")


# --- what is new, and all


def test_a_check_reads_what_is_new_since_the_last_one(read):
    sealed(6)
    assert check().is_whole
    sealed(5)
    read.clear()

    checked = check()

    assert read == [6, 7, 8, 9, 10]
    assert (checked.start, checked.done, checked.wrong) == (6, 11, "")
    assert not checked.is_whole


def test_what_is_wrong_in_what_is_new_is_named():
    sealed(6)
    check()
    event = sealed(5)[3]
    changed(event)

    assert check().wrong == f"entry 9 (event {event.pk}) was changed"
    assert check().wrong, "and is found again"


def test_details_of_what_is_new_are_checked():
    sealed(3)
    check()
    event = sealed(3)[1]
    with guards_down():
        AuditDetail.objects.filter(pk=event.pk).update(details={"number": 7})

    assert check().wrong == f"the details of event {event.pk} were changed"


def test_an_event_slipped_in_since_is_named():
    sealed(3)
    check()
    with guards_down():
        slipped_in = AuditEvent.objects.create(did="opened", actor="", commitment=b"")

    assert f"event {slipped_in.pk} was slipped in" in check().wrong


def test_an_event_slipped_in_under_an_old_number_is_named_too():
    sealed(3)
    assert check().wrong == ""
    with guards_down():
        AuditEvent.objects.create(pk=-7, did="opened", actor="", commitment=b"")

    assert "event -7 was slipped in" in check().wrong


def test_what_was_read_before_is_read_again_where_all_is_asked_for(capsys):
    event = sealed(6)[2]
    call_command("verify_audit")
    assert "6 entries, all of them read" in capsys.readouterr().out
    changed(event)

    call_command("verify_audit")
    said = capsys.readouterr().out
    assert "6 entries, 0 of them new and read. The whole log was last read on" in said
    with pytest.raises(
        CommandError, match=rf"entry 2 \(event {event.pk}\) was changed"
    ):
        call_command("verify_audit", "--all")


def test_with_a_key_from_elsewhere_nothing_is_believed_that_was_noted_here():
    event = sealed(6)[2]
    check()
    changed(event)
    from amana.trust.audit import log_keys

    with pytest.raises(
        CommandError, match=rf"entry 2 \(event {event.pk}\) was changed"
    ):
        call_command("verify_audit", key=str(log_keys.get_public_key()))


def test_who_had_all_read_and_when_is_kept_through_smaller_checks():
    sealed(3)
    whole = check()
    sealed(3)

    last = check()

    assert (last.whole_at, last.whole_by) == (whole.began_at, "user:7")


# --- where it goes on


def test_how_far_it_was_right_does_not_lie_in_the_database():
    """Someone who writes there has the log say that all was checked."""
    event = sealed(6)[2]
    changed(event)
    log.record("checked log", by=None, right=True, entries=6)

    assert check().wrong == f"entry 2 (event {event.pk}) was changed"


def test_where_the_file_is_damaged_all_is_read(read):
    sealed(6)
    check()
    for text in ("", "[]", '{"note": 1, "other": 2}'):
        checking.get_path().write_text(text)
        read.clear()

        assert check().is_whole
        assert read == [0, 1, 2, 3, 4, 5]


def test_a_log_that_was_cut_back_is_read_from_its_first_entry():
    sealed(5)
    sealed(5)
    check()
    cut_back(to=5)

    checked = check()

    assert "10 entries were signed, and there are 5" in checked.wrong
    assert checked.is_whole


def test_a_log_that_was_forked_is_not_gone_on_with():
    """Cut back, and grown past where it was, by someone with the log's key."""
    sealed(5)
    sealed(5)
    check()
    kept = anchor.read()
    cut_back(to=5)
    anchor.get_path().unlink()
    anchor.record_signed(Checkpoint.objects.get().note)
    sealed(9)
    anchor.write(kept)

    checked = check()

    assert "forked: its first 10 entries" in checked.wrong
    assert checked.is_whole


def test_where_the_tree_is_not_the_one_that_was_right_all_is_read():
    event = sealed(6)[5]
    check()
    with guards_down():
        AuditLeaf.objects.filter(position=5).update(hash=bytes(32))

    assert check().wrong == f"entry 5 (event {event.pk}) was changed"


def test_a_missing_anchor_is_found_where_nothing_is_new():
    sealed(3)
    check()
    anchor.get_path().unlink()

    assert "file with what was signed last is missing" in check().wrong


# --- in pieces


def test_a_check_is_done_in_pieces_and_says_how_far_it_is(few_at_once, read):
    for _time in range(5):
        sealed(3)
    checking.begin_check(by="user:7")

    steps = []
    while (checked := gone_on(0)).is_under_way:
        steps.append(checked.done)

    assert steps[:3] == [3, 6, 9], "each to the last checkpoint among those read"
    assert (checked.done, checked.before, checked.wrong) == (15, 15, "")
    assert checked.is_whole
    assert sorted(set(read)) == [*range(15)]


def test_what_is_sealed_between_two_pieces_is_checked_with_the_rest(few_at_once):
    sealed(6)
    checking.begin_check()
    assert gone_on(0).is_under_way
    event = sealed(6)[5]

    changed(event)

    assert gone_on().wrong == f"entry 11 (event {event.pk}) was changed"


def test_one_that_is_under_way_is_not_begun_again(few_at_once):
    sealed(6)
    checking.begin_check(by="user:7")
    under_way = gone_on(0)

    assert checking.begin_check(by="user:8") == under_way
    assert checking.begin_check(by="user:8", whole=True).by == "user:8"


def test_while_another_is_at_it_nobody_else_is(capsys):
    sealed(3)
    with anchor.hold_lock(what="checked"):
        assert checking.continue_check() is None
        with pytest.raises(CommandError, match="Another check is running"):
            call_command("verify_audit")


def test_one_at_which_no_one_is_has_stopped(few_at_once):
    sealed(6)
    checking.begin_check()
    checked = gone_on(0)
    assert not checked.has_stopped
    long_ago = (timezone.now() - timedelta(minutes=5)).timestamp()
    os.utime(checking.get_path(), (long_ago, long_ago))

    assert checked.has_stopped
    assert not gone_on().has_stopped


# --- while people work


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
