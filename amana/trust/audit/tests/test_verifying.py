"""Whatever is changed in the log is found, by us and by outsiders, and named (P14)."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from amana.trust.audit import checking, log, log_keys, offline_verifier, sealing
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    AuditMention,
    Checkpoint,
)
from amana.trust.audit.offline_verifier import LogBroken, VerifierKey, check, compare
from amana.trust.vault.models import generate_uuid7
from tests.worlds import kept

pytestmark = pytest.mark.django_db

SIZE = 30


@contextmanager
def guards_down():
    """What someone does who owns the tables: lift the triggers, and put them back."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text, '' FROM pg_trigger "
                "WHERE NOT tgisinternal"
            )
        found = cursor.fetchall()
        for name, _sql in found:
            cursor.execute(
                f"DROP TRIGGER {name}"
                if sqlite
                else f"ALTER TABLE {name} DISABLE TRIGGER USER"
            )
        yield
        for name, sql in found:
            cursor.execute(sql if sqlite else f"ALTER TABLE {name} ENABLE TRIGGER USER")


@kept
def events():
    made = []
    for number in range(SIZE):
        made.append(log.record("opened", by=None, case=generate_uuid7(), number=number))
        if number % 7 == 6:
            sealing.seal()
    log.record("searched", by=None, cases=[generate_uuid7(), generate_uuid7()])
    sealing.seal()
    return made


def wrong():
    with pytest.raises(LogBroken) as found:
        checking.check_whole_log()
    return str(found.value)


def test_an_untouched_log_is_right(events):
    log.record("opened", by=None)
    report = checking.check_whole_log()

    assert (report.entries, report.covered, len(report.waiting)) == (
        SIZE + 1,
        SIZE + 1,
        1,
    )
    assert report.checkpoints == SIZE // 7 + 1
    assert report.details == SIZE


FIELDS = {
    "actor": "user:0",
    "role": "auditor",
    "did": "closed",
    "thing": "cases.case:1",
    "case": None,
    "purpose": "nothing",
    "commitment": bytes(32),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_event_is_found_and_named(events, field):
    changed = events[11]
    with guards_down():
        AuditEvent.objects.filter(pk=changed.pk).update(**{field: FIELDS[field]})

    assert wrong() == f"entry 11 (event {changed.pk}) was changed"


def test_a_moved_time_is_found(events):
    from datetime import timedelta

    with guards_down():
        AuditEvent.objects.filter(pk=events[4].pk).update(
            at=events[4].at + timedelta(microseconds=1)
        )
    assert wrong() == f"entry 4 (event {events[4].pk}) was changed"


def test_a_dropped_event_is_found_and_named(events):
    dropped = events[9]
    with guards_down(), connection.cursor() as cursor:
        AuditDetail.objects.filter(pk=dropped.pk).delete()
        leaf = AuditLeaf.objects.filter(event=dropped)
        leaf._raw_delete("default")
        AuditEvent.objects.filter(pk=dropped.pk)._raw_delete("default")
        cursor.execute("SELECT 1")

    assert wrong() == "entry 9 is missing: after it comes 10"


def test_two_swapped_events_are_found_and_the_first_is_named(events):
    one, other = events[5], events[20]
    with guards_down():
        for event, like in ((one, other), (other, one)):
            AuditEvent.objects.filter(pk=event.pk).update(
                did=like.did, case=like.case, at=like.at, commitment=like.commitment
            )

    assert wrong() == f"entry 5 (event {one.pk}) was changed"


def test_two_swapped_places_are_found(events):
    one, other = (AuditLeaf.objects.get(event=events[n]) for n in (5, 20))
    with guards_down():
        for leaf in (one, other):
            AuditLeaf.objects.filter(pk=leaf.pk)._raw_delete("default")
        AuditLeaf.objects.create(position=5, event_id=other.event_id, hash=other.hash)
        AuditLeaf.objects.create(position=20, event_id=one.event_id, hash=one.hash)

    assert "entries 0 to 6 are not those that were signed" in wrong()


def test_an_inserted_event_is_found_and_named(events):
    with guards_down():  # and so it waits for no sealing
        slipped_in = AuditEvent.objects.create(
            did="opened", actor="user:1", commitment=b""
        )

    assert f"event {slipped_in.pk} was slipped in" in wrong()


def test_a_case_taken_out_of_the_access_list_is_found(events):
    mention = AuditMention.objects.earliest("pk")
    with guards_down():
        AuditMention.objects.filter(pk=mention.pk)._raw_delete("default")

    assert f"(event {mention.event_id}) was changed" in wrong()


def test_changed_details_are_found(events):
    with guards_down():
        AuditDetail.objects.filter(pk=events[3].pk).update(details={"number": 4})

    assert wrong() == f"the details of event {events[3].pk} were changed"


def test_an_entry_exchanged_with_its_hash_is_found_by_the_signature(events):
    """Whoever rewrites the database can't sign what they have made of it."""
    with guards_down():
        AuditEvent.objects.filter(pk=events[10].pk).update(did="nothing")
        from amana.trust.audit import entries

        ((_pk, text),) = entries.iterate_entries([events[10].pk])
        AuditLeaf.objects.filter(position=10).update(
            hash=offline_verifier.hash_leaf(text.encode())
        )

    assert "entries 7 to 13 are not those that were signed" in wrong()


def test_a_cut_off_end_is_found_by_its_checkpoint(events):
    with guards_down():
        AuditLeaf.objects.filter(position=SIZE)._raw_delete("default")

    assert "vouches for 31 entries where there are 30" in wrong()


def test_a_checkpoint_signed_by_another_key_is_found(events, settings, tmp_path):
    ours = str(log_keys.get_public_key())
    settings.AUDIT_LOG_KEY_FILE = tmp_path / "a-thief's.key"
    last = Checkpoint.objects.latest("size")
    with guards_down():
        note = log_keys.sign_checkpoint(
            sealing.get_origin(), last.size, bytes(last.root)
        )
        Checkpoint.objects.filter(pk=last.pk).update(note=note)

    with pytest.raises(LogBroken, match="not by the given key"):
        checking.check_whole_log(ours)


def test_the_command_names_the_first_bad_entry(events, capsys):
    call_command("verify_audit")
    assert "The log is intact: 31 entries" in capsys.readouterr().out

    with guards_down():
        AuditEvent.objects.filter(pk=events[2].pk).update(did="nothing")
    with pytest.raises(CommandError, match=rf"entry 2 \(event {events[2].pk}\)"):
        call_command("verify_audit", "--all")


# --- by an outsider, offline


@pytest.fixture
def exported(events, tmp_path):
    path = tmp_path / "log"
    call_command("export_audit", str(path), "--details")
    return path


def outsider(*words):
    """Our file on its own, in a Python that knows nothing of Amana."""
    script = Path(offline_verifier.__file__)
    return subprocess.run(
        [sys.executable, "-I", script, *map(str, words)],
        capture_output=True,
        text=True,
        cwd="/",
    )


def test_an_outsider_checks_an_export_without_us(exported):
    done = outsider(exported, "--key", log_keys.get_public_key())

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Right: 31 entries" in done.stdout
    assert exported.stat().st_mode & 0o077 == 0


def test_an_outsider_finds_what_was_changed(exported):
    lines = exported.read_text().splitlines()
    lines[9] = lines[9].replace('"did":"opened"', '"did":"closed"')
    exported.write_text("\n".join(lines))

    done = outsider(exported, "--key", log_keys.get_public_key())

    assert done.returncode == 1
    assert "WRONG: entry 7" in done.stdout


def test_an_outsider_with_an_older_copy_finds_a_rewritten_log(
    exported, events, tmp_path, settings
):
    """Even when the operator rewrote it all, and signed it with the log's own key."""
    older = tmp_path / "older"
    older.write_text(exported.read_text())
    with guards_down():
        for model in (AuditLeaf, Checkpoint):
            model.objects.all()._raw_delete("default")
        from amana.trust.audit.models import AuditNode, AuditPending

        AuditNode.objects.all()._raw_delete("default")
        AuditEvent.objects.filter(pk=events[2].pk).update(did="nothing")
        AuditPending.objects.bulk_create(
            [AuditPending(event=event) for event in AuditEvent.objects.order_by("pk")]
        )
    settings.AUDIT_ANCHOR.unlink()
    sealing.seal_all()
    call_command("export_audit", str(exported))

    alone = outsider(exported, "--key", log_keys.get_public_key())
    compared = outsider(
        exported, "--key", log_keys.get_public_key(), "--against", older
    )

    assert alone.returncode == 0
    assert compared.returncode == 1
    assert "entry 2 is not what it was" in compared.stdout


def test_a_shorter_log_than_before_is_found(exported):
    lines = exported.read_text().splitlines()

    shorter = [line for line in lines if not line.startswith("entry 30 ")]

    with pytest.raises(LogBroken, match="entry 30 was there before and is gone"):
        compare(shorter, lines)


@pytest.mark.parametrize("key", ["", "name", "name+00000000+AAAA", "name+00+!!"])
def test_a_key_that_is_none_is_refused(exported, key):
    assert outsider(exported, "--key", key).returncode == 1


def test_a_file_that_is_no_log_is_refused(tmp_path):
    for text in ("entry 0 00 {}\n", "entry\n", "hello\n", "checkpoint {}\n", "log x\n"):
        path = tmp_path / "odd"
        path.write_text(text)
        done = outsider(path, "--key", log_keys.get_public_key())
        assert done.returncode == 1, text
        assert done.stdout.startswith("WRONG"), done.stderr


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=some.data())
def test_no_single_changed_sign_of_an_export_goes_unnoticed(exported, data):
    text = exported.read_text()
    at = data.draw(some.integers(0, len(text) - 1))
    sign = data.draw(some.sampled_from("0aZ{ \n+"))
    if text[at] == sign:
        return
    changed = text[:at] + sign + text[at + 1 :]
    before = check(text.splitlines(), VerifierKey.read(str(log_keys.get_public_key())))

    try:
        report = check(
            changed.splitlines(), VerifierKey.read(str(log_keys.get_public_key()))
        )
    except (LogBroken, ValueError, KeyError):
        return
    # At most a checkpoint's dash or a newline at the end may be written otherwise.
    assert report == before
    assert text.splitlines()[1:32] == changed.splitlines()[1:32]
