"""Let the clock of a referral strike, and read who was told."""

from datetime import datetime

from django.core import mail
from django.core.cache import cache

from amana.care.referrals import escalation
from amana.care.referrals.models import Referral, ReferralEvent

What = ReferralEvent.What


def told(referral: Referral) -> list[str]:
    late = referral.happenings.exclude(what__in=[What.MOVED, What.TAKEN])
    return list(late.order_by("pk").values_list("what", flat=True))


def addresses() -> set[str]:
    found = {message.to[0] for message in mail.outbox}
    mail.outbox.clear()
    cache.clear()
    return found


def strikes(referral: Referral, at: datetime) -> set[str]:
    addresses()
    escalation.chase(at)
    referral.refresh_from_db()
    return addresses()
