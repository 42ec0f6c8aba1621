"""What a recipient without Amana still opens when a consent or a referral has ended."""

import pytest
from django.test import Client

from amana.care.consent import actions as consents
from amana.care.consent.models import Destruction
from amana.care.referrals import actions
from amana.care.referrals.models import Referral, ReferralStatus
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import SealedPage, Visit

from .slips import SLIP, a_slip, does, opened, text

S = ReferralStatus


def test_after_a_withdrawal_the_page_is_gone_and_says_what_to_destroy(
    outside: Referral, worker: User, phone: Client
) -> None:
    path = opened(phone, outside, worker)
    consents.withdraw(outside.agreed, by=worker)
    page = text(phone, path)
    assert "Zubaida" not in page
    assert "person’s consent has ended" in page
    assert "Destroy" in page
    assert "?act=" not in page
    assert not Visit.objects.exists()
    assert does(phone, path, "accept", outside).status_code == 409


def test_after_a_withdrawal_a_slip_answers_nothing_and_confirms_the_destruction(
    outside: Referral, worker: User, phone: Client
) -> None:
    code = a_slip(phone, outside, worker)
    consents.withdraw(outside.agreed, by=worker)
    page = text(phone, SLIP)
    assert "Destroy" in page
    assert "?act=" not in page
    does(phone, SLIP, "accept", outside)
    outside.refresh_from_db()
    assert outside.state is S.WITHDRAWN

    second = Client()
    second.post(SLIP, {"code": code})
    assert "All copies are destroyed" in text(second, SLIP)
    second.post(SLIP, {"destroyed": "destroyed"})
    destruction = Destruction.objects.get()
    assert destruction.answer == "destroyed"
    assert destruction.confirmed_by is None
    event = AuditEvent.objects.get(did="confirmed destruction")
    assert event.actor.startswith("slip:")
    assert "Thank you" in text(second, SLIP)
    assert "All copies are destroyed</button>" not in text(second, SLIP)


@pytest.mark.parametrize("end", ["withdraw", "recall"])
def test_whoever_has_only_the_address_learns_no_reference(
    end: str, outside: Referral, worker: User, phone: Client
) -> None:
    """With the reference anyone in the team ends her consents: the link, that went by
    mail or stays in a history, must not tell it."""
    path = opened(phone, outside, worker)
    code = a_slip(Client(), outside, worker)
    outside.refresh_from_db()
    if end == "withdraw":
        consents.withdraw(outside.agreed, by=worker)
    else:
        actions.recall(outside, by=worker)
    page = text(Client(), path)
    assert outside.case.reference not in page
    assert str(outside.service.name) not in page
    assert "Recalled" not in page
    holder = Client()
    holder.post(SLIP, {"code": code})
    assert outside.case.reference in text(holder, SLIP)


def test_a_recalled_referral_ends_the_page_and_the_slip_says_so(
    outside: Referral, worker: User, phone: Client
) -> None:
    a_slip(phone, outside, worker)
    reader = Client()
    path = opened(reader, outside, worker)
    outside.refresh_from_db()
    actions.recall(outside, by=worker)
    assert "Zubaida" not in text(reader, path)
    assert "Recalled by the sender" in text(phone, SLIP)
    assert not SealedPage.objects.exists()
