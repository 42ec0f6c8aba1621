"""What its time is over for is erased, and nothing else (P26, P27)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from amana import given
from amana.care.cases import retention
from amana.care.cases.models import Case
from amana.care.consent.models import Consent
from amana.care.meetings.models import Meeting
from amana.care.pending.models import PendingDecision
from amana.care.screening.models import Screening
from amana.notifications.models import Notification
from amana.trust.access.models import Role
from amana.trust.audit import log
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.retention import erasing, record_kinds
from amana.trust.retention.models import Hold
from amana.trust.vault import documents, keys, removal, tombstones
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    ErasedLine,
    KeyRemoval,
    ReturnSlip,
    SearchCard,
)
from tests.patching import replace_everywhere
from tests.worlds import kept

from .closed_cases import FIVE_YEARS, closed, everywhere

pytestmark = pytest.mark.django_db


DAY = timedelta(days=1)


@kept
def clinic(db):
    return given.make_worker(role=Role.FOCAL_POINT)


def test_nothing_of_it_is_left_in_the_database(case, worker, clinic, later):
    team = clinic.memberships.get().team
    need, service = case.needs.get(), given.make_service(of=team)
    referral = given.make_referral(need=need, to=service, by=worker)
    shared = list(Disclosure.objects.filter(case=case.pk).values_list("pk", flat=True))
    gone = [case.pk, referral.pk, *shared]
    gone += CompartmentKey.objects.filter(case=case.pk).values_list("pk", flat=True)
    assert shared
    assert everywhere(case.pk)
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    log.record("closed case", case, by=worker, case=case.pk)
    later(FIVE_YEARS + DAY)

    assert erasing.erase_due()["case"] == 1
    assert {pk: everywhere(pk) for pk in gone} == {pk: [] for pk in gone}
    assert not SearchCard.objects.exists()
    assert not ReturnSlip.objects.filter(disclosure__in=shared).exists()
    assert not Consent.objects.exists()
    assert not Meeting.objects.exists()
    assert not PendingDecision.objects.exists()
    assert not Notification.objects.filter(object__in=gone).exists()
    assert not AuditDetail.objects.filter(event__case=case.pk).exists()


def test_what_was_set_aside_with_someones_keys_opens_it_no_more(
    case, worker, later, monkeypatch
):
    """A tombstone of keys is a copy of wraps: erasing goes through those too."""
    team = worker.memberships.get().team
    leila = given.make_worker(of=team)
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    documents.share_case(
        case.pk, by=worker, people=[worker, supervisor, leila], exclusively=True
    )
    made = removal.propose_start_again(leila, by=supervisor)
    removal.confirm(made, by=officer)
    later(timedelta(hours=25))
    removal.settle()
    made.refresh_from_db()
    before = tombstones.open_set_aside(made)
    assert before.of(CompartmentWrap)

    with transaction.atomic():
        documents.shred(case.pk)
    made.refresh_from_db()
    after = tombstones.open_set_aside(made)
    assert not after.of(CompartmentWrap)
    assert len(after.rows) < len(before.rows)
    removal.stop(made, by=officer)
    assert keys.unlock(leila, given.PASSPHRASE).teams


def test_a_screening_and_a_refusal_go_in_their_time(case, worker, later):
    team = given.make_team()
    yes = given.make_consent(case, to=team, by=worker)
    Consent.objects.filter(pk=yes.pk).update(status="refused")
    later(timedelta(days=89))
    assert not erasing.erase_due()
    later(timedelta(days=2))

    assert erasing.erase_due() == {"refusal": 1}
    assert not Consent.objects.exists()


def test_a_no_stays_as_long_as_it_counts_against_an_older_yes(case, worker, later):
    given.make_consent(case, to=given.make_team(), by=worker)
    later(timedelta(hours=1))
    no = given.make_consent(case, to=given.make_team(), by=worker)
    Consent.objects.filter(pk=no.pk).update(status="refused")
    later(timedelta(days=400))

    assert not erasing.erase_due()["refusal"]


def test_details_of_the_log_go_and_its_proof_stays(case, worker, later):
    later(timedelta(days=10 * 365 + 10))
    old = AuditDetail.objects.count()
    assert old

    assert erasing.erase_due()["log"] == old
    assert AuditEvent.objects.count() > old
    assert not Screening.objects.exists()


def test_what_was_done_before_there_was_a_case_is_forgotten_too(
    case, other, worker, later
):
    about = [
        log.record("opened parcel", by=worker, about=case.pk),
        log.record("screened", case, by=worker, urgency="high"),
    ]
    beside = log.record("opened parcel", by=worker, about=other.pk)
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    erasing.erase_due()
    left = set(AuditDetail.objects.values_list("event", flat=True))
    assert beside.pk in left
    assert not {event.pk for event in about} & left


@pytest.mark.parametrize(
    ("said", "born"),
    [
        ({"identity_age": "31"}, None),
        ({"identity_age": "31", "identity_child": "unsure"}, 0),
        ({"identity_age": "9"}, 9),
        ({"identity_child": "no"}, None),
        ({"identity_birth_date": "2999"}, 0),
        ({"identity_birth_date": "1980"}, None),
        ({}, 0),
    ],
)
def test_who_may_be_a_child_is_kept_longest(worker, said, born):
    """Neither an age nor a clear no: the years of a child begin with the case."""
    made = given.make_case(worked_on_by=worker, **said)
    year = made.opened_at.year
    expected = None if born is None else year - born
    assert retention.read_birth_year(made, by=worker) == expected


def test_a_kind_that_fails_keeps_no_other_waiting(case, worker, later, monkeypatch):
    class Broken:
        def __call__(self, *said):
            raise RuntimeError

    closed(case, worker)
    later(FIVE_YEARS + DAY)
    first = next(kind for kind in record_kinds.KINDS if kind.code == "screening")
    monkeypatch.setattr(
        erasing, "KINDS", [replace(first, expired=Broken()), *record_kinds.KINDS]
    )
    with pytest.raises(RuntimeError):
        erasing.erase_due()
    assert not Case.objects.filter(pk=case.pk).exists()
    assert settings.ERASED_LIST.read_text()


def test_what_was_set_aside_and_cannot_be_read_keeps_nothing(
    case, worker, later, caplog
):
    KeyRemoval.objects.create(
        user=given.make_worker(),
        why=KeyRemoval.Why.START_AGAIN,
        proposed_by=worker,
        confirmed_by=given.make_worker(),
        status="effective",
        effective_at=timezone.now(),
        set_aside=b"nonsense",
    )
    closed(case, worker)
    later(FIVE_YEARS + DAY)
    assert erasing.erase_due()["case"] == 1
    assert "can't be read" in caplog.text


def test_one_that_fails_keeps_no_other_waiting(case, other, worker, later, monkeypatch):
    closed(case, worker)
    closed(other, worker)
    later(FIVE_YEARS + DAY)
    shred = documents.shred

    def fail(pk):
        if pk == case.pk:
            raise RuntimeError
        shred(pk)

    replace_everywhere(monkeypatch, documents, "shred", fail)
    with pytest.raises(RuntimeError):
        erasing.erase_due()
    assert list(Case.objects.all()) == [Case.objects.get(pk=case.pk)]
    assert ErasedLine.objects.count() == 1
    assert Hold.objects.count() == 0
