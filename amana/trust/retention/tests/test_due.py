"""When a case is due for erasure, by the log's word (P26)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.trust.audit import entries, log, sealing
from amana.trust.audit.models import AuditEvent, AuditLeaf, AuditPending, Checkpoint
from amana.trust.audit.offline_verifier import format_statement, hash_leaf
from amana.trust.retention import erasing, terms
from amana.trust.retention.terms import RetentionTerm
from amana.trust.vault.models import ErasedLine

from .closed_cases import FIVE_YEARS, closed, name_in

pytestmark = pytest.mark.django_db


DAY = timedelta(days=1)


def test_a_case_is_erased_when_its_time_is_over_and_not_before(
    case, other, worker, later
):
    closed(case, worker)
    later(FIVE_YEARS - DAY)
    assert not erasing.erase_due()

    later(2 * DAY)
    assert erasing.erase_due()["case"] == 1
    assert list(Case.objects.all()) == [other]
    assert name_in(other.pk, worker) == "Esi"


def test_an_open_case_stays(case, later):
    later(timedelta(days=40_000 // 4))
    assert not erasing.erase_due()["case"]
    assert Case.objects.filter(pk=case.pk).exists()


def test_a_case_that_was_opened_again_begins_its_time_anew(case, worker, later):
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    cases.reopen(Case.objects.get(pk=case.pk), by=worker)

    assert not erasing.erase_due()["case"]


@pytest.mark.parametrize(
    ("said", "ends"),
    [
        ({"identity_age": "9"}, 16 + 1),
        ({"identity_child": "yes"}, 25 + 1),
        ({"identity_birth_date": "{year}"}, 25 + 1),
    ],
)
def test_a_childs_case_is_kept_until_the_child_is_of_the_age(worker, later, said, ends):
    year = timezone.localdate().year
    said = {name: value.format(year=year) for name, value in said.items()}
    closed(given.make_case(worked_on_by=worker, **said), worker)
    new_year = datetime(year + ends, 1, 1, 12, tzinfo=UTC)

    later(new_year - timezone.now() - 3 * DAY)
    assert not erasing.erase_due()["child"]
    later(4 * DAY)
    assert erasing.erase_due()["child"] == 1


def test_the_law_of_the_mechanism_sets_the_time(case, worker, later, monkeypatch):
    monkeypatch.setattr(terms, "LAWS", [lambda: {"case": RetentionTerm.parse("P30D")}])
    closed(case, worker)
    later(timedelta(days=31))

    assert erasing.erase_due()["case"] == 1


def test_the_timer_erases_nothing_by_a_clock_in_doubt(case, worker, monkeypatch):
    from amana.trust.vault import heartbeat

    closed(case, worker)
    call_command("erase_due", verbosity=0)
    real, up = timezone.now, heartbeat.measure_uptime()
    monkeypatch.setattr(timezone, "now", lambda: real() + 2 * FIVE_YEARS)
    monkeypatch.setattr(heartbeat, "measure_uptime", lambda: up)

    with pytest.raises(CommandError):
        call_command("erase_due", verbosity=0)
    assert Case.objects.filter(pk=case.pk).exists()


def kept_and_told(case):
    assert Case.objects.filter(pk=case.pk).exists()
    assert not ErasedLine.objects.filter(kind="case").exists()
    event = AuditEvent.objects.get(did="kept record without proof")
    assert event.case == case.pk


def test_a_date_in_the_row_alone_erases_nothing(case, worker):
    old = timezone.now() - 2 * FIVE_YEARS
    Case.objects.filter(pk=case.pk).update(closed_at=old)
    for _night in range(2):
        assert not erasing.erase_due()["case"]
    kept_and_told(case)


def test_a_case_that_the_log_says_was_opened_again_stays(case, worker, later):
    closed(case, worker)
    later(DAY)
    cases.reopen(Case.objects.get(pk=case.pk), by=worker)
    later(FIVE_YEARS)
    old = timezone.now() - FIVE_YEARS
    Case.objects.filter(pk=case.pk).update(closed_at=old - DAY)
    assert not erasing.erase_due()["case"]
    kept_and_told(case)


@pytest.mark.parametrize("sealed", [False, True])
def test_an_event_that_was_dated_back_erases_nothing(case, worker, sealed):
    old = timezone.now() - 2 * FIVE_YEARS
    Case.objects.filter(pk=case.pk).update(closed_at=old)
    log.write(
        at=old, actor=worker.actor_id, did="closed case", case=case.pk, commitment=b""
    )
    if sealed:
        sealing.seal_all()
    assert not erasing.erase_due()["case"]
    kept_and_told(case)


@pytest.mark.parametrize(
    "how", ["never sealed", "under no checkpoint", "under one of no key"]
)
def test_an_event_that_is_not_in_the_log_erases_nothing(case, worker, later, how):
    """Put in by SQL, long ago, with what lets it wait to be sealed taken away."""
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    sealing.seal_all()
    event = log.record("closed case", case, by=worker, case=case.pk)
    AuditPending.objects.filter(pk=event.pk)._raw_delete("default")
    if how != "never sealed":
        place = sealing.get_tree_size()
        [(_pk, text)] = entries.iterate_entries([event.pk])
        found = hash_leaf(text.encode())
        AuditLeaf.objects.create(position=place, event=event, hash=found)
        if how == "under one of no key":
            root = sealing.compute_root(place + 1)
            note = (
                format_statement(sealing.get_origin(), place + 1, root)
                + "\n— x AAAAAAAA\n"
            )
            Checkpoint.objects.create(size=place + 1, root=root, note=note)
    later(FIVE_YEARS + DAY)

    assert not erasing.erase_due()["case"]
    kept_and_told(case)


def test_sealed_events_are_believed(case, worker, later):
    closed(case, worker)
    sealing.seal_all()
    later(FIVE_YEARS + DAY)
    assert erasing.erase_due()["case"] == 1


def test_more_than_in_a_usual_night_waits_for_a_person(
    case, other, worker, later, monkeypatch
):
    monkeypatch.setattr(erasing, "USUAL_NIGHT", 1)
    closed(case, worker)
    closed(other, worker)
    later(FIVE_YEARS + DAY)
    for number in ([], ["--at-most", "1"]):
        with pytest.raises(CommandError, match="2 cases are due"):
            call_command("erase_due", *number, verbosity=0)
    assert Case.objects.count() == 2
    assert AuditEvent.objects.filter(did="stopped erasing").exists()

    call_command("erase_due", "--at-most", "2", verbosity=0)
    assert not Case.objects.exists()


@pytest.mark.parametrize("written", ["P151Y", "P9999Y"])
def test_no_term_is_longer_than_a_life(written):
    with pytest.raises(ValueError, match=written):
        RetentionTerm.parse(written)
    assert RetentionTerm.parse("P150Y").before(timezone.now())
