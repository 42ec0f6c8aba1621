import io
import json
import logging
import zipfile

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from amana import given
from amana.academy.credentials import actions, checking, signing
from amana.academy.credentials.engine.verdicts import VerificationOutcome
from amana.academy.credentials.models import Attestation, Certificate
from amana.academy.credentials.paper import badge_pictures, sheet
from amana.academy.credentials.tests.conftest import MET, proposed
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key

VERIFY = reverse("credentials:verify")


def address(name: str, certificate: Certificate, *more: str) -> str:
    return reverse(f"credentials:{name}", args=[certificate.pk, *more])


# --- who sees what


def test_i_see_my_certificates_and_nobody_elses(certificate, learner, stranger):
    page = reverse("credentials:mine")

    assert b"Practitioner" in given.sign_in(learner).get(page).content
    assert b"Practitioner" not in given.sign_in(stranger).get(page).content


@pytest.mark.parametrize("name", ["certificate", "revoke"])
def test_a_stranger_finds_no_certificate(certificate, stranger, name):
    response = given.sign_in(stranger).get(address(name, certificate))
    assert response.status_code == 404


@pytest.mark.parametrize("format", ["pdf", "png", "svg", "json", "jwt", "zip"])
def test_only_its_holder_takes_the_files(certificate, coordinator, stranger, format):
    for person in (coordinator, stranger):
        response = given.sign_in(person).get(address("file", certificate, format))
        assert response.status_code == 404


@pytest.mark.parametrize("format", ["png", "svg", "json", "jwt"])
def test_each_file_holds_the_whole_certificate(certificate, learner, format):
    response = given.sign_in(learner).get(address("file", certificate, format))

    assert response.headers["Content-Disposition"].startswith("attachment")
    assert (
        checking.check_certificate(response.content).outcome
        == VerificationOutcome.VALID
    )


def test_a_coordinator_revokes_with_a_reason(certificate, coordinator):
    browser = given.sign_in(coordinator)
    listed = browser.get(reverse("credentials:issued"))
    assert b"Amina Learner" in listed.content
    assert (
        browser.post(address("revoke", certificate), make_form_key()).status_code == 422
    )

    browser.post(
        address("revoke", certificate), make_form_key() | {"reason": "mistake"}
    )

    certificate.refresh_from_db()
    assert certificate.revoked_at
    page = browser.get(address("certificate", certificate)).content
    assert b"This certificate was revoked" in page


def test_the_list_costs_the_same_for_one_and_for_many(
    certificate, achievement, coordinator, django_assert_max_num_queries
):
    browser = given.sign_in(coordinator)
    with django_assert_max_num_queries(40) as one:
        browser.get(reverse("credentials:issued"))
    for _ in range(8):
        actions.issue(achievement, given.make_user(), levels=MET)

    with django_assert_max_num_queries(len(one)):
        browser.get(reverse("credentials:issued"))


def test_two_people_certify_somebody_by_exception(
    achievement, coordinator, learner, trainer
):
    browser = given.sign_in(coordinator)
    page = reverse("credentials:attest", args=[achievement.pk])
    said = {"email": learner.email, "named": "on", "level-consent": "met"}
    said |= {"reason": "She led three referrals in the workshop of May."}
    listed = browser.get(reverse("credentials:awards"))
    assert page.encode() in listed.content

    for wrong in (
        *({}, {"email": "nobody@example.org"}, {"level-consent": "best"}),
        {"reason": " "},
    ):
        answer = browser.post(page, make_form_key() | (said | wrong if wrong else {}))
        assert answer.status_code == 422
    answer = browser.post(page, make_form_key() | said | {"level-consent": "absent"})
    assert answer.status_code == 409
    browser.post(page, make_form_key() | said)
    attestation = Attestation.objects.get()
    page = reverse("credentials:attestation", args=[attestation.pk])
    sign = reverse("credentials:decide", args=[attestation.pk, "sign"])
    assert sign not in browser.get(page).content.decode()
    assert browser.post(sign, make_form_key()).status_code == 403
    assert not Certificate.objects.exists()

    second = given.sign_in(trainer)
    today = second.get(reverse("home:today")).content.decode()
    assert "Sign an attestation, or decline it" in today
    assert page in second.get(reverse("credentials:issued")).content.decode()
    assert sign in second.get(page).content.decode()
    own = given.sign_in(learner)
    assert page in own.get(reverse("credentials:mine")).content.decode()
    second.post(sign, make_form_key())

    found = Certificate.objects.get(learner=learner)
    assert found.attestation == attestation
    assert "Amina" in badge_pictures.write_json(found)
    assert "Signed by two people" in own.get(page).content.decode()
    whole = own.get(address("certificate", found)).content.decode()
    assert "(attested)" in whole
    assert "three referrals" in whole


@pytest.mark.parametrize(
    ("decision", "status"), [("decline", "declined"), ("withdraw", "withdrawn")]
)
def test_what_is_declined_or_withdrawn_certifies_nobody(
    achievement, coordinator, learner, trainer, stranger, decision, status
):
    attestation = proposed(achievement, learner, coordinator)
    to = reverse("credentials:decide", args=[attestation.pk, decision])
    by = trainer if decision == "decline" else coordinator

    assert given.sign_in(stranger).post(to, make_form_key()).status_code == 404
    given.sign_in(by).post(to, make_form_key())
    attestation.refresh_from_db()
    assert attestation.status == status
    sign = reverse("credentials:decide", args=[attestation.pk, "sign"])
    assert given.sign_in(trainer).post(sign, make_form_key()).status_code in (403, 404)
    assert not Certificate.objects.exists()


def test_a_stranger_certifies_nobody(achievement, stranger):
    browser = given.sign_in(stranger)
    page = reverse("credentials:attest", args=[achievement.pk])

    assert browser.get(page).status_code == 404
    listed = browser.get(reverse("credentials:awards"))
    assert b"Practitioner" not in listed.content


# --- on paper


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_printed_certificate_is_one_sheet_with_the_name_on_it(
    certificate, language
):
    with translation.override(language):
        printed = pypdfium2.PdfDocument(sheet.write_pdf(certificate))

    words = printed[0].get_textpage().get_text_bounded()
    assert len(printed) == 1
    assert {"Amina", "Learner"} <= set(words.split())
    # Our reader gives what stands in an Arabic sheet from right to left.
    assert language == "ar" or certificate.key.multikey in words


def test_a_camera_reads_the_square_on_paper_and_opens_our_page(certificate, settings):
    """At 150 dpi, as a poor printer and an old camera leave it: ZXing, as phones have
    it."""
    page = pypdfium2.PdfDocument(sheet.write_pdf(certificate))[0]
    [found] = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_numpy())

    assert found.text.startswith(f"{settings.ADDRESS}/certificates/check#")
    verdict = checking.check_certificate(found.text.encode())
    assert verdict.outcome == VerificationOutcome.VALID


def test_the_picture_shows_nobody(certificate):
    assert "Amina" not in str(badge_pictures.build_badge_data(certificate))


def test_the_bundle_has_all_that_is_needed_without_a_network(certificate, learner):
    response = given.sign_in(learner).get(address("file", certificate, "zip"))

    bundle = zipfile.ZipFile(io.BytesIO(response.content))
    assert {"certificate.json", "did.json", "revoked.json", "verify.html"} <= set(
        bundle.namelist()
    )
    assert (
        checking.check_certificate(bundle.read("certificate.json")).outcome
        == VerificationOutcome.VALID
    )


# --- for anybody


def test_anybody_checks_a_certificate_and_nothing_is_written_down(
    certificate, caplog, django_assert_num_queries
):
    caplog.set_level(logging.DEBUG)
    before = AuditEvent.objects.count()
    file = SimpleUploadedFile("c.json", badge_pictures.write_json(certificate).encode())

    response = Client().post(VERIFY, {"file": file})

    assert b"This certificate is valid" in response.content
    assert b"Amina Learner" in response.content
    assert AuditEvent.objects.count() == before
    assert str(certificate.pk) not in caplog.text
    assert "Amina" not in caplog.text
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", b"could not be read"),
        ("hello", b"could not be read"),
        ("", b"Choose a file"),
    ],
)
def test_what_can_not_be_read_is_said_in_words(db, text, said):
    assert said in Client().post(VERIFY, {"text": text}).content


def test_a_forged_and_an_altered_one_are_told_apart(certificate):
    forged = certificate.document | {"issuer": "did:web:evil.example"}
    altered = certificate.document | {"name": "Best of all"}

    def page(document):
        return Client().post(VERIFY, {"text": json.dumps(document)}).content

    assert b"not signed by the issuer" in page(forged)
    assert b"This certificate was altered" in page(altered)
    assert b"Amina" not in page(forged) + page(altered)


def test_our_keys_and_the_list_are_there_for_verifiers_in_any_browser(certificate):
    keys = Client().get("/.well-known/did.json")
    listed = Client().get(certificate.document["credentialStatus"]["id"])

    for response in (keys, listed):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert keys.json()["id"] == signing.get_issuer()
    assert certificate.document["proof"]["verificationMethod"] in keys.content.decode()
    assert listed.json()["type"][1] == "BitstringStatusListCredential"


def test_the_list_comes_as_a_token_too(certificate):
    response = Client().get(
        reverse("credentials:revoked", args=[1]),
        headers={"accept": "application/vc+jwt"},
    )

    assert response.headers["Content-Type"] == "application/vc+jwt"
    assert response.content.count(b".") == 2


def test_there_is_no_list_before_the_first_certificate(db):
    assert Client().get(reverse("credentials:revoked", args=[1])).status_code == 404


def test_what_can_be_certified_is_public(achievement):
    page = (
        Client()
        .get(reverse("credentials:achievement", args=["practitioner", 1]))
        .content
    )
    missing = reverse("credentials:achievement", args=["practitioner", 2])

    assert b"Six modules" in page
    assert b"Consent before sharing" in page
    assert Client().get(missing).status_code == 404


def test_the_page_that_works_without_a_network_asks_for_nothing(certificate):
    page = Client().get(reverse("credentials:verifier")).content.decode()

    assert certificate.key.multikey in page
    assert "default-src 'none'" in page
    assert "<link" not in page
    assert " src=" not in page.replace("jsonld", "")[:2000]


def test_a_certificate_whose_key_was_taken_out_says_so_and_not_that_it_expired(
    certificate, learner
):
    actions.stop_trusting_key(certificate.key, by=None)

    listed = given.sign_in(learner).get("/certificates/").content.decode()
    page = given.sign_in(learner).get(f"/certificates/{certificate.pk}/")

    assert "Key not trusted" in listed
    assert "Expired" not in listed
    assert "The key that signed it is no longer trusted" in page.content.decode()
