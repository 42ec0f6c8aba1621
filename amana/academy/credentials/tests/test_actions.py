import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana import given
from amana.academy.credentials import actions, certificates, checking, signing
from amana.academy.credentials.engine.documents import Evidence
from amana.academy.credentials.engine.verdicts import (
    VerificationOutcome,
    VerificationVerdict,
)
from amana.academy.credentials.events import certificate_issued, certificate_revoked
from amana.academy.credentials.models import Certificate, IssuerKey
from amana.academy.credentials.paper.badge_pictures import write_json
from amana.academy.credentials.tests.conftest import MET, RUBRIC, defined
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import EVERYTHING, NOTHING
from amana.trust.audit.models import AuditEvent

MISTAKE = Certificate.Reason.MISTAKE


def judged(certificate: Certificate) -> VerificationVerdict:
    return checking.check_certificate(write_json(certificate).encode())


def events(did: str):
    return AuditEvent.objects.filter(did=did)


def test_what_is_issued_is_valid_and_was_looked_up_today(certificate):
    found = judged(certificate)

    assert found.outcome == VerificationOutcome.VALID
    assert found.listed_at is not None
    assert found.listed_at.date() == timezone.now().date()
    assert found.says is not None
    assert found.says.name == "Amina Learner"
    assert found.says.levels == (("Consent before sharing", "Met"),)
    assert (
        checking.check_certificate(certificate.token.encode()).outcome
        == VerificationOutcome.VALID
    )


def test_issuing_leaves_one_event_without_a_name(certificate):
    event = events("issued certificate").get()

    assert event.actor == "system"
    assert event.thing == f"credentials.certificate:{certificate.pk}"
    assert "Amina" not in str(event.auditdetail.details)


def test_a_revoked_certificate_is_told_from_the_moment_it_is_revoked(
    certificate, coordinator
):
    actions.revoke(certificate, reason=MISTAKE, by=coordinator)

    assert judged(certificate).outcome == VerificationOutcome.REVOKED
    assert events("revoked certificate").count() == 1
    with pytest.raises(Refused, match="already"):
        actions.revoke(certificate, reason=MISTAKE, by=coordinator)


def test_another_certificate_is_not_revoked_with_it(
    certificate, achievement, stranger, coordinator
):
    other = actions.issue(achievement, stranger, levels=MET)

    actions.revoke(certificate, reason=MISTAKE, by=coordinator)

    assert judged(other).outcome == VerificationOutcome.VALID


def test_others_are_told(achievement, learner, coordinator):
    told = []

    def listen(certificate, **_more):
        told.append(certificate)

    certificate_issued.connect(listen)
    certificate_revoked.connect(listen)
    found = actions.issue(achievement, learner, levels=MET)
    actions.revoke(found, reason=MISTAKE, by=coordinator)

    assert told == [found, found]


def test_only_who_may_says_what_can_be_certified(stranger):
    with pytest.raises(PermissionDenied):
        defined(stranger)


def test_a_version_of_an_achievement_is_defined_once(achievement, coordinator):
    with pytest.raises(Refused, match="a new one"):
        defined(coordinator)
    assert defined(coordinator, version=2).version == 2


def test_only_who_may_revokes(certificate, stranger, learner):
    for person in (stranger, learner):
        with pytest.raises(PermissionDenied):
            actions.revoke(certificate, reason=MISTAKE, by=person)
    assert judged(certificate).outcome == VerificationOutcome.VALID


@pytest.mark.parametrize(
    "levels", [{}, {"consent": "absent"}, {"consent": "best"}, MET | {"more": "met"}]
)
def test_each_criterion_is_assessed_and_reached(
    achievement, learner, coordinator, levels
):
    with pytest.raises(Refused):
        actions.issue(achievement, learner, levels=levels)


def test_a_certificate_is_renewed_only_near_its_end(
    certificate, achievement, learner, coordinator
):
    with pytest.raises(Refused, match="already"):
        actions.issue(achievement, learner, levels=MET)

    with time_machine.travel(timezone.now() + timedelta(days=36 * 30 - 20)):
        again = actions.issue(achievement, learner, levels=MET)

    assert again.valid_until > certificate.valid_until


def test_a_certificate_is_in_force_until_it_ends(certificate, learner):
    assert certificates.filter_by_certificate(learner, "practitioner") == EVERYTHING
    assert not certificates.is_ending_soon(learner, "practitioner")

    with time_machine.travel(certificate.valid_until - timedelta(days=10)):
        assert certificates.is_ending_soon(learner, "practitioner")
    with time_machine.travel(certificate.valid_until + timedelta(seconds=1)):
        assert certificates.filter_by_certificate(learner, "practitioner") == NOTHING
        assert judged(certificate).outcome == VerificationOutcome.EXPIRED


def test_a_revoked_certificate_is_not_in_force(certificate, learner, coordinator):
    actions.revoke(certificate, reason=MISTAKE, by=coordinator)

    assert certificates.filter_by_certificate(learner, "practitioner") == NOTHING
    assert certificates.filter_by_certificate(learner, "other") == NOTHING


def test_the_end_falls_on_a_day_that_the_month_has():
    start = datetime(2026, 1, 31, tzinfo=timezone.get_default_timezone())

    assert actions._months_after(start, 1).day == 28
    assert actions._months_after(start, 3).day == 30
    assert actions._months_after(start, 36).year == 2029


def test_without_a_name_the_certificate_says_none(achievement, learner, coordinator):
    evidence = [Evidence("Exercise", "simulation", "ab" * 32, "Three invented cases.")]
    found = actions.issue(
        achievement,
        learner,
        levels=MET,
        named=False,
        evidence=evidence,
    )

    assert "Amina" not in write_json(found)
    assert learner.email not in write_json(found)
    assert judged(found).outcome == VerificationOutcome.VALID


def test_two_things_of_one_name_and_result_can_be_signed(achievement, learner):
    twice = [Evidence("Test", "test", "", "18 of 20.")] * 2
    found = actions.issue(achievement, learner, levels=MET, evidence=twice)

    said = judged(found).says
    assert said is not None
    assert said.evidence == (("Test", "18 of 20."),) * 2


def test_a_pseudonym_stands_in_the_place_of_the_name(achievement, learner, coordinator):
    found = actions.issue(
        achievement, learner, levels=MET, named=False, pseudonym="Jasmine"
    )

    assert "Amina" not in write_json(found)
    said = judged(found).says
    assert said is not None
    assert said.name == "Jasmine"


def test_what_a_course_certifies_by_itself_no_one_attested(achievement, learner):
    found = actions.issue(achievement, learner, levels=MET)

    assert found.attestation is None
    assert judged(found).outcome == VerificationOutcome.VALID
    assert events("issued certificate").get().actor == "system"


# --- keys


def test_the_secret_keys_lie_in_files_for_our_eyes_only(certificate):
    file = signing.build_key_path(certificate.key.multikey)

    assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
    secrets = file.read_text().split()
    assert len(secrets) == 2
    stored = str(list(IssuerKey.objects.values()))
    assert not any(secret in stored for secret in secrets)


def test_a_replaced_key_goes_on_holding(
    certificate, achievement, stranger, coordinator
):
    new = actions.make_key(by=None)

    later = actions.issue(achievement, stranger, levels=MET)

    assert certificate.key != later.key == new
    assert judged(certificate).outcome == VerificationOutcome.VALID
    assert judged(later).outcome == VerificationOutcome.VALID


def test_what_a_stolen_key_signed_is_forged_and_is_issued_again(
    certificate, achievement, learner, coordinator
):
    actions.make_key(by=None)

    actions.stop_trusting_key(certificate.key, by=None)

    assert judged(certificate).outcome == VerificationOutcome.FORGED
    assert certificates.filter_by_certificate(learner, "practitioner") == NOTHING
    assert not Certificate.objects.for_list().get().is_in_force()
    again = actions.issue(achievement, learner, levels=MET)
    assert judged(again).outcome == VerificationOutcome.VALID
    assert certificates.filter_by_certificate(learner, "practitioner") == EVERYTHING
    assert again.is_in_force()
    with pytest.raises(Refused, match="already"):
        actions.stop_trusting_key(certificate.key, by=None)


def test_the_last_key_that_signs_is_followed_by_another(certificate):
    actions.stop_trusting_key(certificate.key, by=None)

    listed = signing.get_signed_list(certificate.listed_in)
    new = IssuerKey.objects.signing().get()
    assert new != certificate.key
    assert listed["proof"]["verificationMethod"].endswith(new.multikey)


def test_only_administrators_change_keys(certificate, stranger):
    administrator = given.make_worker(role=Role.ADMINISTRATOR)

    with pytest.raises(PermissionDenied):
        actions.make_key(by=stranger)
    with pytest.raises(PermissionDenied):
        actions.stop_trusting_key(certificate.key, by=stranger)
    actions.stop_trusting_key(actions.make_key(by=administrator), by=administrator)
    assert events("made certificate key").count() == 3  # one in place of the last
    assert events("distrusted certificate key").count() == 1


def test_without_its_key_the_machine_says_what_to_do(
    certificate, achievement, stranger, coordinator
):
    signing.build_key_path(certificate.key.multikey).unlink()
    signing.read_pair.cache_clear()

    held = judged(certificate)
    assert (held.outcome, held.listed_at) == (VerificationOutcome.VALID, None)
    with pytest.raises(Refused, match="administrator"):
        actions.issue(achievement, stranger, levels=MET)


def test_a_rubric_that_lacks_something_is_not_taken(coordinator):
    with pytest.raises(KeyError):
        defined(coordinator, rubric=[{"code": "a"}])
    assert RUBRIC[0]["required"] == "met"
