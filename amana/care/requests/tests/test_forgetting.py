"""What a request leaves behind is swept, and forgotten in its time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases.models import Need, UnmetReason
from amana.care.consent import actions as consents
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions, chasing
from amana.care.requests.models import Enquiry, HelpRequest
from amana.errors import Refused
from amana.trust.vault import heartbeat
from amana.trust.vault.models import Disclosure

from .conftest import answers, asked, now, of, opens

FULL = DeclineReason.NO_CAPACITY


def test_a_case_given_to_a_house_in_line_takes_the_request_along(
    request_in_turn, second
):
    taker, service = second[1], second[0]
    case = request_in_turn.case
    case.team = service.team
    case.save(update_fields=["team"])
    actions.follow_case(request_in_turn, by=taker)
    assert answers(request_in_turn) == ["asked", "skipped", "waiting"]
    moved = now(request_in_turn)
    assert (moved.sender, moved.asked_by) == (service.team, taker)


def test_what_a_lock_left_behind_is_swept(request_in_turn, first):
    Enquiry.objects.filter(pk=of(request_in_turn, first).pk).update(
        status="declined", decline_reason="no_capacity"
    )
    assert actions.destroy_left_behind() == 1
    assert actions.destroy_left_behind() == 0
    assert Disclosure.objects.count() == 2


def test_what_led_to_no_case_is_forgotten_after_ninety_days(
    without_name, request_in_turn, worker, monkeypatch
):
    actions.recall(without_name, by=worker)
    actions.recall(request_in_turn, by=worker)
    assert actions.delete_old() == 0
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr(timezone, "now", lambda: later)
    chasing.chase()
    assert list(HelpRequest.objects.all()) == [request_in_turn]


def test_nothing_is_forgotten_by_a_clock_that_jumped(without_name, worker, monkeypatch):
    heartbeat.record_heartbeat()
    actions.recall(without_name, by=worker)
    counted = heartbeat.measure_uptime()
    monkeypatch.setattr(heartbeat, "measure_uptime", lambda: counted)
    later = timezone.now() + timedelta(days=3_650)
    monkeypatch.setattr(timezone, "now", lambda: later)
    chasing.chase()
    assert HelpRequest.objects.filter(pk=without_name.pk).exists()


def test_what_was_accepted_and_never_named_is_forgotten_with_its_place(
    without_name, first, monkeypatch
):
    actions.accept(of(without_name, first), by=first[1])
    later = timezone.now() + timedelta(days=89)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert actions.delete_old() == 0
    much_later = later + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: much_later)
    assert actions.delete_old() == 1
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("end", ["withdraw", "met", "recall", "lost"])
def test_where_she_was_is_gone_once_nobody_is_to_come_there(
    end, without_name, need, worker, first, case
):
    """It lies under no consent and no key of the case: nothing else would end it."""
    actions.accept(of(without_name, first), by=first[1])
    joined = actions.join(without_name, need=need, by=worker)
    consent = given.make_consent(case, to=first[0].team, by=worker)
    actions.share(joined, consent=consent, by=worker)
    place = of(without_name, first).place
    assert place
    assert opens(first[1], place)
    rows = Referral.objects.select_related("service", "recipient", "sender", "case")
    if end == "withdraw":
        consents.withdraw(consent, by=worker)
    elif end == "met":
        referrals.record_attendance(rows.get(), by=first[1])
    elif end == "recall":
        referrals.recall(rows.get(), by=worker)
    else:
        referrals.decline(rows.get(), reason=FULL, by=first[1])
    assert not Disclosure.objects.filter(pk=place).exists()
    assert of(without_name, first).place is None


def test_a_need_that_is_asked_about_already_is_not_joined(
    without_name, need, worker, first
):
    asked(need, [first], by=worker)
    with pytest.raises(Refused, match="request for this need is already open"):
        actions.join(without_name, need=need, by=worker)
    assert now(without_name).case is None


def test_a_need_is_not_settled_while_a_yes_would_tell_for_whom(
    request_in_turn, need, worker, first
):
    with pytest.raises(Refused, match="still being asked"):
        referrals.record_unmet_need(need, reason=UnmetReason.NONE_EXISTS, by=worker)
    assert Need.objects.get(pk=need.pk).status == Need.Status.REFERRED
    actions.recall(request_in_turn, by=worker)
    referrals.record_unmet_need(need, reason=UnmetReason.NONE_EXISTS, by=worker)
    assert Need.objects.get(pk=need.pk).status == Need.Status.UNMET
