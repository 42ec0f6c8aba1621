"""A recipient reads exactly the consented fields, from when they are released."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.consent import actions, avoided
from amana.care.consent.models import Consent
from amana.care.consent.payload import CONDITIONS
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures, documents
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Disclosure

from .conftest import agrees

# --- disclosing


def test_the_recipient_reads_exactly_the_consented_fields(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    disclosure = actions.disclose(consent, by=worker)

    read = disclosures.open_disclosure(disclosure, by=shelter_worker, purpose="test")
    assert read == {
        "identity.name": "Zubaida Canary",
        "needs.words": "A bed for tonight",
        "referral.need": "SH2",  # what help is asked for
    }
    assert AuditEvent.objects.filter(did="disclosed", case=consent.case_id).exists()


def test_the_recipient_reads_what_she_asks_of_them(
    case: Case, shelter: Team, worker: User, shelter_worker: User
) -> None:
    consent = agrees(case, to=shelter, by=worker, conditions="Never my brother")

    disclosure = actions.disclose(consent, by=worker)

    ((letter, words),) = disclosures.open_letters(
        disclosure, by=shelter_worker, purpose="test"
    )
    assert letter.name == CONDITIONS
    assert words == {"words": "Never my brother"}


def test_a_consented_field_without_a_value_is_left_out(
    case: Case, shelter: Team, worker: User
) -> None:
    fields = ["needs.words", "needs.disability", "needs.wishes"]
    consent = agrees(case, to=shelter, by=worker, fields=fields)

    assert actions.disclose(consent, by=worker).fields == ["needs.words"]


def test_a_disclosure_of_nothing_is_refused(
    case: Case, shelter: Team, worker: User
) -> None:
    with pytest.raises(Refused, match="None of the information the person agreed to"):
        agrees(case, to=shelter, by=worker, fields=["needs.disability"])
    consent = agrees(case, to=shelter, by=worker, fields=["contact.never"])
    opened = documents.open_documents(case.pk, [C.CONTACT], by=worker, purpose="test")
    revision = opened[C.CONTACT, "record"].revision
    without = {"never": ""}
    cases.rewrite(case, C.CONTACT, without, replacing=revision, by=worker)

    with pytest.raises(Refused, match="None of the information the person agreed to"):
        actions.disclose(consent, by=worker)
    consent.refresh_from_db()
    assert consent.shared_at is None


def test_a_lapsed_consent_discloses_nothing_even_before_the_clock_ran(
    consent: Consent, worker: User
) -> None:
    Consent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(Refused, match="no longer consent"):
        actions.disclose(consent, by=worker)
    assert not Disclosure.objects.exists()


def test_a_stranger_discloses_nothing(consent: Consent, stranger: User) -> None:
    with pytest.raises(Denied):
        actions.disclose(consent, by=stranger)
    assert not Disclosure.objects.exists()


def test_a_stranger_does_not_learn_that_a_consent_has_ended(
    consent: Consent, worker: User, stranger: User
) -> None:
    actions.withdraw(consent, by=worker)

    with pytest.raises(Denied):
        actions.disclose(consent, by=stranger)


@pytest.mark.parametrize(
    "fields", [["contact.never"], ["needs.words", "contact.never"]]
)
def test_an_organisation_to_avoid_is_told_nothing_though_she_agreed_before(
    case: Case, shelter: Team, worker: User, fields: list[str]
) -> None:
    consent = agrees(case, to=shelter, by=worker, fields=fields)
    organisation = shelter.organisation_id
    assert avoided.set_avoided(case, organisation, avoid=True, by=worker)

    with pytest.raises(Refused, match="must be avoided"):
        actions.disclose(consent, by=worker)
    assert not Disclosure.objects.exists()

    avoided.set_avoided(case, organisation, avoid=False, by=worker)
    actions.disclose(consent, by=worker)


def test_an_organisation_that_left_the_mechanism_receives_nothing(
    consent: Consent, worker: User, shelter: Team
) -> None:
    shelter.organisation.admitted_at = None
    shelter.organisation.save()

    with pytest.raises(Refused, match="admitted"):
        actions.disclose(Consent.objects.get(pk=consent.pk), by=worker)


# --- held back until a yes


def test_what_is_held_back_is_shared_from_the_release_on(
    case: Case, shelter: Team, shelter_worker: User, worker: User, consent: Consent
) -> None:
    consent = Consent.objects.select_related("case__team", "recipient").get()
    [copy] = actions.hold_back([consent], by=worker)
    assert Consent.objects.get().shared_at is None
    with pytest.raises(Refused):
        disclosures.open_disclosure(copy, by=shelter_worker, purpose="test")

    released = actions.release(consent, copy.pk, by=shelter_worker)
    assert Consent.objects.get().shared_at
    read = disclosures.open_disclosure(released, by=shelter_worker, purpose="test")
    assert read["identity.name"] == "Zubaida Canary"
    assert actions.close_unused([consent], by=None) == 0
