"""A log that was cut back, forked or thinned is named: a file outside the database
(P15)."""

import os

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from amana.trust.audit import anchor, checking, entries, log_restart, sealing
from amana.trust.audit.anchor import DoubtKind, LogAnchor
from amana.trust.audit.models import AuditEvent, AuditLeaf, AuditNode, Checkpoint
from amana.trust.audit.offline_verifier import hash_leaf, parse_head
from amana.trust.audit.tests.test_verifying import guards_down
from tests.patching import replace_everywhere

from .cut_logs import cut_back, kind_of, record, wrong

pytestmark = pytest.mark.django_db


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
