"""Exactly what was consented to leaves, in the standard's fields, to its recipient."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.consent.tests.conftest import HER, agrees
from amana.design.directory.taxonomy import Exploitation
from amana.exchange.htcds import writing
from amana.exchange.htcds.fields import (
    EXPLOITATION,
    PLACES,
    THREE_LETTERS,
    convert_language,
    list_forms,
)
from amana.exchange.imports.tests.conftest import shared
from amana.trust.access.models import User
from amana.trust.vault.models import Disclosure
from tests.worlds import kept

SAID = {
    "identity_languages": ["ar", "ckb", "fr"],
    "identity_nationality": ["SY"],
    "identity_birth_date": "1994",
    "narrative_exploitation": ["domestic", "debt"],
}
FIELDS = (
    *("identity.name", "identity.sex", "identity.languages", "identity.nationality"),
    *("identity.birth_date", "needs.words", "narrative.exploitation"),
)


@kept
def worker(db: None) -> User:
    return given.make_worker()


@kept
def reader(db: None) -> User:
    return given.make_worker()


@kept
def consent(worker: User, reader: User) -> Consent:
    record = {f"{c}_{name}": v for c, part in HER.items() for name, v in part.items()}
    case = given.make_case(worked_on_by=worker, **record | SAID)
    team = reader.memberships.get().team
    agreed = agrees(case, to=team, by=worker, fields=list(FIELDS))
    consents.disclose(agreed, by=worker)
    return agreed


def address(consent: Consent) -> str:
    shared_with = Disclosure.objects.get(consent=consent.pk)
    return reverse("htcds:record", args=[shared_with.pk])


def taken(consent: Consent, reader: User) -> dict[str, Any]:
    browser = given.sign_in(reader)
    file = given.confirm_export(browser, browser.get(address(consent)))
    assert 'filename="shared-htcds.json"' in file.headers["Content-Disposition"]
    found: dict[str, Any] = json.loads(file.content)
    return found


def test_the_record_holds_what_was_consented_to_and_nothing_else(consent, reader):
    found = taken(consent, reader)

    assert found["fields"] == {
        "con_Consent": True,
        "cas_ReferringOrganisation": consent.case.team.organisation.name,
        "cas_ReferredOrganisation": consent.recipient.organisation.name,
        "cas_IncomingReferralDate": found["fields"]["cas_IncomingReferralDate"],
        "cas_ReasonForIncomingReferral": "AdditionalServicesRequired",
        "prs_FirstName": "Zubaida Canary",
        "prs_Gender": "Feminine",
        "prs_PrimaryLanguage": "ara",
        "prs_SecondaryLanguage": "ckb",
        "prs_Citizenship": ["SY"],
        "cas_IncomingReferralDetails": "A bed for tonight",
        "vic_TypeOfExploitation": ["Other", "Servitude"],
    }
    assert found["without_a_field"] == {
        "referral.need": "SH2",
        "identity.birth_date": "1994",
        "identity.languages": ["ar", "ckb", "fr"],
        "narrative.exploitation": ["domestic", "debt"],
    }
    for part in HER.values():
        for word in ("passport", "Asthma", "+000", "Never call"):
            assert word not in json.dumps(found), part


def test_only_the_recipient_takes_it_and_only_until_it_is_withdrawn(
    consent, worker, reader
):
    there, stranger = address(consent), given.make_worker()
    for browser in (given.sign_in(worker), given.sign_in(stranger)):
        assert browser.get(there).status_code == 404
    assert Client().get(there).status_code in (302, 404)
    assert given.sign_in(reader).get(there).status_code == 200

    consents.withdraw(consent, by=worker)

    assert given.sign_in(reader).get(there).status_code == 404


def test_a_file_says_why_on_which_conditions_and_by_which_reference(worker, reader):
    record = {f"{c}_{name}": v for c, part in HER.items() for name, v in part.items()}
    case = given.make_case(worked_on_by=worker, **record)
    team = reader.memberships.get().team
    asks = "Never by telephone"
    agreed = agrees(case, to=team, by=worker, fields=list(FIELDS), conditions=asks)
    consents.disclose(agreed, by=worker)

    found = taken(agreed, reader)
    assert found["reference"] == case.reference
    assert found["purpose"] == agreed.purpose
    assert found["conditions"] == ["Never by telephone"]
    assert found["consent"]["text_version"] == agreed.text_version
    assert found["consent"]["language"] == agreed.language
    assert "whole name" in found["notes"][0]


def test_a_referral_leaves_on_both_sides_where_they_may_read_it(worker, reader):
    case = given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    service = given.make_service(of=reader.memberships.get().team)
    referral = given.make_referral(need=case.needs.get(), to=service, by=worker)
    there = reverse("htcds:referral", args=[referral.pk])

    for user in (worker, reader):
        browser = given.sign_in(user)
        found = json.loads(given.confirm_export(browser, browser.get(there)).content)
        assert found["fields"]["prs_FirstName"] == "Zubaida Canary"
        assert found["reference"] == case.reference
        assert found["without_a_field"]["referral.urgency"] == referral.urgency
        assert found["without_a_field"]["referral.need"] == "SH2"
    assert given.sign_in(given.make_worker()).get(there).status_code == 404

    consents.withdraw(referral.agreed, by=worker)
    for user in (worker, reader):
        answer = given.sign_in(user).get(there)
        assert "Zubaida" not in answer.content.decode()
        assert answer.status_code == 409


def test_taking_it_stands_in_the_persons_access_list(consent, reader):
    from amana.trust.audit.models import AuditEvent

    taken(consent, reader)
    event = AuditEvent.objects.filter(did="opened disclosure").latest("pk")
    assert (event.purpose, event.case) == ("taken as HTCDS", consent.case_id)


def test_every_name_and_code_is_the_standards():
    standard = json.loads(shared("htcds/htcds_2.0_fields.json").read_text())
    known = {field["name"]: set(field["values"]) for field in standard}

    for places in PLACES.values():
        assert {place.name for place in places} <= known.keys()
    own = set(writing.REASONS.values()) | {"Other"}
    assert own <= known["cas_ReasonForIncomingReferral"]
    assert "cas_ReferredOrganisation" in known
    types = known["vic_TypeOfExploitation"]
    assert set(EXPLOITATION.values()) <= types
    assert set(list_forms(Exploitation.values)) <= types
    [gender] = PLACES["identity.sex"]
    for code in ("female", "male", "other"):
        assert gender.said(code) in known["prs_Gender"]


@pytest.mark.parametrize(("ours", "theirs"), [("fr", "fra"), ("ckb", "ckb")])
def test_a_language_has_three_letters(ours, theirs):
    assert convert_language(ours) == theirs


def test_languages_are_those_of_a_peer():
    import pycountry

    theirs = {
        language.alpha_2: language.alpha_3
        for language in pycountry.languages
        if hasattr(language, "alpha_2")
    }
    assert theirs == THREE_LETTERS
