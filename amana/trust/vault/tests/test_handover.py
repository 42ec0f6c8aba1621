"""A page for someone without the system: opens once, by a code told by voice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures, handover
from amana.trust.vault.models import SealedPage, generate_uuid7
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def sender():
    return given.make_worker()


@kept
def disclosure(sender):
    return disclosures.make_disclosure(
        {"identity.name": "Hope", "needs.words": "a bed"},
        consent=generate_uuid7(),
        case=given.make_case_keys(of=sender.memberships.get().team),
        sender=sender.memberships.get().team,
        recipient=given.make_team(),
        purpose="referral",
        expires_at=timezone.now() + timedelta(days=30),
        by=sender,
    )


@kept
def offered(disclosure, sender):
    return handover.offer(disclosure, by=sender)


def redeem(page, code):
    """What whoever has the code reads, once."""
    tried = handover.try_code(page, code)
    handover.open_once(tried)
    return disclosures.read(tried.offer.disclosure, tried.secret)


def wrong(code):
    from amana.trust.access import codes

    return next(
        c for c in iter(lambda: codes.create_code(handover.CODE_BITS), "") if c != code
    )


def test_the_code_opens_the_page_once(offered, disclosure):
    content = redeem(offered.offer.pk, offered.code)

    assert content == {"identity.name": "Hope", "needs.words": "a bed"}
    with pytest.raises(Refused, match="nothing to open"):
        redeem(offered.offer.pk, offered.code)
    event = AuditEvent.objects.get(did="opened sealed page")
    assert event.case == disclosure.case
    assert event.actor == f"page:{offered.offer.pk}"


def test_a_code_may_be_typed_as_it_was_heard(offered):
    heard = offered.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert redeem(offered.offer.pk, heard)


def test_a_slip_of_the_pen_costs_no_try(offered):
    for _slip in range(9):
        with pytest.raises(Refused, match="wrong or missing"):
            redeem(offered.offer.pk, offered.code[:-1])

    assert redeem(offered.offer.pk, offered.code)


def test_the_fifth_wrong_code_destroys_the_page(offered):
    said = []
    for _try in range(handover.MOST_TRIES):
        with pytest.raises(Refused) as refused:
            redeem(offered.offer.pk, wrong(offered.code))
        said.append(str(refused.value))

    assert not SealedPage.objects.exists()
    assert "last attempt" in said[-1]
    with pytest.raises(Refused, match="nothing to open"):
        redeem(offered.offer.pk, offered.code)
    assert AuditEvent.objects.filter(did="tried a wrong code").count() == 5
    assert AuditEvent.objects.filter(did="destroyed sealed page").count() == 1


def test_the_fifth_try_may_still_be_the_right_one(offered):
    for _try in range(handover.MOST_TRIES - 1):
        with pytest.raises(Refused):
            redeem(offered.offer.pk, wrong(offered.code))

    assert redeem(offered.offer.pk, offered.code)


def test_a_page_that_nobody_opens_in_time_is_gone(offered, monkeypatch):
    later = timezone.now() + handover.OPEN_FOR
    monkeypatch.setattr(timezone, "now", lambda: later)

    with pytest.raises(Refused, match="nothing to open"):
        redeem(offered.offer.pk, offered.code)
    assert handover.clear_expired() == 1
    assert not SealedPage.objects.exists()


def test_the_page_goes_with_the_consent(offered, disclosure):
    disclosures.destroy(consent=disclosure.consent)

    with pytest.raises(Refused, match="nothing to open"):
        redeem(offered.offer.pk, offered.code)


def test_a_second_offer_ends_the_first(offered, disclosure, sender):
    second = handover.offer(disclosure, by=sender)

    with pytest.raises(Refused):
        redeem(offered.offer.pk, offered.code)
    assert redeem(second.offer.pk, second.code)


def test_without_the_pepper_the_code_opens_nothing(offered, settings):
    settings.VAULT_PEPPERS = ["another"]

    with pytest.raises(Refused, match="not the code"):
        redeem(offered.offer.pk, offered.code)


def test_only_who_holds_it_can_offer_it(disclosure):
    with pytest.raises(Refused, match="Nothing is shared"):
        handover.offer(disclosure, by=given.make_worker())
    assert not SealedPage.objects.exists()


def test_an_unknown_page_and_a_used_one_answer_alike(offered):
    redeem(offered.offer.pk, offered.code)
    answers = []
    for page in (offered.offer.pk, generate_uuid7()):
        with pytest.raises(Refused) as refused:
            redeem(page, offered.code)
        answers.append(str(refused.value))

    assert answers[0] == answers[1]


def test_a_code_moved_to_another_page_opens_nothing(offered, sender):
    other = disclosures.make_disclosure(
        {"identity.name": "Ama"},
        consent=generate_uuid7(),
        case=given.make_case_keys(of=sender.memberships.get().team),
        sender=sender.memberships.get().team,
        recipient=given.make_team(),
        purpose="referral",
        expires_at=timezone.now() + timedelta(days=30),
        by=sender,
    )
    theirs = handover.offer(other, by=sender)
    mine = SealedPage.objects.get(pk=offered.offer.pk)
    SealedPage.objects.filter(pk=theirs.offer.pk).update(
        sealed=mine.sealed, salt=mine.salt
    )

    with pytest.raises(Refused, match="not the code"):
        redeem(theirs.offer.pk, offered.code)
