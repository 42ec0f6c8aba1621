"""By exception, two people certify what no course has assessed; no one alone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from amana import given
from amana.academy.credentials import actions, attesting, checking
from amana.academy.credentials.engine import squares
from amana.academy.credentials.engine.verdicts import VerificationOutcome
from amana.academy.credentials.models import (
    Attestation,
    AttestationStatus,
    Certificate,
)
from amana.academy.credentials.paper import badge_pictures
from amana.academy.credentials.paper.badge_pictures import write_json
from amana.academy.credentials.tests.conftest import MET, defined, proposed
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.audit.models import AuditEvent

TITLE = "Certified Referral Mechanism Practitioner (attested)"


@pytest.fixture
def attestation(achievement, learner, coordinator):
    return proposed(achievement, learner, coordinator)


def test_the_certificate_says_that_it_was_attested_and_why(attestation, trainer):
    found = attesting.sign(attestation, by=trainer)

    whole = checking.check_certificate(write_json(found).encode())
    small = checking.check_certificate(squares.encode_square(found.compact).encode())
    for verdict in (whole, small):
        assert verdict.outcome == VerificationOutcome.VALID
        assert verdict.says
        assert verdict.says.achievement == TITLE
    assert whole.says
    [(what, why)] = whole.says.evidence
    assert what == "Attested, not assessed"
    assert why.endswith("A workshop.")
    event = AuditEvent.objects.get(did="issued certificate")
    assert event.actor == trainer.actor_id


def test_its_picture_says_so_too(attestation, trainer):
    found = attesting.sign(attestation, by=trainer)

    assert badge_pictures.build_badge_data(found)["name"] == TITLE


def test_what_a_course_issues_does_not_say_so(certificate):
    verdict = checking.check_certificate(write_json(certificate).encode())

    assert verdict.says
    assert verdict.says.achievement == certificate.achievement.name
    assert verdict.says.evidence == ()


def test_it_is_said_in_the_language_of_the_certificate(coordinator, learner, trainer):
    french = defined(coordinator, version=7, language="fr", name="Praticienne")
    found = attesting.sign(proposed(french, learner, coordinator), by=trainer)

    assert found.document["name"] == "Praticienne (attesté)"


def test_only_somebody_else_signs(attestation, coordinator, learner, stranger):
    for person in (coordinator, learner, stranger):
        with pytest.raises(PermissionDenied):
            attesting.sign(attestation, by=person)
        with pytest.raises(PermissionDenied):
            attesting.decline(attestation, by=person)
    assert not Certificate.objects.exists()
    second = given.make_worker(role=Role.COORDINATOR)
    assert attesting.sign(attestation, by=second)


def test_only_a_coordinator_proposes_and_never_for_themselves(
    achievement, coordinator, learner, trainer, stranger
):
    for person in (trainer, stranger):
        with pytest.raises(PermissionDenied):
            proposed(achievement, learner, person)
    with pytest.raises(Refused, match="to yourself"):
        proposed(achievement, coordinator, coordinator)
    assert not Attestation.objects.exists()


def test_no_one_proposes_twice_what_waits_or_is_held(
    attestation, achievement, learner, coordinator, trainer
):
    with pytest.raises(Refused, match="already waiting"):
        proposed(achievement, learner, coordinator)
    attesting.sign(attestation, by=trainer)
    with pytest.raises(Refused, match="already holds"):
        proposed(achievement, learner, coordinator)


def test_a_course_that_is_first_leaves_nothing_to_sign(
    attestation, achievement, learner, trainer
):
    actions.issue(achievement, learner, levels=MET)

    with pytest.raises(Refused, match="already holds"):
        attesting.sign(attestation, by=trainer)
    attestation.refresh_from_db()
    assert attestation.status == AttestationStatus.WAITING
    attesting.decline(attestation, by=trainer)


def test_a_proposal_ends_with_the_standing_of_its_two_sides(
    attestation, coordinator, learner, trainer
):
    learner.is_active = False
    learner.save()
    with pytest.raises(Refused, match="account is closed"):
        attesting.sign(Attestation.objects.get(), by=trainer)
    coordinator.memberships.update(ended_at=timezone.now())
    with pytest.raises(Refused, match="no longer coordinates"):
        attesting.sign(Attestation.objects.get(), by=trainer)
    attesting.decline(Attestation.objects.get(), by=trainer)


def test_the_reason_reads_the_same_to_everyone(achievement, learner, coordinator):
    attestation = attesting.propose_attestation(
        achievement,
        learner,
        reason="Good\x0b\u202eend\u202c.",
        levels=MET,
        named=True,
        by=coordinator,
    )

    assert attestation.reason == "Goodend."


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_there_is_a_reason(achievement, learner, coordinator, reason):
    with pytest.raises(Refused, match="Describe where"):
        attesting.propose_attestation(
            achievement, learner, reason=reason, levels=MET, named=True, by=coordinator
        )


def test_each_criterion_is_reached(achievement, learner, coordinator):
    with pytest.raises(Refused, match="not been met"):
        attesting.propose_attestation(
            achievement,
            learner,
            reason="A workshop.",
            levels={"consent": "absent"},
            named=True,
            by=coordinator,
        )


def test_it_is_decided_once_though_two_decide_at_once(
    attestation, coordinator, trainer
):
    stale = Attestation.objects.get(pk=attestation.pk)
    attesting.withdraw(attestation, by=coordinator)

    with pytest.raises(PermissionDenied):
        attesting.sign(stale, by=trainer)
    # Past the rule, as two who were let in at the same moment.
    with pytest.raises(Refused, match="just decided"):
        attesting.decide(stale, AttestationStatus.SIGNED, by=trainer)
    assert not Certificate.objects.exists()


def test_nobody_who_holds_the_database_makes_one_person_two(
    attestation, coordinator, learner, trainer
):
    stored = Attestation.objects.filter(pk=attestation.pk)
    now = attestation.proposed_at
    for forged in (
        {"status": "signed", "decided_by": coordinator, "decided_at": now},
        {"status": "signed", "decided_by": learner, "decided_at": now},
        {"status": "signed"},
        {"proposed_by": learner},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            stored.update(**forged)
