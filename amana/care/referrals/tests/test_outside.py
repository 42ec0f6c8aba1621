"""A recipient without Amana: a page that opens once, with a code told by voice."""

import pytest

from amana.care.referrals import actions, outside
from amana.care.referrals.models import DeclineReason, Status
from amana.errors import Refused


def test_the_loop_closes_with_a_recipient_without_amana(referral, worker):
    offered = actions.offer_page(referral, by=worker)
    sheet = outside.open_page(offered.offer.pk, offered.code)
    found, bearer = outside.answered(sheet.token)
    actions.answer_by_page(found, to=Status.ACCEPTED, by=bearer)

    referral.refresh_from_db()
    assert referral.status == "accepted"


def test_the_page_opens_once_and_only_with_its_code(referral, worker):
    offered = actions.offer_page(referral, by=worker)
    with pytest.raises(Refused):
        outside.open_page(offered.offer.pk, "000000000000")
    outside.open_page(offered.offer.pk, offered.code)

    with pytest.raises(Refused):
        outside.open_page(offered.offer.pk, offered.code)


def test_a_no_by_page_has_a_reason_and_is_said_once(referral, worker):
    offered = actions.offer_page(referral, by=worker)
    sheet = outside.open_page(offered.offer.pk, offered.code)
    found, bearer = outside.answered(sheet.token)
    reason = DeclineReason.NO_CAPACITY
    actions.answer_by_page(found, to=Status.DECLINED, by=bearer, reason=reason)

    with pytest.raises(Refused):
        actions.answer_by_page(found, to=Status.ACCEPTED, by=bearer)
    referral.refresh_from_db()
    assert (referral.status, referral.decline_reason) == ("declined", reason)
