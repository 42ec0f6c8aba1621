"""An act is sealed with its request; an event taken away before, or a killed process,
is noticed (P15)."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from amana.trust.audit import anchor, checking, log, sealing
from amana.trust.audit.anchor import DoubtKind
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    AuditPending,
    Checkpoint,
)
from amana.trust.audit.tests.test_verifying import guards_down

from .cut_logs import record, wrong

pytestmark = pytest.mark.django_db


ROOT = Path(__file__).resolve().parents[4]
KILLS = int(os.environ.get("AMANA_KILLS", "8"))


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
