"""Sealed documents: who opens what, what is written down of it, and what can't be (P03,
P06, P13, P38)."""

import pytest
from django.db import DatabaseError
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.trust.audit import log
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.vault import documents
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.crypto import KeyPair, Unopenable
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Document,
    PersonKey,
    SealedFile,
    TeamWrap,
)
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def team():
    return given.make_team()


@kept
def worker(team):
    return given.make_worker(of=team)


@kept
def colleague(team, worker):
    return given.make_worker(of=team)


@kept
def case(team, worker):
    return given.make_case_keys(of=team)


def read(case, by, compartment=C.IDENTITY, name="record"):
    opened = documents.open_documents(case, [compartment], by=by, purpose="test")
    found = opened.get((compartment, name))
    return found.content if found else None


# --- reading


def test_what_one_member_writes_another_reads(case, worker, colleague):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)

    assert read(case, given.unlock_user(colleague)) == {"name": "Hope"}


def test_a_stranger_opens_nothing_and_is_written_down(case, worker):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    stranger = given.make_worker()

    assert read(case, stranger) is None
    event = AuditEvent.objects.get(actor=stranger.actor_id, did="opened")
    assert event.case == case
    assert AuditDetail.objects.get(pk=event.pk).details == {"compartments": []}


def test_each_look_is_written_down_with_who_why_and_what(case, worker):
    documents.write(case, C.HEALTH, {"summary": "insulin"}, by=worker)

    documents.open_documents(case, [C.HEALTH, C.NEEDS], by=worker, purpose="referral")

    event = AuditEvent.objects.get(did="opened")
    assert (event.case, event.actor, event.role, event.purpose) == (
        case,
        worker.actor_id,
        "case_worker",
        "referral",
    )
    assert AuditDetail.objects.get(pk=event.pk).details == {
        "compartments": ["health", "needs"]
    }


def test_without_a_log_row_nothing_is_read(case, worker, monkeypatch):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    file = documents.seal_file(case, C.IDENTITY, b"a photograph", by=worker)

    def fails(*args, **details):
        raise DatabaseError("the log can't be written")

    monkeypatch.setattr(log, "record", fails)
    for reading in (
        lambda: documents.open_documents(case, by=worker, purpose="test"),
        lambda: documents.open_document_history(
            case, C.IDENTITY, by=worker, purpose="test"
        ),
        lambda: documents.open_file(file, by=worker, purpose="test"),
    ):
        with pytest.raises(DatabaseError):
            reading()


def test_opening_a_whole_case_takes_a_handful_of_queries(
    case, worker, django_assert_max_num_queries
):
    for compartment in C:
        documents.write(case, compartment, {"words": "…"}, by=worker)
    fresh = given.unlock_user(worker)

    with django_assert_max_num_queries(11):  # three of them check the manifest
        opened = documents.open_documents(case, by=fresh, purpose="test")

    assert len(opened) == len(C)


# --- writing


def test_a_revision_takes_the_place_of_the_one_that_was_read(case, worker):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    assert (
        documents.write(case, C.IDENTITY, {"name": "Esi"}, by=worker, replacing=1) == 2
    )

    assert read(case, worker) == {"name": "Esi"}
    history = documents.open_document_history(
        case, C.IDENTITY, by=worker, purpose="test"
    )
    assert [(document.revision, document.content["name"]) for document in history] == [
        (2, "Esi"),
        (1, "Hope"),
    ]


def test_the_second_of_two_writers_is_told_and_changes_nothing(case, worker, colleague):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    documents.write(case, C.IDENTITY, {"name": "Esi"}, by=colleague, replacing=1)

    for replacing in (0, 1, 3):
        with pytest.raises(Changed):
            documents.write(
                case, C.IDENTITY, {"name": "Ama"}, by=worker, replacing=replacing
            )

    assert read(case, worker) == {"name": "Esi"}
    assert Document.objects.count() == 2


def test_a_stranger_writes_nothing(case):
    with pytest.raises(Refused, match="do not hold the key"):
        documents.write(case, C.IDENTITY, {"name": "x"}, by=given.make_worker())
    assert not Document.objects.exists()


def test_nothing_written_lies_in_the_clear(case, worker):
    documents.write(case, C.NARRATIVE, {"account": "canary canary canary"}, by=worker)

    (document,) = Document.objects.all()
    assert b"canary" not in bytes(document.sealed)


def test_a_short_answer_and_a_longer_one_take_the_same_room(case, worker):
    documents.write(case, C.HEALTH, {"pregnancy": "no"}, by=worker)
    documents.write(case, C.LEGAL, {"situation": "x" * 100}, by=worker)

    assert len({len(bytes(d.sealed)) for d in Document.objects.all()}) == 1


def test_any_script_and_any_sign_comes_back_as_it_was_written(case, worker):
    content = {"words": "أمانة — ቃል\n\u202eevil\x00 💧", "list": [1, None, {"a": "é"}]}
    documents.write(case, C.NEEDS, content, by=worker)

    assert read(case, worker, C.NEEDS) == content


# --- nothing can be moved (P06)


def test_a_document_moved_to_another_case_name_or_revision_does_not_open(
    case, team, worker
):
    other = given.make_case_keys(of=team)
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    documents.write(case, C.IDENTITY, {"x": 1}, by=worker, name="other")
    documents.write(case, C.IDENTITY, {"name": "Esi"}, by=worker, replacing=1)
    documents.write(case, C.NEEDS, {"words": "a bed"}, by=worker)
    documents.write(other, C.IDENTITY, {"name": "Ama"}, by=worker)
    documents_ = list(Document.objects.select_related("key"))

    tried = 0
    for source in documents_:
        for target in documents_:
            if source is not target:
                Document.objects.filter(pk=target.pk).update(sealed=source.sealed)
                with pytest.raises(Tampered, match="content of a record"):
                    documents.open_document_history(
                        target.key.case,
                        C(target.key.compartment),
                        by=worker,
                        purpose="test",
                        name=target.name,
                    )
                Document.objects.filter(pk=target.pk).update(sealed=target.sealed)
                tried += 1
    assert tried == 20


def test_a_wrap_moved_to_another_case_compartment_or_holder_does_not_open(
    case, team, worker
):
    other = given.make_case_keys(of=team)
    stranger = given.make_worker()
    theirs = given.make_case_keys(of=stranger.memberships.get().team)
    wraps = [
        CompartmentWrap.objects.get(key__case=which, key__compartment=compartment)
        for which, compartment in [
            (case, C.HEALTH),
            (case, C.NEEDS),
            (other, C.HEALTH),
            (theirs, C.HEALTH),
        ]
    ]
    for source in wraps:
        for target in wraps:
            if source is not target:
                CompartmentWrap.objects.filter(pk=target.pk).update(
                    sealed=source.sealed
                )
                by = stranger if target.key.case == theirs else worker
                with pytest.raises(Unopenable):
                    documents.open_compartment_keys(
                        target.key.case, [C(target.key.compartment)], by=by
                    )
                CompartmentWrap.objects.filter(pk=target.pk).update(
                    sealed=target.sealed
                )


# --- files


def test_a_file_opens_for_its_holders_and_is_written_down(case, worker):
    file = documents.seal_file(case, C.EVIDENCE, b"\xff\xd8 photograph", by=worker)

    assert b"photograph" not in bytes(SealedFile.objects.get().sealed)
    assert (
        documents.open_file(file, by=worker, purpose="test") == b"\xff\xd8 photograph"
    )
    assert AuditEvent.objects.get(did="opened file").case == case
    with pytest.raises(Refused, match="do not hold the key"):
        documents.open_file(file, by=given.make_worker(), purpose="test")


def test_a_file_of_twenty_megabytes_is_taken_and_a_larger_one_refused(case, worker):
    plain = bytes(documents.LARGEST_FILE)
    file = documents.seal_file(case, C.EVIDENCE, plain, by=worker)

    fresh = SealedFile.objects.get(pk=file.pk)
    assert documents.open_file(fresh, by=worker, purpose="test") == plain
    with pytest.raises(Refused, match="20 MB"):
        documents.seal_file(case, C.EVIDENCE, plain + b"x", by=worker)


def test_a_file_moved_to_another_place_does_not_open(case, worker):
    one = documents.seal_file(case, C.EVIDENCE, b"one", by=worker)
    other = documents.seal_file(case, C.EVIDENCE, b"other", by=worker)
    SealedFile.objects.filter(pk=other.pk).update(
        own_key=one.own_key, sealed=one.sealed
    )

    with pytest.raises(Unopenable):
        documents.open_file(
            SealedFile.objects.get(pk=other.pk), by=worker, purpose="test"
        )


# --- who holds a case


def test_a_restricted_case_opens_for_those_named_and_no_longer_for_the_team(
    case, worker, colleague
):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    file = documents.seal_file(case, C.EVIDENCE, b"photograph", by=worker)
    before = documents.open_compartment_keys(case, C, by=colleague)

    documents.share_case(case, by=worker, people=[worker], exclusively=True)

    assert read(case, worker) == {"name": "Hope"}
    fresh = SealedFile.objects.get(pk=file.pk)
    assert documents.open_file(fresh, by=worker, purpose="test") == b"photograph"
    assert read(case, colleague) is None
    # What the colleague's key opened before opens nothing any more.
    (document,) = Document.objects.all()
    from amana.trust.vault.crypto import unseal

    with pytest.raises(Unopenable):
        unseal(
            before[C.IDENTITY][1],
            bytes(document.sealed),
            at=documents.bind_document_place(document),
        )


@pytest.mark.parametrize("tracks", ["left", "removed"])
def test_a_case_is_not_kept_to_an_exchanged_key_of_a_colleague(
    case, worker, colleague, tracks
):
    """Whoever can write in the database waits for a case to be kept to named people:
    the most dangerous ones."""
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    thief = KeyPair.new()
    PersonKey.objects.filter(user=colleague).update(public=thief.public)
    if tracks == "removed":
        TeamWrap.objects.filter(person_key__user=colleague).delete()
    before = list(CompartmentWrap.objects.values_list("pk", "sealed"))

    with pytest.raises(Tampered, match="has been replaced"):
        documents.share_case(
            case, by=worker, people=[worker, colleague], exclusively=True
        )
    assert list(CompartmentWrap.objects.values_list("pk", "sealed")) == before


def test_what_is_kept_is_not_sealed_anew_to_an_exchanged_key(case, worker, colleague):
    people = [worker, colleague]
    documents.share_case(case, by=worker, people=people, exclusively=True)
    PersonKey.objects.filter(user=colleague).update(public=KeyPair.new().public)
    CompartmentKey.objects.filter(case=case).update(exposed_at=timezone.now())

    with pytest.raises(Tampered, match="has been replaced"):
        documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)


def test_a_case_goes_over_to_another_team(case, worker, colleague):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    taker = given.make_worker()
    team = taker.memberships.get().team

    documents.share_case(case, by=worker, team=team)
    assert read(case, taker) == read(case, colleague) == {"name": "Hope"}

    documents.share_case(case, by=worker, team=team, exclusively=True)
    assert read(case, taker) == {"name": "Hope"}
    assert read(case, worker) is None


def test_nobody_can_end_the_hold_of_others_on_what_they_cannot_open(case, worker):
    stranger = given.make_worker()
    with pytest.raises(Refused, match="every part"):
        documents.share_case(case, by=stranger, people=[stranger], exclusively=True)

    assert documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker) == 1


def test_a_case_is_never_left_without_a_holder(case, worker):
    with pytest.raises(Refused, match="At least one person must hold"):
        documents.share_case(case, by=worker, exclusively=True)


# --- erasing


def test_a_shredded_case_is_gone_with_all_that_came_of_it(case, team, worker):
    from amana.trust.vault import cards
    from amana.trust.vault.models import SearchCard

    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    documents.seal_file(case, C.EVIDENCE, b"photograph", by=worker)
    cards.store_card(case, {"name": "Hope"}, by=worker, team=team)
    documents.open_documents(case, by=worker, purpose="test")

    documents.shred(case)

    for model in (CompartmentKey, CompartmentWrap, Document, SealedFile, SearchCard):
        assert not model.objects.exists()
    assert AuditEvent.objects.about_case(case).exists()
    assert not AuditDetail.objects.filter(event__case=case).exists()


def test_who_leaves_one_of_two_teams_loses_the_cases_kept_to_them(
    case, worker, colleague
):
    documents.write(case, C.IDENTITY, {"name": "Hope"}, by=worker)
    documents.share_case(case, by=worker, people=[worker, colleague], exclusively=True)

    documents.end_hold([case], of=colleague)

    assert read(case, colleague) is None
    assert read(case, worker) == {"name": "Hope"}
    assert not CompartmentKey.objects.filter(case=case, exposed_at=None).exists()
    with pytest.raises(Refused, match="Only this colleague can open"):
        documents.end_hold([case], of=worker)
