"""What is shared: exactly the fields, for exactly the recipient, until it ends (P03,
P05, P06, P07)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.trust.access.models import Sphere
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures, documents
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.crypto import KeyPair, Unopenable
from amana.trust.vault.models import (
    Disclosure,
    DisclosureMessage,
    DisclosureWrap,
    PersonKey,
    generate_uuid7,
)
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def sender():
    return given.make_worker()


@kept
def recipient():
    return given.make_worker()


def team_of(worker):
    return worker.memberships.get().team


def shared(sender, recipient, content=None, **changes):
    facts = {
        "consent": generate_uuid7(),
        "case": given.make_case_keys(of=team_of(sender)),
        "sender": team_of(sender),
        "recipient": team_of(recipient),
        "purpose": "referral",
        "expires_at": timezone.now() + timedelta(days=1),
        "by": sender,
    }
    return disclosures.make_disclosure(
        content or {"identity.name": "Hope"}, **facts | changes
    )


def test_both_teams_read_it_and_nobody_else_does(sender, recipient):
    disclosure = shared(
        sender, recipient, {"identity.name": "Hope", "needs.words": "a bed"}
    )

    for reader in (sender, recipient):
        assert disclosures.open_disclosure(disclosure, by=reader, purpose="test") == {
            "identity.name": "Hope",
            "needs.words": "a bed",
        }
    with pytest.raises(Refused, match="Nothing is shared"):
        disclosures.open_disclosure(disclosure, by=given.make_worker(), purpose="test")


def test_each_look_is_written_down(sender, recipient):
    disclosure = shared(sender, recipient)
    disclosures.open_disclosure(disclosure, by=recipient, purpose="referral")

    event = AuditEvent.objects.get(did="opened disclosure")
    assert (event.case, event.actor, event.purpose) == (
        disclosure.case,
        recipient.actor_id,
        "referral",
    )


@pytest.mark.parametrize("sphere", Sphere)
@pytest.mark.parametrize("compartment", Compartment)
def test_the_ceiling_of_a_sphere_holds_whatever_else_is_said(
    sender, sphere, compartment
):
    team = given.make_team(of=given.make_organisation(sphere=sphere))
    reader = given.make_worker(of=team)
    content = {f"{compartment}.anything": "x"}

    if compartment in CEILING[sphere]:
        assert shared(sender, reader, content).fields == list(content)
    else:
        with pytest.raises(Refused, match="may never be sent"):
            shared(sender, reader, content)
        with pytest.raises(Refused, match="may never be sent"):
            shared(sender, reader, {"identity.name": "x"} | content)
        assert not Disclosure.objects.exists()


def test_the_ceilings_are_those_that_were_promised():
    """P07: health to health alone, nothing to border; the police get no account."""
    C = Compartment
    assert {sphere for sphere, may in CEILING.items() if C.HEALTH in may} == {
        Sphere.HEALTH
    }
    assert CEILING[Sphere.LAW_ENFORCEMENT] == {C.IDENTITY, C.EVIDENCE}
    assert CEILING[Sphere.BORDER] == frozenset()
    assert CEILING.keys() == set(Sphere)


def test_nothing_goes_to_an_organisation_that_was_not_admitted(sender):
    team = given.make_team(of=given.make_organisation(admitted_at=None))

    with pytest.raises(Refused, match="not been admitted"):
        shared(sender, given.make_worker(of=team))


def test_what_has_expired_opens_for_nobody(sender, recipient, monkeypatch):
    disclosure = shared(sender, recipient)
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)

    for reader in (sender, recipient):
        with pytest.raises(Refused, match="expired"):
            disclosures.open_disclosure(disclosure, by=reader, purpose="test")


def test_when_consent_ends_every_row_with_a_key_is_gone(sender, recipient):
    disclosure = shared(sender, recipient)
    disclosures.write_letter(disclosure, "note", {"text": "at eight"}, by=sender)
    kept = shared(sender, recipient)

    assert disclosures.destroy(consent=disclosure.consent) == 1

    assert [*Disclosure.objects.all()] == [kept]
    assert not DisclosureWrap.objects.exclude(disclosure=kept).exists()
    assert not DisclosureMessage.objects.exists()


# --- nothing can be moved (P06)


@pytest.mark.parametrize(
    "changes",
    [
        {"consent": uuid4()},
        {"case": uuid4()},
        {"purpose": "justice"},
        {"fields": ["identity.name", "needs.words"]},
        {"expires_at": timezone.now() + timedelta(days=900)},
    ],
)
def test_a_disclosure_said_to_be_for_something_else_does_not_open(
    sender, recipient, changes
):
    disclosure = shared(sender, recipient)
    Disclosure.objects.filter(pk=disclosure.pk).update(**changes)

    with pytest.raises(Tampered):
        disclosures.open_disclosure(
            Disclosure.objects.get(), by=recipient, purpose="test"
        )


def test_a_disclosure_given_to_another_recipient_does_not_open(sender, recipient):
    other = given.make_worker()
    disclosure = shared(sender, recipient)
    theirs = shared(sender, other)
    wrap = DisclosureWrap.objects.get(
        disclosure=disclosure, team_key__team=team_of(recipient)
    )
    DisclosureWrap.objects.filter(
        disclosure=theirs, team_key__team=team_of(other)
    ).update(sealed=wrap.sealed)
    Disclosure.objects.filter(pk=theirs.pk).update(sealed=disclosure.sealed)

    with pytest.raises(Tampered):
        disclosures.open_disclosure(
            Disclosure.objects.get(pk=theirs.pk), by=other, purpose="test"
        )


def test_a_letter_moved_to_another_disclosure_or_kind_does_not_open(sender, recipient):
    disclosure, other = shared(sender, recipient), shared(sender, recipient)
    disclosures.write_letter(disclosure, "note", {"text": "at eight"}, by=sender)

    for changes in ({"name": "report"}, {"disclosure": other}):
        DisclosureMessage.objects.update(**changes)
        with pytest.raises(Unopenable):
            disclosures.open_letters(
                DisclosureMessage.objects.get().disclosure, by=recipient, purpose="test"
            )
        DisclosureMessage.objects.update(name="note", disclosure=disclosure)


# --- letters


def test_the_two_teams_write_to_each_other_in_order(sender, recipient):
    disclosure = shared(sender, recipient)
    disclosures.write_letter(disclosure, "note", {"text": "at eight"}, by=sender)
    disclosures.write_letter(disclosure, "answer", {"text": "yes"}, by=recipient)

    read = disclosures.open_letters(disclosure, by=sender, purpose="test")

    assert [(letter.name, content["text"]) for letter, content in read] == [
        ("note", "at eight"),
        ("answer", "yes"),
    ]
    with pytest.raises(Refused):
        disclosures.write_letter(disclosure, "note", {}, by=given.make_worker())


# --- a recipient without a key


def test_a_team_whose_first_member_comes_later_reads_it_then(sender):
    team = given.make_team()
    disclosure = disclosures.make_disclosure(
        {"identity.name": "Hope"},
        consent=generate_uuid7(),
        case=given.make_case_keys(of=team_of(sender)),
        sender=team_of(sender),
        recipient=team,
        purpose="referral",
        expires_at=timezone.now() + timedelta(days=1),
        by=sender,
    )
    late = given.make_worker(of=team)
    with pytest.raises(Refused):
        disclosures.open_disclosure(disclosure, by=late, purpose="test")
    disclosures.open_disclosure(disclosure, by=sender, purpose="test")

    assert disclosures.open_disclosure(disclosure, by=late, purpose="test")


# --- taken back


def test_who_declined_reads_it_no_more_and_the_sender_still_does(sender, recipient):
    disclosure = shared(sender, recipient)
    disclosures.write_letter(disclosure, "answer", {"text": "no room"}, by=recipient)

    disclosures.take_back(disclosure.pk)

    current = Disclosure.objects.get()
    for _again in range(2):  # nor does the sender's look give it back
        with pytest.raises(Refused):
            disclosures.open_disclosure(current, by=recipient, purpose="test")
        assert disclosures.open_disclosure(current, by=sender, purpose="test")
    read = disclosures.open_letters(current, by=sender, purpose="test")
    assert read[0][1] == {"text": "no room"}


def test_what_is_written_after_taking_back_lies_under_a_fresh_key(sender, recipient):
    disclosure = shared(sender, recipient)
    kept = disclosures.open_held_secret(disclosure, by=recipient)
    disclosures.take_back(disclosure.pk)

    disclosures.write_letter(disclosure, "note", {"text": "elsewhere now"}, by=sender)

    current = Disclosure.objects.get()
    assert current.exposed_at is None
    with pytest.raises(Unopenable):
        disclosures.read(current, kept)
    read = disclosures.open_letters(current, by=sender, purpose="test")
    assert read[0][1] == {"text": "elsewhere now"}


# --- with the case


def shared_from(case, sender, recipient):
    disclosure = shared(sender, recipient, case=case)
    disclosures.write_letter(disclosure, "note", {"text": "at eight"}, by=sender)
    return disclosure


def reads(disclosure, worker):
    try:
        disclosures.open_letters(
            Disclosure.objects.get(pk=disclosure.pk), by=worker, purpose="test"
        )
    except Refused:
        return False
    return True


def test_of_a_case_kept_to_named_people_only_they_hold_what_was_shared(
    sender, recipient
):
    colleague = given.make_worker(of=team_of(sender))
    case = given.make_case_keys(of=team_of(sender))
    before = shared_from(case, sender, recipient)

    documents.share_case(case, by=sender, people=[sender], exclusively=True)
    after = shared_from(case, sender, recipient)

    for disclosure in (before, after):
        assert reads(disclosure, sender)
        assert reads(disclosure, recipient)
        assert not reads(disclosure, colleague)


def test_nothing_shared_goes_to_an_exchanged_key_of_a_colleague(sender, recipient):
    colleague = given.make_worker(of=team_of(sender))
    case = given.make_case_keys(of=team_of(sender))
    people = [sender, colleague]
    documents.share_case(case, by=sender, people=people, exclusively=True)
    PersonKey.objects.filter(user=colleague).update(public=KeyPair.new().public)

    with pytest.raises(Tampered, match="has been replaced"):
        shared_from(case, sender, recipient)
    assert not Disclosure.objects.exists()


def test_what_was_shared_moves_with_the_case(sender, recipient):
    taker = given.make_worker()
    case = given.make_case_keys(of=team_of(sender))
    before = shared_from(case, sender, recipient)
    documents.share_case(case, by=sender, team=team_of(taker))  # offered
    meanwhile = shared_from(case, sender, recipient)

    documents.share_case(case, by=taker, team=team_of(taker), exclusively=True)

    for disclosure in (before, meanwhile):
        assert reads(disclosure, taker)
        assert reads(disclosure, recipient)
        assert not reads(disclosure, sender)


def test_a_team_that_declines_what_it_was_sent_and_is_offered_the_case_keeps_the_case(
    sender, recipient
):
    """And, when it declines the case as well, keeps nothing."""
    case = given.make_case_keys(of=team_of(sender))
    documents.share_case(case, by=sender, team=team_of(recipient))
    disclosure = shared_from(case, sender, recipient)

    disclosures.take_back(disclosure.pk)
    assert reads(disclosure, recipient)

    documents.share_case(case, by=recipient, team=team_of(sender), exclusively=True)
    assert not reads(disclosure, recipient)
    assert reads(disclosure, sender)


def test_a_look_that_began_before_it_was_taken_back_gives_nothing_back(
    sender, recipient
):
    disclosure = shared(sender, recipient)
    before = Disclosure.objects.get(pk=disclosure.pk)
    disclosures.take_back(disclosure.pk)

    disclosures.open_disclosure(before, by=sender, purpose="test")

    ours = DisclosureWrap.objects.filter(team_key__team=team_of(recipient))
    assert not ours.exists()
    with pytest.raises(Refused, match="Nothing is shared"):
        disclosures.open_disclosure(before, by=recipient, purpose="test")
