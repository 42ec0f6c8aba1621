"""What another body signs of a certificate is recorded by two people, and checked."""

import copy
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.credentials import actions, checking, endorsing, signing
from amana.academy.credentials.engine import endorsements, issuers
from amana.academy.credentials.engine.canonical import Json
from amana.academy.credentials.engine.proofs import sign
from amana.academy.credentials.engine.tests.making import OURS, THEIRS, Pair
from amana.academy.credentials.engine.verdicts import VerificationOutcome
from amana.academy.credentials.models import Achievement, Certificate, Endorsement
from amana.academy.credentials.tests.conftest import MET, defined
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.ui.once import make_form_key

BODY = "did:web:university.example"
AT = "2026-01-01T00:00:00Z"
DID_DOCUMENT = json.dumps(issuers.build_did_document(BODY, [THEIRS.public])).encode()


def own_did(pair: Pair) -> str:
    return f"did:key:{pair.public.multikey}"


def endorsed(
    achievement: Achievement, *, issuer: str = BODY, pair: Pair = THEIRS, **said: str
) -> Json:
    whole = {
        "id": "urn:uuid:7b0e4a0e-5d3c-4a3f-9a55-0a8cf3b3f0a1",
        "issuer": issuer,
        "issuer_name": "University of Examples",
        "subject": actions.convert_achievement(achievement).address,
        "comment": "We accredit this with five credits.",
        "valid_from": AT,
        "valid_until": "",
    }
    document = endorsements.build_endorsement(**whole | said)
    return sign(document, pair.proof, f"{issuer}#{pair.public.multikey}", AT)


def propose(achievement, document, by, keys=DID_DOCUMENT):
    return endorsing.propose_endorsement(
        achievement,
        json.dumps(document).encode(),
        keys,
        compared="Read out by the registrar.",
        by=by,
    )


def recorded(achievement, coordinator, trainer, **said):
    found = propose(achievement, endorsed(achievement, **said), coordinator)
    endorsing.sign(found, by=trainer)
    return found


def check(document):
    verdict = checking.check_certificate(json.dumps(document).encode())
    assert verdict.says, verdict
    return endorsing.check_embedded(verdict.says.endorsements)


def test_two_people_record_one_and_new_certificates_hold_it(
    achievement, coordinator, trainer, learner
):
    before = actions.issue(achievement, given.make_worker(), levels=MET)
    found = propose(achievement, endorsed(achievement), coordinator)
    with pytest.raises(PermissionDenied):
        endorsing.sign(found, by=coordinator)
    waits = actions.issue(achievement, given.make_worker(), levels=MET)
    endorsing.sign(found, by=trainer)

    after = actions.issue(achievement, learner, levels=MET)

    assert "endorsement" not in before.document
    assert "endorsement" not in waits.document
    assert after.document["endorsement"] == [found.document]
    [shown] = check(after.document)
    assert (shown.issuer_name, shown.in_force) == ("University of Examples", True)
    for shape in (after.document, after.compact):
        verdict = checking.check_certificate(json.dumps(shape).encode())
        assert verdict.outcome is VerificationOutcome.VALID
    token = checking.check_certificate(after.token.encode())
    assert token.outcome is VerificationOutcome.VALID


def test_a_forged_endorsement_is_found(achievement, coordinator):
    whole = endorsed(achievement)
    altered = copy.deepcopy(whole)
    altered["credentialSubject"]["endorsementComment"] = "We accredit all of it."
    stray = whole | {"grade": "A"}
    by_another = endorsed(achievement, pair=OURS)
    of_another = endorsed(achievement, subject="https://elsewhere.example/for/x/1")
    unsigned = {name: value for name, value in whole.items() if name != "proof"}
    certificate = whole | {"type": ["VerifiableCredential", "OpenBadgeCredential"]}
    forged = [altered, stray, by_another, of_another, unsigned, certificate]

    for document in forged:
        with pytest.raises(Refused):
            propose(achievement, document, coordinator)

    assert not Endorsement.objects.exists()
    assert propose(achievement, whole, coordinator)


def test_a_key_of_another_body_signs_nothing_in_its_name(achievement, coordinator):
    other = issuers.build_did_document("did:web:other.example", [THEIRS.public])
    named_so = json.loads(DID_DOCUMENT)
    named_so["verificationMethod"][0]["controller"] = "did:web:other.example"
    for keys in (b"", json.dumps(other).encode(), json.dumps(named_so).encode()):
        with pytest.raises(Refused):
            propose(achievement, endorsed(achievement), coordinator, keys)


def test_a_body_whose_id_is_its_key_needs_no_other_file(achievement, coordinator):
    document = endorsed(achievement, issuer=own_did(THEIRS))
    found = propose(achievement, document, coordinator, b"")
    assert found.multikey == THEIRS.public.multikey

    named = endorsed(achievement, issuer=own_did(THEIRS), pair=OURS)
    with pytest.raises(Refused):
        propose(achievement, named, coordinator, b"")


def test_an_endorsement_that_is_changed_inside_a_certificate_is_found(
    achievement, coordinator, trainer, learner
):
    recorded(achievement, coordinator, trainer)
    whole = actions.issue(achievement, learner, levels=MET)
    document = copy.deepcopy(whole.document)
    inner = document["endorsement"][0]
    inner["credentialSubject"]["endorsementComment"] = "Ten credits."

    verdict = checking.check_certificate(json.dumps(document).encode())
    assert verdict.outcome is VerificationOutcome.ALTERED
    # Signed again by our own key, as someone who stole it would: the body's is missing.
    pair = signing.load_pair(whole.key)
    body = {name: value for name, value in document.items() if name != "proof"}
    [shown] = check(pair.sign(body, timezone.now()))
    assert shown.state == endorsing.FORGED
    inner["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"
    body = {name: value for name, value in document.items() if name != "proof"}
    [shown] = check(pair.sign(body, timezone.now()))
    assert shown.state == endorsing.UNKNOWN


def test_an_id_that_another_body_uses_too_changes_nothing(
    achievement, coordinator, trainer, learner
):
    recorded(achievement, coordinator, trainer)
    whole = actions.issue(achievement, learner, levels=MET)
    body = own_did(OURS)
    another = defined(coordinator, version=2)
    document = endorsed(another, issuer=body, pair=OURS)
    found = propose(another, document, coordinator, keys=b"")
    endorsing.sign(found, by=trainer)
    [shown] = check(whole.document)
    assert shown.state == endorsing.IN_FORCE


@pytest.mark.parametrize("name", ["grade", "@context", "https://schema.org/name"])
def test_nothing_unsigned_is_added_to_an_endorsement_inside(
    name, achievement, coordinator, trainer, learner
):
    recorded(achievement, coordinator, trainer)
    document = actions.issue(achievement, learner, levels=MET).document
    document["endorsement"][0][name] = {"grade": "https://schema.org/name"}

    verdict = checking.check_certificate(json.dumps(document).encode())

    assert verdict.says is None


def test_one_that_was_revoked_or_is_over_is_named_so(
    achievement, coordinator, trainer, learner
):
    soon = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = recorded(achievement, coordinator, trainer, valid_until=soon)
    document = actions.issue(achievement, learner, levels=MET).document
    after = timezone.now() + timedelta(days=2)
    assert endorsing.show_endorsement(found, after).state == endorsing.EXPIRED

    revoked = Endorsement.EndReason.REVOKED
    endorsing.end(found, reason=revoked, by=coordinator)

    [shown] = check(document)
    assert shown.state == endorsing.REVOKED
    with pytest.raises(PermissionDenied):
        endorsing.end(found, reason=revoked, by=coordinator)
    later = actions.issue(achievement, given.make_worker(), levels=MET)
    assert "endorsement" not in later.document
    # The same file can be recorded again, by two.
    assert propose(achievement, found.document, coordinator)


def test_one_is_declined_withdrawn_or_known_already(achievement, coordinator, trainer):
    found = propose(achievement, endorsed(achievement), coordinator)
    with pytest.raises(Refused, match="already recorded"):
        propose(achievement, endorsed(achievement), coordinator)
    with pytest.raises(PermissionDenied):
        endorsing.withdraw(found, by=trainer)
    endorsing.decline(found, by=trainer)
    with pytest.raises(PermissionDenied):
        endorsing.sign(found, by=trainer)
    again = propose(achievement, endorsed(achievement), coordinator)
    endorsing.withdraw(again, by=coordinator)
    over = endorsed(achievement, valid_until="2026-02-01T00:00:00Z")
    with pytest.raises(Refused, match="over"):
        propose(achievement, over, coordinator)


def test_who_does_not_attest_records_nothing(achievement, trainer, stranger):
    for person in (trainer, stranger):
        with pytest.raises(PermissionDenied):
            propose(achievement, endorsed(achievement), person)


def test_one_academy_signs_and_another_records_it(
    achievement, coordinator, capsys, settings
):
    address = actions.convert_achievement(achievement).address
    settings.ADDRESS = "https://other.example"
    call_command("credential", "endorse", address, "We recognise it.")
    document = json.loads(capsys.readouterr().out)
    keys = json.dumps(signing.build_did_document()).encode()
    settings.ADDRESS = address.partition("/certificates")[0]

    found = propose(achievement, document, coordinator, keys)

    assert found.issuer == "did:web:other.example"
    itself = endorsed(achievement, issuer=signing.get_issuer())
    keys = json.dumps(
        issuers.build_did_document(signing.get_issuer(), [THEIRS.public])
    ).encode()
    with pytest.raises(Refused, match="this academy itself"):
        propose(achievement, itself, coordinator, keys)


# --- the pages


def upload(browser, achievement, document):
    sent = {
        "achievement": achievement.pk,
        "file": SimpleUploadedFile("e.json", json.dumps(document).encode()),
        "keys": SimpleUploadedFile("did.json", DID_DOCUMENT),
        "compared": "By telephone.",
    }
    return browser.post(reverse("credentials:new_endorsement"), sent | make_form_key())


def test_the_way_of_an_endorsement_over_the_pages(
    achievement, coordinator, trainer, learner, client
):
    first, second = given.sign_in(coordinator), given.sign_in(trainer)
    upload(first, achievement, endorsed(achievement))
    found = Endorsement.objects.get()
    page = reverse("credentials:endorsement", args=[found.pk])
    assert "Compare the key yourself" not in first.get(page).content.decode()
    assert "Compare the key yourself" in second.get(page).content.decode()
    decide = reverse("credentials:decide_endorsement", args=[found.pk, "sign"])
    assert second.post(decide, make_form_key()).status_code == 302
    certificate = actions.issue(achievement, learner, levels=MET)

    public = reverse("credentials:achievement", args=[achievement.code, 1])
    verify = reverse("credentials:verify")
    own = reverse("credentials:certificate", args=[certificate.pk])
    sent = {"text": json.dumps(certificate.document)}
    holder = given.sign_in(learner)
    for shown in (client.get(public), client.post(verify, sent), holder.get(own)):
        assert "University of Examples" in shown.content.decode()
        assert "In force" in shown.content.decode()
    end = reverse("credentials:end_endorsement", args=[found.pk])
    assert first.post(end, make_form_key()).status_code == 422
    first.post(end, {"reason": "revoked"} | make_form_key())
    for shown in (client.get(public), client.post(verify, sent), holder.get(own)):
        assert "Revoked by the body" in shown.content.decode()
    listed = first.get(reverse("credentials:endorsements")).content.decode()
    assert "The body has revoked it" in listed


def test_a_course_shows_no_endorsement_of_an_older_version(
    achievement, coordinator, trainer
):
    recorded(achievement, coordinator, trainer)
    other = defined(coordinator, code="other")
    recorded(other, coordinator, trainer, id="urn:example:other")
    codes = [achievement.code, other.code]
    assert len(endorsing.list_endorsements(codes)) == 2

    newer = defined(coordinator, version=2)
    assert len(endorsing.list_endorsements(codes)) == 1
    recorded(newer, coordinator, trainer, id="urn:example:newer")
    assert len(endorsing.list_endorsements(codes)) == 2
    assert len(endorsing.list_endorsements([other.code])) == 1


def test_a_forged_file_is_refused_with_a_sentence(achievement, coordinator):
    browser = given.sign_in(coordinator)
    altered = endorsed(achievement) | {"name": "Other"}

    answer = upload(browser, achievement, altered)

    assert answer.status_code == 409
    assert "something in it was changed" in answer.content.decode()
    assert Certificate.objects.count() == 0


@pytest.mark.parametrize("name", ["endorsements", "new_endorsement"])
def test_a_stranger_finds_no_endorsements(name, stranger, trainer):
    assert (
        given.sign_in(stranger).get(reverse(f"credentials:{name}")).status_code == 404
    )
    colleague = given.sign_in(given.make_worker(role=Role.TRAINER))
    found = colleague.get(reverse(f"credentials:{name}")).status_code
    assert found == (200 if name == "endorsements" else 404)


def test_a_certificate_holds_no_more_than_it_can(achievement, coordinator, trainer):
    for number in range(endorsing.MOST):
        recorded(achievement, coordinator, trainer, id=f"urn:example:{number}")
    one_more = endorsed(achievement, id="urn:example:last")
    found = propose(achievement, one_more, coordinator)
    with pytest.raises(Refused, match="as many"):
        endorsing.sign(found, by=trainer)
    certificate = actions.issue(achievement, given.make_worker(), levels=MET)
    assert len(check(certificate.document)) == endorsing.MOST
