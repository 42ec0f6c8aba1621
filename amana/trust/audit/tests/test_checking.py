"""A check of the log goes on from where it was, and can't be told what was found right
by anyone who writes in the database (P14, P15)."""

import os
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from amana.trust.audit import anchor, checking, export, log
from amana.trust.audit.models import AuditDetail, AuditEvent, AuditLeaf, Checkpoint
from amana.trust.audit.tests.cut_logs import cut_back
from amana.trust.audit.tests.test_verifying import guards_down

from .checks import changed, check, gone_on, sealed

pytestmark = pytest.mark.django_db


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
