"""The database itself keeps the log: nothing in it can be changed or taken away
(P14)."""

import pytest
from django.db import DatabaseError, connection, transaction

from amana.trust.audit import checking, log, sealing
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    AuditMention,
    AuditNode,
    AuditPending,
    Checkpoint,
)
from amana.trust.vault.models import generate_uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_log():
    case = generate_uuid7()
    for number in range(300):
        log.record("opened", by=None, case=case, number=number)
    log.record("opened search cards", by=None, cases=[case])
    sealing.seal()
    return case


GROWING = [AuditEvent, AuditMention, AuditLeaf, AuditNode, Checkpoint]


@pytest.mark.parametrize("model", GROWING)
def test_no_row_of_the_log_can_be_deleted(model):
    before = model.objects.count()

    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk)._raw_delete("default")

    assert before
    assert model.objects.count() == before


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (AuditEvent, {"did": "nothing"}),
        (AuditMention, {"case": generate_uuid7()}),
        (AuditLeaf, {"hash": b"0"}),
        (AuditNode, {"hash": b"0"}),
        (Checkpoint, {"note": ""}),
        (AuditDetail, {"details": {}}),
    ],
)
def test_no_row_of_the_log_can_be_changed(model, changes):
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk).update(**changes)


def test_the_log_cannot_be_emptied_at_a_stroke():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            cursor.execute("TRUNCATE audit_auditevent CASCADE")


def test_an_event_cannot_be_replaced_under_its_number():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")

    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT OR REPLACE INTO audit_auditevent "
            "(id, at, actor, role, did, thing, purpose, commitment) "
            "SELECT id, at, 'user:0', role, did, thing, purpose, commitment "
            "FROM audit_auditevent LIMIT 1"
        )


def test_details_can_be_shredded_and_the_log_still_holds(a_log):
    log.shred(a_log)

    assert not AuditDetail.objects.exists()
    assert checking.check_whole_log().entries == 301


def test_each_event_waits_to_be_sealed_without_being_told_to():
    event = log.record("opened", by=None)

    assert AuditPending.objects.filter(pk=event.pk).exists()
