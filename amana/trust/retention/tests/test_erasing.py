"""What its time is over for is gone, and nothing else; and it stays gone (P26, P27)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases import retention
from amana.care.cases.closing import REQUIRED
from amana.care.cases.models import Case, ClosureReason
from amana.care.consent.models import Consent
from amana.care.meetings.models import Meeting
from amana.care.pending.models import PendingDecision
from amana.care.screening.models import Screening
from amana.notifications.models import Notification
from amana.trust.access.models import Role
from amana.trust.audit import entries, log, sealing
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    AuditMention,
    AuditPending,
    Checkpoint,
)
from amana.trust.audit.offline_verifier import format_statement, hash_leaf
from amana.trust.retention import erasing, record_kinds, terms
from amana.trust.retention.models import Hold
from amana.trust.retention.terms import RetentionTerm
from amana.trust.vault import (
    documents,
    erased,
    handover,
    keys,
    removal,
    slips,
    tombstones,
    visits,
)
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.erased import NotApplied
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    Document,
    ErasedLine,
    KeyRemoval,
    ReturnSlip,
    SearchCard,
)
from tests.patching import replace_everywhere
from tests.worlds import kept

pytestmark = pytest.mark.django_db

FIVE_YEARS = RetentionTerm(5, "Y").after(timezone.now()) - timezone.now()
DAY = timedelta(days=1)


@kept
def clinic(db):
    return given.make_worker(role=Role.FOCAL_POINT)


@kept
def case(worker):
    return given.make_case(
        worked_on_by=worker, identity_name="Hope Canary", identity_age="31"
    )


@kept
def other(worker):
    return given.make_case(worked_on_by=worker, identity_name="Esi", identity_age="31")


def closed(case, worker):
    return cases.close(
        Case.objects.get(pk=case.pk),
        reason=ClosureReason.RELOCATED,
        checklist=REQUIRED,
        left_open="moved",
        by=worker,
    )


def name_in(case, user):
    found = documents.open_documents(case, [C.IDENTITY], by=user, purpose="test")
    record = found.get((C.IDENTITY, documents.RECORD))
    return record.content["name"] if record else None


def everywhere(pk):
    """Tables in which an id stands, but for the log's events, which stay."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model in (AuditEvent, AuditMention):
                continue
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            for row in cursor.fetchall():
                said = " ".join(str(value) for value in row)
                if pk.hex in said or str(pk) in said:
                    found.append(model._meta.label)
    return found


# --- when


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


# --- by the log's word


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


# --- what


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


# --- the list


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


@pytest.mark.parametrize("written", ["P151Y", "P9999Y"])
def test_no_term_is_longer_than_a_life(written):
    with pytest.raises(ValueError, match=written):
        RetentionTerm.parse(written)
    assert RetentionTerm.parse("P150Y").before(timezone.now())


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
