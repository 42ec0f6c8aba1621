"""What was erased stays erased: a list outside the database names its keys (P27)."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from amana.care.cases.models import Case
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import erasing
from amana.trust.vault import erased, handover, slips, visits
from amana.trust.vault.erased import NotApplied
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Document,
    ErasedLine,
)

from .closed_cases import FIVE_YEARS, closed, everywhere, name_in

pytestmark = pytest.mark.django_db


DAY = timedelta(days=1)


def test_the_list_says_what_and_why_and_not_whose(case, worker, later):
    closed(case, worker)
    ids = list(CompartmentKey.objects.values_list("pk", flat=True))
    later(FIVE_YEARS + DAY)
    erasing.erase_due()

    line = ErasedLine.objects.get()
    assert (line.kind, line.why, line.count, line.by) == ("case", "time", 1, [])
    assert set(line.tokens) == {erased.hash_key_id(pk) for pk in ids}
    said = settings.ERASED_LIST.read_text()
    for secret in (case.pk, worker.pk, case.reference, *ids):
        assert str(secret) not in said.split('"')
    event = AuditEvent.objects.get(did="erased record")
    assert event.case is None
    assert not AuditEvent.objects.filter(thing__contains=str(ids[0])).exists()


def restored(act):
    """What `act` did is undone in the database, as by a copy of before."""
    place = transaction.savepoint_create()
    act()
    transaction.savepoint_rollback(place)


def test_a_restored_copy_opens_nothing_until_the_list_is_applied(
    case, other, worker, later
):
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    restored(erasing.erase_due)
    assert Case.objects.filter(pk=case.pk).exists()

    for either in (case, other):
        with pytest.raises(NotApplied), transaction.atomic():
            name_in(either.pk, worker)
    call_command("apply_erased", verbosity=0)
    assert not Case.objects.filter(pk=case.pk).exists()
    assert everywhere(case.pk) == []
    assert name_in(other.pk, worker) == "Esi"
    assert ErasedLine.objects.count() == 1


def test_a_key_on_the_list_opens_nothing_wherever_it_comes_from(case, worker, later):
    """Rows of before, put back one by one beside a list that was applied."""
    wraps = list(CompartmentWrap.objects.filter(key__case=case.pk))
    found = list(CompartmentKey.objects.filter(case=case.pk))
    texts = [row for key in found for row in key.documents.all()]
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    erasing.erase_due()
    CompartmentKey.objects.bulk_create(found)
    CompartmentWrap.objects.bulk_create(wraps)
    Document.objects.bulk_create(texts)

    assert name_in(case.pk, worker) is None
    call_command("apply_erased", verbosity=0)
    assert everywhere(case.pk) == []


def test_a_list_that_was_changed_is_refused(case, other, worker, later):
    closed(case, worker)
    closed(other, worker)
    later(FIVE_YEARS + DAY)
    restored(erasing.erase_due)
    good = settings.ERASED_LIST.read_text()
    first, second = good.splitlines()
    signature, said = first.split(" ", 1)
    plain = json.loads(said)
    forged = json.dumps(plain | {"tokens": []}, sort_keys=True, separators=(",", ":"))

    for bad in (second, f"{signature} {forged}\n{second}", f"{first}\nnonsense"):
        bad += "\n"
        settings.ERASED_LIST.write_text(bad)
        with pytest.raises(CommandError):
            call_command("apply_erased", verbosity=0)
        with pytest.raises(NotApplied):
            name_in(other.pk, worker)
    assert Case.objects.count() == 2


def test_a_line_by_another_hand_destroys_nothing(case, worker):
    """A list is no weapon: whoever lacks the log's key adds nothing to it."""
    key = CompartmentKey.objects.filter(case=case.pk).earliest("pk")
    line = erased.SignedLine(
        1, "case", "2026-01-01", "time", 1, (erased.hash_key_id(key.pk),), (), ""
    )
    settings.ERASED_LIST.write_text(f"{'00' * 64} {line.text}\n")

    with pytest.raises(CommandError):
        call_command("apply_erased", verbosity=0)
    assert CompartmentKey.objects.filter(pk=key.pk).exists()


def test_a_row_that_the_log_did_not_sign_shuts_nothing(case, other, worker, later):
    """Whoever writes in the database locks nobody out, and signs nothing."""
    closed(case, worker)
    said = {"kind": "case", "on": "2026-01-01", "why": "time", "count": 1}
    foreign = ErasedLine.objects.create(place=1, signature="00" * 64, **said)
    erased.publish()
    assert settings.ERASED_LIST.read_text() == ""
    assert name_in(other.pk, worker) == "Esi"
    event = AuditEvent.objects.get(did="dropped foreign line")
    assert event.thing.endswith(f":{foreign.pk}")

    ErasedLine.objects.create(place=1, signature="00" * 64, **said)
    later(FIVE_YEARS + DAY)
    assert erasing.erase_due()["case"] == 1
    assert ErasedLine.objects.get().tokens
    assert name_in(other.pk, worker) == "Esi"


@pytest.mark.parametrize("kept_signs", [1, 200])
def test_a_line_that_was_half_written_is_written_again(
    case, other, worker, later, kept_signs
):
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    erasing.erase_due()
    whole = settings.ERASED_LIST.read_text()
    settings.ERASED_LIST.write_text(whole + whole[:kept_signs])

    assert name_in(other.pk, worker) == "Esi"
    erased.publish()
    assert settings.ERASED_LIST.read_text() == whole


def test_a_planted_key_kills_no_living_case(case, other, worker, later, caplog):
    gone = CompartmentKey.objects.filter(case=case.pk).earliest("pk")
    wraps = list(gone.wraps.all())
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    erasing.erase_due()
    gone.case = other.pk
    gone.compartment = "planted"
    CompartmentKey.objects.bulk_create([gone])
    CompartmentWrap.objects.bulk_create(wraps)

    call_command("apply_erased", verbosity=0)
    assert name_in(other.pk, worker) == "Esi"
    assert not CompartmentKey.objects.filter(pk=gone.pk).exists()
    assert AuditEvent.objects.get(did="removed erased key").case == other.pk
    assert str(other.pk) in caplog.text


def test_outsiders_open_nothing_either_until_it_is_applied(case, worker, later):
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    restored(erasing.erase_due)

    for opens in (
        lambda: handover.try_code(uuid4(), "AAAA"),
        lambda: slips.open_slip("AAAA"),
        lambda: visits.find_visit("none"),
    ):
        with pytest.raises(NotApplied):
            opens()


def test_another_line_in_its_place_is_not_the_line(case, other, worker, later):
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    erasing.erase_due()
    ErasedLine.objects.update(tokens=[])
    erased._is_applied.cache_clear()

    with pytest.raises(NotApplied), transaction.atomic():
        name_in(other.pk, worker)
    call_command("apply_erased", verbosity=0)
    assert ErasedLine.objects.get().tokens
    assert name_in(other.pk, worker) == "Esi"


def test_a_file_that_was_lost_is_written_again(case, other, worker, later):
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    erasing.erase_due()
    said = settings.ERASED_LIST.read_text()
    settings.ERASED_LIST.unlink()
    with pytest.raises(NotApplied):
        erasing.erase_due()
    with pytest.raises(NotApplied), transaction.atomic():
        name_in(other.pk, worker)
    call_command("apply_erased", verbosity=0)
    erased.publish()  # after the commit, of which a test has none

    assert name_in(other.pk, worker) == "Esi"
    assert settings.ERASED_LIST.read_text() == said
    assert settings.ERASED_LIST.stat().st_mode & 0o777 == 0o600
