"""A referral ends with its consent; what was reported stays."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from amana.care.cases.models import Case, Need
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions, referral_messages
from amana.care.referrals.models import (
    Referral,
    ReferralOutcome,
    ReferralStage,
    ReferralStatus,
)
from amana.care.referrals.states import STAGE
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.vault.models import Disclosure

from .reaching import goes_to

S = ReferralStatus


@pytest.mark.parametrize(
    "status",
    [
        s
        for s in ReferralStatus
        if STAGE[s] in (ReferralStage.ANSWER, ReferralStage.SERVICE)
    ],
)
def test_every_open_referral_ends_with_its_consent(
    status: ReferralStatus,
    referral: Referral,
    need: Need,
    worker: User,
    shelter_worker: User,
) -> None:
    goes_to(status, referral, worker, shelter_worker)
    consents.withdraw(referral.agreed, by=worker)
    referral.refresh_from_db()
    need.refresh_from_db()
    assert referral.state is S.WITHDRAWN
    assert need.status == Need.Status.OPEN
    assert not Disclosure.objects.exists()
    with pytest.raises(Refused, match="consent has ended"):
        referral_messages.get_disclosure(referral)


def test_what_the_service_reported_stays_true_after_consent_ends(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    goes_to(S.COMPLETED, referral, worker, shelter_worker)
    consents.withdraw(referral.agreed, by=worker)
    referral.refresh_from_db()
    assert referral.status == S.COMPLETED
    assert not Disclosure.objects.exists()
    actions.confirm(referral, outcome=ReferralOutcome.MET, by=worker)
    assert referral.state is S.CONFIRMED


def test_a_consent_that_lapses_expires_its_referrals_and_the_sender_is_told(
    referral: Referral, worker: User
) -> None:
    mail.outbox.clear()
    Consent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    consents.expire_lapsed()
    referral.refresh_from_db()
    assert referral.state is S.EXPIRED
    assert referral.what_came_of_it == "It ended without an answer."
    assert worker.email in {m.to[0] for m in mail.outbox}


def test_what_was_answered_before_the_consent_ran_out_is_not_called_unanswered(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    goes_to(S.STARTED, referral, worker, shelter_worker)
    Consent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    consents.expire_lapsed()
    referral.refresh_from_db()
    assert "consent to share with them has expired" in referral.what_came_of_it


def test_who_is_in_a_bed_keeps_it_when_consent_to_share_ends(
    referral: Referral, shelter: Service, worker: User, shelter_worker: User
) -> None:
    goes_to(S.STARTED, referral, worker, shelter_worker)
    consents.withdraw(referral.agreed, by=worker)
    shelter.refresh_from_db()
    assert shelter.places_free == 4


def test_who_has_not_come_yet_gives_the_bed_back_when_consent_ends(
    referral: Referral, shelter: Service, worker: User, shelter_worker: User
) -> None:
    goes_to(S.ACCEPTED, referral, worker, shelter_worker)
    consents.withdraw(referral.agreed, by=worker)
    shelter.refresh_from_db()
    assert shelter.places_free == 5


def test_a_case_is_not_closed_while_a_referral_is_open(
    referral: Referral, case: Case, worker: User
) -> None:
    from amana.care.cases.events import case_closing

    with pytest.raises(Refused, match="still open"):
        case_closing.send(Case, case=case, by=worker, left_open="")
    actions.recall(referral, by=worker)
    case_closing.send(Case, case=case, by=worker, left_open="")
