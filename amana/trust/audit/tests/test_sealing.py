"""Events are sealed in order a moment after their commit: none skipped, none twice."""

import random
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from amana.trust.audit import checking, log, log_keys, sealing, tree
from amana.trust.audit.models import (
    AuditEvent,
    AuditLeaf,
    AuditNode,
    AuditPending,
    Checkpoint,
)
from amana.trust.audit.offline_verifier import (
    HashTree,
    is_consistent,
    is_included,
    read_checkpoint,
)
from tests.patching import replace_everywhere


def record(number):
    return [log.record("opened", by=None, number=n) for n in range(number)]


@pytest.mark.django_db
def test_events_are_sealed_once_in_the_order_in_which_they_came():
    events = record(5)

    assert sealing.seal() == 5
    assert sealing.seal() == 0

    leaves = AuditLeaf.objects.order_by("position")
    assert [(leaf.position, leaf.event_id) for leaf in leaves] == [
        (place, event.pk) for place, event in enumerate(events)
    ]
    assert not AuditPending.objects.exists()


@pytest.mark.django_db
def test_recording_takes_two_inserts(django_assert_num_queries):
    with django_assert_num_queries(2):
        log.record("opened", by=None, reason="U0")
    with django_assert_num_queries(1):
        log.record("opened", by=None)


@pytest.mark.django_db
def test_each_sealing_signs_what_the_tree_then_holds():
    key = log_keys.get_public_key()
    for number in (1, 2, 300):
        record(number)
        sealing.seal()

    sizes = []
    for checkpoint in Checkpoint.objects.order_by("size"):
        origin, size, root = read_checkpoint(checkpoint.note, key)
        assert (origin, size, root) == (
            key.name,
            checkpoint.size,
            bytes(checkpoint.root),
        )
        sizes.append(size)
    assert sizes == [1, 3, 303]


@pytest.mark.django_db
def test_the_stored_tree_is_the_tree_over_all_leaves():
    for number in (10, 255, 3, 600, 500):
        record(number)
        sealing.seal()

    growing = HashTree()
    for leaf in AuditLeaf.objects.order_by("position"):
        growing.add(bytes(leaf.hash))
    assert (
        growing.root
        == sealing.compute_root(1368)
        == bytes(Checkpoint.objects.get(size=1368).root)
    )
    assert [
        tuple(row)
        for row in AuditNode.objects.order_by("place").values_list("level", "place")
    ] == [(8, place) for place in range(1368 // 256)]


@pytest.mark.django_db
def test_proofs_come_out_of_the_stored_tree():
    record(700)
    sealing.seal()
    node = sealing.StoredTree().node
    root = sealing.compute_root(700)

    for position in (0, 255, 256, 511, 699):
        leaf = bytes(AuditLeaf.objects.get(position=position).hash)
        proof = tree.prove_inclusion(position, 700, node)
        assert is_included(leaf, position, 700, proof, root)
    for old in (1, 256, 300, 699):
        proof = tree.prove_consistency(old, 700, node)
        assert is_consistent(old, 700, proof, sealing.compute_root(old), root)


@pytest.mark.django_db
def test_sealing_reads_no_more_of_a_large_tree_than_of_a_small_one(
    django_assert_max_num_queries,
):
    record(1000)
    sealing.seal()
    record(3)

    with django_assert_max_num_queries(25):
        sealing.seal()


@pytest.mark.django_db
def test_a_backlog_is_sealed_in_parts():
    record(25)

    assert [sealing.seal(at_most=10) for _part in range(4)] == [10, 10, 5, 0]
    assert checking.check_whole_log().checkpoints == 3


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_never_sealed():
    with transaction.atomic():
        record(2)
        transaction.set_rollback(True)
    record(1)

    assert sealing.seal() == 1
    assert AuditLeaf.objects.count() == AuditEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_command_seals_what_waits(capsys):
    record(3)
    call_command("seal_audit")
    call_command("seal_audit", "--key")

    said = capsys.readouterr().out
    assert "3 events sealed." in said
    assert str(log_keys.get_public_key()) in said


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_what_is_done_outside_a_request_is_sealed_once_a_second(settings, monkeypatch):
    settings.AUDIT_SEALS_AT_ONCE = True
    replace_everywhere(monkeypatch, sealing, "_last", time.monotonic() - 2)

    record(2)  # the first of them sees that it is time

    assert AuditLeaf.objects.count() == 1
    assert AuditPending.objects.count() == 1


# --- many at once


def at_once(*works):
    """Do each in a thread of its own, with its own connection."""
    failed = []

    def alone(work):
        try:
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=alone, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []


@pytest.mark.django_db(transaction=True)
def test_writers_that_commit_late_are_neither_skipped_nor_sealed_twice():
    """Numbers are given out before the commit, so a later one may be sealed first."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at any time, so nothing commits late")
    stop = threading.Event()

    def writes():
        chance = random.Random(threading.get_ident())
        for _number in range(40):
            with transaction.atomic():
                log.record("opened", by=None)
                if chance.random() < 0.3:
                    time.sleep(chance.random() / 20)
                log.record("opened", by=None)
                if chance.random() < 0.1:
                    transaction.set_rollback(True)

    def seals():
        while not stop.is_set():
            sealing.seal(at_most=7)

    sealer = threading.Thread(target=lambda: at_once(seals, seals))
    sealer.start()
    at_once(*[writes] * 6)
    stop.set()
    sealer.join(60)
    sealing.seal_all()

    leaves = list(
        AuditLeaf.objects.order_by("position").values_list("event", flat=True)
    )
    assert len(leaves) > 300
    assert sorted(leaves) == sorted(AuditEvent.objects.values_list("pk", flat=True))
    assert leaves != sorted(leaves), "nothing committed late: the test shows nothing"
    assert not AuditPending.objects.exists()
    assert checking.check_whole_log().entries == len(leaves)


@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_holds_back_those_that_came_after_it():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at any time")
    began, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            log.record("opened", by=None, place="slow")
            began.set()
            go_on.wait(60)

    thread = threading.Thread(target=lambda: at_once(slow))
    thread.start()
    began.wait(60)
    later = log.record("opened", by=None, place="later")
    sealed_meanwhile = sealing.seal()
    go_on.set()
    thread.join(60)

    assert sealed_meanwhile == 0
    assert sealing.seal() == 2
    last = AuditLeaf.objects.order_by("-position").first()
    assert last is not None
    assert last.event_id == later.pk


@pytest.mark.django_db(transaction=True)
def test_events_out_of_a_backup_of_another_server_are_sealed_too():
    """There the transactions had been counted further than here."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite counts no transactions")
    (event,) = record(1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditpending SET transaction = '99999999'")
    record(1)

    assert sealing.seal() == 2
    assert AuditLeaf.objects.filter(event=event).exists()
