"""A log that was cut back, forked or thinned is named: a file outside the database
(P15)."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from amana.trust.audit import anchor, checking, entries, log, log_restart, sealing
from amana.trust.audit.anchor import DoubtKind, LogAnchor
from amana.trust.audit.events import log_doubted
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    AuditNode,
    AuditPending,
    Checkpoint,
)
from amana.trust.audit.offline_verifier import LogBroken, hash_leaf, parse_head
from amana.trust.audit.tests.test_verifying import guards_down
from tests.patching import replace_everywhere

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[4]
KILLS = int(os.environ.get("AMANA_KILLS", "8"))


def record(number):
    return [log.record("opened", by=None, number=n) for n in range(number)]


@pytest.fixture
def told():
    """What was said of a log in doubt."""
    said = []

    def hear(kind, **kwargs):
        said.append(kind)

    log_doubted.connect(hear)
    yield said
    log_doubted.disconnect(hear)


@pytest.fixture
def sealed():
    """Ten events sealed at two times, and what the database was after the first."""
    record(5)
    sealing.seal()
    record(5)
    sealing.seal()
    committed()


def committed():
    """The test's own transaction never commits: what happens after it, by hand."""
    anchor.record_signed(anchor.read().notes[-1])


def kind_of(doubt):
    return doubt and doubt.kind


def cut_back(to=5):
    """What someone does who owns the tables: everything after a checkpoint is gone."""
    gone = AuditLeaf.objects.filter(position__gte=to).values_list("event", flat=True)
    with guards_down():
        events = list(gone)
        AuditLeaf.objects.filter(position__gte=to)._raw_delete("default")
        AuditNode.objects.filter(place__gte=to >> 8)._raw_delete("default")
        Checkpoint.objects.filter(size__gt=to)._raw_delete("default")
        AuditDetail.objects.filter(pk__in=events)._raw_delete("default")
        AuditPending.objects.filter(pk__in=events)._raw_delete("default")
        AuditEvent.objects.filter(pk__in=events)._raw_delete("default")


def wrong():
    with pytest.raises(LogBroken) as found:
        checking.check_whole_log()
    return str(found.value)


def test_what_was_signed_last_lies_outside_the_database(sealed):
    newest = Checkpoint.objects.get(size=10)

    assert newest.note in anchor.read().notes
    assert anchor.get_path().stat().st_mode & 0o077 == 0
    assert sealing.compare_with_anchor() is None


def test_a_log_that_was_cut_back_is_named_and_not_signed_again(sealed, told):
    cut_back()
    assert "10 entries were signed, and there are 5" in wrong()
    record(7)

    assert sealing.seal() == 0

    assert told == [DoubtKind.CUT]
    assert AuditLeaf.objects.count() == 5
    doubt = anchor.read().doubt
    assert doubt is not None
    assert (doubt.kind, doubt.size) == (DoubtKind.CUT, 5)
    assert parse_head(doubt.seen).size == 10
    assert sealing.seal() == 0
    assert told == [DoubtKind.CUT], "it is told once"


def test_it_is_found_at_the_start_of_a_server_too(sealed, told):
    cut_back()

    assert kind_of(sealing.compare_with_anchor()) == DoubtKind.CUT
    assert told == [DoubtKind.CUT]


def test_the_command_names_a_log_that_was_cut_back(sealed):
    cut_back()
    with pytest.raises(CommandError, match="cut back: 10 entries were signed"):
        call_command("verify_audit")


def test_a_log_that_was_forked_is_named(sealed, told):
    """Cut back, and grown again past where it was, by someone with the log's key."""
    kept = anchor.read()
    cut_back()
    anchor.get_path().unlink()
    anchor.record_signed(Checkpoint.objects.get().note)
    record(9)
    assert sealing.seal() == 9
    committed()
    anchor.write(kept)

    assert "forked: its first 10 entries" in wrong()
    record(1)
    assert sealing.seal() == 0
    assert told == [DoubtKind.FORK]


def test_a_checkpoint_that_this_process_did_not_make_is_named(sealed, told):
    """By someone who has the log's key, and not the file."""
    kept = anchor.read()
    record(1)
    sealing.seal()
    anchor.write(kept)
    anchor.record_signed(Checkpoint.objects.get(size=10).note)

    assert "11 entries, more than were signed here" in wrong()
    assert kind_of(sealing.compare_with_anchor()) == DoubtKind.AHEAD
    assert told == [DoubtKind.AHEAD]


def test_an_entry_exchanged_after_its_sealing_is_found_at_the_next(sealed, told):
    event = AuditLeaf.objects.get(position=7).event
    with guards_down():
        AuditEvent.objects.filter(pk=event.pk).update(did="nothing")
        ((_pk, text),) = entries.iterate_entries([event.pk])
        AuditLeaf.objects.filter(position=7).update(hash=hash_leaf(text.encode()))
    record(1)

    assert sealing.seal() == 0
    assert told == [DoubtKind.FORK]


def test_a_file_that_is_gone_is_named(sealed, told):
    anchor.get_path().unlink()

    assert "file with what was signed last is missing" in wrong()
    assert kind_of(sealing.compare_with_anchor()) == DoubtKind.MISSING
    assert sealing.seal() == 0


def test_a_new_log_needs_no_file():
    assert sealing.compare_with_anchor() is None
    record(1)
    assert sealing.seal() == 1


def test_a_crash_within_the_very_first_sealing_stops_nobody():
    with transaction.atomic():
        record(1)
        sealing.seal()
        transaction.set_rollback(True)
    assert not Checkpoint.objects.exists()
    assert len(anchor.read().notes) == 2
    assert anchor.read().seen

    assert sealing.compare_with_anchor() is None
    record(1)
    assert sealing.seal() == 1
    assert checking.check_whole_log().entries == 1


def test_before_anything_was_signed_here_no_checkpoint_is_right(sealed):
    anchor.record_signed("", Checkpoint.objects.get(size=5).note)
    assert kind_of(sealing.compare_with_anchor()) == DoubtKind.AHEAD


def test_what_another_wrote_at_the_same_time_is_read_anew():
    anchor.record_signed("one")
    about = anchor.get_path().stat()
    assert anchor.read().notes == ("one",)
    said = anchor.get_path().read_text().replace("one", "two")
    anchor.get_path().write_text(said)  # the same file, as far as its times tell
    os.utime(anchor.get_path(), ns=(about.st_atime_ns, about.st_mtime_ns))
    with anchor.hold_lock():
        assert anchor.read().notes == ("two",)


def test_who_does_not_hold_the_file_writes_nothing_into_it(sealed, told, monkeypatch):
    as_it_is = anchor.hold_lock
    monkeypatch.setattr(anchor, "hold_lock", lambda wait=0: as_it_is(wait=0.01))
    replace_everywhere(monkeypatch, sealing, "_unsealed", {})
    known = anchor.read()
    with as_it_is():
        sealing.record_device_doubt(known.notes[0])
        sealing.seal_recorded({999: bytes(32)})
        log_restart._begun(known.notes[0])
    assert (told, anchor.read()) == ([], known)

    sealing.seal_recorded({998: bytes(32)})
    assert set(anchor.read().lost) == {998, 999}, "it is missed at the next act"


def test_when_the_right_database_is_back_the_doubt_is_over(sealed):
    known = anchor.read()
    last = parse_head(known.notes[-1])
    anchor.write(
        LogAnchor(known.notes, anchor.LogDoubt(DoubtKind.CUT, "", known.notes[-1], 5))
    )

    assert sealing.compare_with_anchor() is None
    assert parse_head(anchor.read().notes[-1]) == last


def test_only_one_on_a_machine_seals_at_a_time():
    record(1)
    with anchor.hold_lock(), anchor.hold_lock(wait=0.01) as ours:
        assert not ours
    assert sealing.seal() == 1


def checkpoint_by_sql():
    Checkpoint.objects.create(size=2**62, root=bytes(32), note="x")


def leaf_by_sql():
    event = AuditEvent.objects.latest("pk")
    AuditLeaf.objects.create(position=2**62, event=event, hash=bytes(32))


def node_by_sql():
    """In the way of the one that the 256th entry makes."""
    AuditNode.objects.create(level=8, place=0, hash=bytes(32))
    record(300)


@pytest.mark.parametrize("put", [checkpoint_by_sql, leaf_by_sql, node_by_sql])
def test_a_row_that_fits_nothing_is_named_and_fails_no_act(
    sealed, told, put, monkeypatch
):
    replace_everywhere(monkeypatch, sealing, "_unsealed", {})
    (event,) = record(1)
    put()

    sealing.seal_recorded({event.pk: bytes(32)})

    assert told[:1] == [DoubtKind.FORK]
    assert kind_of(anchor.read().doubt) == DoubtKind.FORK
    assert sealing.seal() == 0


def test_what_nobody_thought_of_is_told_and_fails_no_act(sealed, told, monkeypatch):
    def broken(waiting, edge, name):
        raise ZeroDivisionError

    (event,) = record(1)
    replace_everywhere(monkeypatch, sealing, "_unsealed", {})
    replace_everywhere(monkeypatch, sealing, "_put_in_tree", broken)

    sealing.seal_recorded({event.pk: bytes(32)})

    assert told == [DoubtKind.FORK]


# --- before it is sealed


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_an_act_is_sealed_at_the_end_of_its_request(settings):
    settings.AUDIT_SEALS_AT_ONCE = True
    with sealing.collect_recorded() as recorded:
        (event,) = record(1)
        assert not AuditLeaf.objects.exists()
    sealing.seal_recorded(recorded)

    assert AuditLeaf.objects.get().event_id == event.pk
    assert anchor.read().notes == (Checkpoint.objects.get().note,)


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["removed", "removed whole", "changed"])
def test_an_event_taken_away_before_it_is_sealed_is_named(settings, told, how):
    settings.AUDIT_SEALS_AT_ONCE = True
    with sealing.collect_recorded() as recorded:
        record(3)
        event = AuditEvent.objects.order_by("pk")[1]
        case = log.record("opened", by=None, cases=[], number=7)
        assert case.pk in recorded
        with guards_down(), connection.cursor() as cursor:
            if how == "changed":
                AuditEvent.objects.filter(pk=event.pk).update(did="nothing")
            else:
                if connection.vendor == "sqlite":
                    cursor.execute("PRAGMA foreign_keys = OFF")
                AuditDetail.objects.filter(pk=event.pk)._raw_delete("default")
                AuditPending.objects.filter(pk=event.pk)._raw_delete("default")
                AuditEvent.objects.filter(pk=event.pk)._raw_delete("default")
    sealing.seal_recorded(recorded)

    assert told == [DoubtKind.LOST]
    assert anchor.read().doubt is None
    assert f"event {event.pk} was taken away or changed" in wrong()


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_missed_by_nobody(settings, told):
    settings.AUDIT_SEALS_AT_ONCE = True
    with sealing.collect_recorded() as recorded:
        with transaction.atomic():
            record(2)
            transaction.set_rollback(True)
        record(1)
    assert len(recorded) == 1
    sealing.seal_recorded(recorded)

    assert told == []
    assert AuditLeaf.objects.count() == 1


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_where_the_file_can_not_be_written_the_act_is_done_and_sealed_later(
    settings, monkeypatch
):
    settings.AUDIT_SEALS_AT_ONCE = True

    def full(*notes):
        raise OSError(28, "No space left on device")

    with sealing.collect_recorded() as recorded:
        record(1)
    with monkeypatch.context() as broken:
        broken.setattr(anchor, "record_signed", full)
        sealing.seal_recorded(recorded)
    assert not AuditLeaf.objects.exists()

    with sealing.collect_recorded() as recorded:
        record(1)
    sealing.seal_recorded(recorded)

    assert AuditLeaf.objects.count() == 2
    assert checking.check_whole_log().entries == 2


# --- killed


WRITER = """
import os, sys
import django
django.setup()
from django.conf import settings
settings.AUDIT_SEALS_AT_ONCE = False
from amana.trust.audit import log, sealing
if sealing.compare_with_anchor():
    sys.exit("stopped")
while True:
    log.record("opened", by=None)
    sealing.seal()
    print(1, flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_point_the_log_and_its_file_fit(tmp_path):
    """The file and the database are written one after the other; between them the
    process may be killed, and nobody is stopped by that."""
    from tests.databases import save

    if os.environ.get("DATABASE_URL"):
        pytest.skip("the process that is killed writes its own SQLite database")
    save(tmp_path / "amana.sqlite3")
    environment = os.environ | {
        "AMANA_VAR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "amana.settings",
    }
    chance, acknowledged, both = random.Random(3), 0, 0
    for _kill in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        first = child.stdout.readline()
        assert first, child.stderr.read() if child.stderr else ""
        time.sleep(chance.uniform(0, 0.05))
        child.send_signal(signal.SIGKILL)
        acknowledged += 1 + len(child.stdout.read().split())
        child.wait()
        said = json.loads((tmp_path / "audit.anchor").read_text())
        assert said["doubt"] is None
        both += len(said["notes"]) == 2
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_audit"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The log is intact" in done.stdout
    assert acknowledged >= KILLS
    sys.stdout.write(f"{KILLS} kills, {acknowledged} sealings, {both} between two\n")
