"""Alterations of consents, answers and shared copies."""

from datetime import timedelta
from typing import Any

import time_machine
from django.db import transaction
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case, Need
from amana.care.consent import actions as consents
from amana.care.consent import ledger, valid_consents
from amana.care.consent.models import Consent
from amana.trust.vault import disclosures
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Disclosure, DisclosureWrap, generate_uuid7

from .altering import World, attack, links_of, row


def shares(world: World) -> Any:
    """Share under the consent to the clinic; nothing may have gone out if it stops."""
    before = Disclosure.objects.count()
    try:
        with transaction.atomic():
            consent = Consent.objects.get(pk=world.consent.pk)
            return consents.disclose(consent, by=world.leila)
    finally:
        world.went_out = Disclosure.objects.count() - before


def shows_the_ledger(world: World) -> Any:
    return ledger.list_consents(Case.objects.get(pk=world.case.pk))


def asks_whether_it_stands(world: World) -> Any:
    assert world.consent.need_id
    need = Need.objects.select_related("case").get(pk=world.consent.need_id)
    return valid_consents.find_standing(need, [world.clinic], by=world.leila)


def prolongs(world: World) -> Any:
    consent = Consent.objects.get(pk=world.consent.pk)
    with transaction.atomic():
        consents.prolong(
            consent,
            expires_at=timezone.now() + timedelta(days=100),
            language="ar",
            mode=Consent.Mode.SPOKEN,
            given_by=Consent.GivenBy.PERSON,
            interpreter=False,
            understood=True,
            by=world.leila,
        )


USES = [shares, shows_the_ledger, asks_whether_it_stands, prolongs]


@attack(USES, Alteration.CONSENT)
def consent_widened(world: World) -> None:
    row(world).update(fields=["identity.name", "contact.channel", "contact.never"])


@attack([shares, shows_the_ledger, prolongs], Alteration.CONSENT)
def consent_given_to_another_team(world: World) -> None:
    row(world).update(recipient=world.police)


@attack(USES, Alteration.CONSENT)
def consent_made_longer(world: World) -> None:
    row(world).update(expires_at=timezone.now() + timedelta(days=1500))


@attack([shares, shows_the_ledger, prolongs], Alteration.CONSENT)
def consent_moved_to_another_purpose(world: World) -> None:
    row(world).update(purpose=Consent.Purpose.JUSTICE)


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def letters_added_to_a_consent(world: World) -> None:
    row(world).update(along=["note", "handover", "conditions"])


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def conditions_of_a_consent_dropped(world: World) -> None:
    row(world).update(has_conditions=True)


def finds_a_guardian_suspect(world: World) -> Any:
    """Write that a guardian is under suspicion: who answered is looked at again."""
    suspected = {"guardian_suspect": "yes"}
    cases.rewrite(world.fresh(), C.IDENTITY, suspected, replacing=1, by=world.leila)


@attack([shares, asks_whether_it_stands, finds_a_guardian_suspect], Alteration.CONTENT)
def answer_put_in_place_of_another(world: World) -> None:
    other = given.make_consent(
        world.fresh(), to=world.police, by=world.leila, fields=["identity.name"]
    )
    world.seal()
    theirs = world.documents(C.CONTACT, other.document).get()
    mine = world.documents(C.CONTACT, world.consent.document)
    mine.update(sealed=theirs.sealed)


@attack([shares, asks_whether_it_stands, finds_a_guardian_suspect], Alteration.MISSING)
def answer_removed(world: World) -> None:
    world.documents(C.CONTACT, world.consent.document).delete()


@attack([shows_the_ledger], Alteration.CONSENT)
def consent_invented(world: World) -> None:
    made = row(world).get()
    made.pk, made.recipient = generate_uuid7(), world.police
    made.save(force_insert=True)


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def refusal_turned_into_a_yes(world: World) -> None:
    no = consents.refuse(
        world.fresh(),
        recipient=world.police,
        purpose=Consent.Purpose.JUSTICE,
        language="ar",
        by=world.leila,
    )
    world.seal()
    Consent.objects.filter(pk=no.pk).update(
        status="given",
        understood=True,
        fields=["identity.name"],
        expires_at=timezone.now() + timedelta(days=9),
    )
    world.consent = no


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def withdrawal_taken_back(world: World) -> None:
    consents.withdraw(row(world).get(), by=world.huda)
    world.seal()
    row(world).update(status="given", ended_at=None)


@attack([shares, shows_the_ledger], Alteration.CONSENT)
def expiry_taken_back(world: World) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        consents.expire_lapsed()
    world.seal()
    row(world).update(status="given", ended_at=None)


@attack([shares, shows_the_ledger], Alteration.HISTORY, Alteration.CONSENT)
def withdrawal_taken_back_with_its_link(world: World) -> None:
    """Before the log has the link, the row of the copies is what is left of it."""
    consents.withdraw(row(world).get(), by=world.huda)
    world.seal()
    row(world).update(status="given", ended_at=None, fields=["identity.name"])
    links_of(world).last().delete()


@attack(shares, Alteration.CONTENT, Alteration.CONSENT)
def words_that_were_heard_exchanged(world: World) -> None:
    other = given.make_consent(
        world.case,
        to=world.police,
        by=world.leila,
        fields=["identity.name"],
        need=None,
        purpose=Consent.Purpose.JUSTICE,
    )
    theirs = world.documents(C.CONTACT, other.document).get()
    mine = world.documents(C.CONTACT, world.consent.document)
    mine.update(sealed=theirs.sealed)


def recipient_reads(world: World) -> Any:
    found = Disclosure.objects.get(pk=world.shared.pk)
    with transaction.atomic():
        return disclosures.open_disclosure(found, by=world.nurse, purpose="test")


@attack(recipient_reads, Alteration.CONSENT)
def withdrawn_copy_put_back(world: World) -> None:
    """Its rows, keys and all, as they were before she withdrew."""
    rows = [*Disclosure.objects.filter(pk=world.shared.pk)]
    wraps = [*DisclosureWrap.objects.filter(disclosure=world.shared)]
    consents.withdraw(row(world).get(), by=world.huda)
    world.seal()
    Disclosure.objects.bulk_create(rows)
    DisclosureWrap.objects.bulk_create(wraps)


@attack(recipient_reads, Alteration.CONSENT)
def declined_copy_put_back(world: World) -> None:
    wraps = [*DisclosureWrap.objects.filter(disclosure=world.shared)]
    disclosures.take_back(world.shared.pk)
    world.seal()
    Disclosure.objects.update(taken_back_at=None, exposed_at=None)
    DisclosureWrap.objects.bulk_create(wraps, ignore_conflicts=True)


@attack(recipient_reads, Alteration.CONTENT)
def copy_made_to_last_longer(world: World) -> None:
    later = timezone.now() + timedelta(days=900)
    Disclosure.objects.filter(pk=world.shared.pk).update(expires_at=later)
