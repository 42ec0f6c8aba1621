"""A mistaken no to a request is undone before the next house is asked."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.pending import actions as pending
from amana.care.pending.models import TO_UNDO, PendingDecision
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions, chasing, undoing
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key

from .conftest import answers, of

SECOND = timedelta(seconds=1)


@pytest.fixture
def now() -> Any:
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as at:
        yield at


def decline(house: Any, request: Any) -> Any:
    url = reverse("requests:decline", args=[of(request, house).pk])
    return given.sign_in(house[1]).post(
        url, {"reason": "no_capacity"} | make_form_key()
    )


def test_the_next_house_is_asked_only_after_ten_minutes(
    now, request_in_turn, first, second, worker
):
    log = list(AuditEvent.objects.values_list("pk"))
    decline(first, request_in_turn)
    page = reverse("requests:enquiry", args=[of(request_in_turn, first).pk])
    mine = given.sign_in(first[1]).get(page).text
    assert "You declined this request: takes effect at" in mine
    ours = reverse("requests:request", args=[request_in_turn.pk])
    assert "No places free" not in given.sign_in(worker).get(ours).text
    theirs = reverse("requests:enquiry", args=[of(request_in_turn, second).pk])
    assert given.sign_in(second[1]).get(theirs).status_code == 404

    now.shift(TO_UNDO - SECOND)
    chasing.chase()
    assert answers(request_in_turn) == ["asked", "waiting", "waiting"]
    pending.undo_decision(PendingDecision.objects.get(), by=first[1])
    now.shift(2 * SECOND)
    chasing.chase()
    assert answers(request_in_turn) == ["asked", "waiting", "waiting"]
    did = AuditEvent.objects.exclude(pk__in=[pk for (pk,) in log])
    assert not did.filter(did__contains="decline").exists()


def test_after_ten_minutes_the_next_house_is_asked(now, request_in_turn, first):
    decline(first, request_in_turn)
    now.shift(TO_UNDO)
    chasing.chase()
    assert answers(request_in_turn) == ["declined", "asked", "waiting"]
    assert not PendingDecision.objects.exists()


def test_who_has_declined_has_not_let_it_lapse(now, request_in_turn, first):
    enquiry = of(request_in_turn, first)
    assert enquiry.due_at
    now.move_to(enquiry.due_at - 3 * SECOND)
    decline(first, request_in_turn)
    assert PendingDecision.objects.get().due_at == enquiry.due_at
    now.move_to(enquiry.due_at)
    chasing.chase()
    assert answers(request_in_turn)[0] == "declined"


def test_a_request_that_was_recalled_meanwhile_is_not_declined(
    now, request_in_turn, first, worker
):
    decline(first, request_in_turn)
    actions.recall(request_in_turn, by=worker)
    now.shift(TO_UNDO)
    pending.carry_out_due()
    assert "declined" not in answers(request_in_turn)
    assert PendingDecision.objects.failed().exists()


def test_in_an_emergency_the_next_house_is_asked_at_once(without_name, first):
    page = reverse("requests:decline", args=[of(without_name, first).pk])
    assert "takes effect at once" in given.sign_in(first[1]).get(page).text
    decline(first, without_name)
    assert answers(without_name)[0] == "declined"
    assert not PendingDecision.objects.exists()


def test_a_stranger_declines_nothing(request_in_turn, first, stranger):
    enquiry, later = of(request_in_turn, first), timezone.now() + TO_UNDO
    reason = DeclineReason.CONFLICT
    with pytest.raises(Denied):
        undoing.decide(enquiry, reason=reason, due_at=later, by=stranger)
    assert not PendingDecision.objects.exists()
