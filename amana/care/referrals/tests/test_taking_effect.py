"""A step takes effect after ten minutes, or at once: once, and whatever fails."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases.models import Need
from amana.care.pending import actions as pending
from amana.care.pending.decision_kinds import KINDS
from amana.care.pending.models import TO_UNDO, PendingDecision
from amana.care.referrals import actions, escalation, referral_messages, undoing
from amana.care.referrals.models import Referral, ReferralEvent, ReferralStatus
from amana.care.referrals.steps import BY_CODE
from amana.errors import Refused
from amana.notifications.models import Notification
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import DisclosureMessage
from amana.ui.once import make_form_key

from .deciding import decline, press

S = ReferralStatus
SECOND = timedelta(seconds=1)


def test_after_ten_minutes_it_takes_effect_once(
    now: Any, referral: Referral, shelter_worker: User, worker: User
) -> None:
    decline(shelter_worker, referral, note="Not this week")
    now.shift(TO_UNDO)
    call_command("carry_out_decisions", verbosity=0)
    call_command("carry_out_decisions", verbosity=0)
    referral.refresh_from_db()
    assert referral.state is S.DECLINED
    assert AuditEvent.objects.filter(did="declined referral").count() == 1
    event = AuditEvent.objects.get(did="declined referral")
    assert event.actor == f"user:{shelter_worker.pk}"
    assert Notification.objects.filter(what="changed", user=worker).exists()
    read = referral_messages.open_letters(
        referral_messages.get_disclosure(referral), by=worker
    )
    assert [letter.lines for letter in read if letter.kind == "answer"]


def test_in_an_emergency_a_decline_takes_effect_at_once_and_the_page_says_so(
    need: Need, shelter: Any, worker: User, shelter_worker: User
) -> None:
    Need.objects.filter(pk=need.pk).update(urgency="U0")
    need.refresh_from_db()
    referral = given.make_referral(need=need, to=shelter, by=worker)
    url = reverse("referrals:step", args=[referral.pk, "decline"])
    assert "takes effect at once" in given.sign_in(shelter_worker).get(url).text
    press(shelter_worker, referral, "decline", reason="no_capacity")
    referral.refresh_from_db()
    assert referral.state is S.DECLINED
    assert not PendingDecision.objects.exists()


def test_who_does_not_wait_lets_it_take_effect_now(
    referral: Referral, shelter_worker: User
) -> None:
    decision = decline(shelter_worker, referral)
    url = reverse("pending:now", args=[decision.pk])
    assert given.sign_in(shelter_worker).post(url, make_form_key()).status_code == 302
    referral.refresh_from_db()
    assert referral.state is S.DECLINED


def test_nobody_is_told_that_a_referral_is_late_which_was_decided_in_time(
    now: Any, referral: Referral, shelter_worker: User
) -> None:
    assert referral.tell_at
    now.move_to(referral.tell_at - 3 * SECOND)
    decision = decline(shelter_worker, referral)
    assert decision.due_at == referral.tell_at
    now.move_to(referral.tell_at)
    escalation.chase()
    referral.refresh_from_db()
    assert referral.state is S.DECLINED
    late = ReferralEvent.objects.filter(what__in=ReferralEvent.LATE)
    assert not late.exists()


def test_once_the_clock_has_come_it_takes_effect_at_once(
    now: Any, referral: Referral, shelter_worker: User
) -> None:
    assert referral.tell_at
    now.move_to(referral.tell_at + SECOND)
    press(shelter_worker, referral, "decline", reason="no_capacity")
    referral.refresh_from_db()
    assert referral.state is S.DECLINED


def test_it_is_decided_once(referral: Referral, shelter_worker: User) -> None:
    decline(shelter_worker, referral)
    answer = press(shelter_worker, referral, "decline", reason="conflict")
    assert answer.status_code == 409
    assert "already decided" in answer.text
    assert PendingDecision.objects.count() == 1


def test_what_breaks_half_way_is_done_again(
    now: Any, referral: Referral, shelter_worker: User, monkeypatch: Any
) -> None:
    """As when the machine stops between the two."""
    decline(shelter_worker, referral, note="Full")
    now.shift(TO_UNDO)

    def stops(referral: Referral, **kwargs: Any) -> None:
        actions.decline(referral, **kwargs)
        raise ConnectionError

    kind = undoing.build_kind(BY_CODE["decline"])
    whole = KINDS[kind]
    broken = type(whole)(**{**vars(whole), "act": stops})
    monkeypatch.setitem(KINDS, kind, broken)
    with pytest.raises(ConnectionError):
        pending.carry_out_due()
    referral.refresh_from_db()
    assert referral.status == "sent"
    assert DisclosureMessage.objects.filter(held_for__isnull=False).exists()
    monkeypatch.setitem(KINDS, kind, whole)
    assert pending.carry_out_due() == 1
    referral.refresh_from_db()
    assert referral.status == "declined"


def test_a_clock_that_jumps_ahead_or_back_loses_no_decision(
    now: Any, referral: Referral, shelter_worker: User
) -> None:
    start: datetime = timezone.now()
    decision = decline(shelter_worker, referral)
    now.move_to(start - timedelta(days=1))
    pending.carry_out_due()
    assert PendingDecision.objects.waiting().exists()
    now.move_to(start + timedelta(days=1))
    with pytest.raises(Refused, match="ten minutes"):
        pending.undo_decision(decision, by=shelter_worker)
    pending.carry_out_due()
    referral.refresh_from_db()
    assert referral.state is S.DECLINED
