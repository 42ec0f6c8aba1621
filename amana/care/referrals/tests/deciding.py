"""Decide on a referral, undo it, and read what others find of it."""

from typing import Any

from django.urls import reverse

from amana import given
from amana.care.pending.models import PendingDecision
from amana.care.referrals.models import Referral
from amana.trust.access.models import User
from amana.ui.once import make_form_key


def press(user: User, referral: Referral, step: str, **said: Any) -> Any:
    url = reverse("referrals:step", args=[referral.pk, step])
    data = {"seen": referral.version, **said} | make_form_key()
    return given.sign_in(user).post(url, data)


def decline(user: User, referral: Referral, note: str = "") -> PendingDecision:
    answer = press(user, referral, "decline", reason="no_capacity", note=note)
    assert answer.status_code == 302
    return PendingDecision.objects.get()
