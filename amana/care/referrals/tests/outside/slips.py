"""Open the page of a recipient without Amana, and its return slip."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana.care.referrals import actions
from amana.care.referrals.models import Referral
from amana.trust.access.models import User
from amana.trust.vault.models import ReturnSlip

SLIP = "/referrals/slip/"


def a_page(referral: Referral, by: User) -> tuple[str, str]:
    """The address of a page, and its code."""
    offered = actions.offer_page(referral, by=by)
    return reverse("referrals:sealed", args=[offered.offer.pk]), offered.code


def opened(phone: Client, referral: Referral, by: User) -> str:
    path, code = a_page(referral, by)
    assert phone.post(path, {"code": code}).status_code == 302
    return path


def a_slip(phone: Client, referral: Referral, by: User) -> str:
    made = actions.offer_slip(referral, way=ReturnSlip.Way.TOLD, by=by)
    assert phone.post(SLIP, {"code": made.code}).status_code == 302
    return made.code


def does(phone: Client, path: str, act: str, referral: Referral, **said: Any) -> Any:
    referral.refresh_from_db()
    return phone.post(path, {"act": act, "seen": referral.version, **said})


def text(phone: Client, path: str) -> str:
    return phone.get(path).content.decode()


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> datetime:
    moment = timezone.now() + by
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    return moment


def wrong_code(code: str) -> str:
    from amana.trust.access import codes

    whole = codes.parse_code(code)
    bits = 5 * (len(whole) - codes.CHECK)
    body = whole[: -codes.CHECK]
    while (new := codes.parse_code(codes.create_code(bits))[: -codes.CHECK]) == body:
        pass
    # The first four signs are those of the right one: they find a return slip.
    kept = body[:4] + new[4:]
    return kept + codes.compute_check(kept)
