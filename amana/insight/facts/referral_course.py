"""What has become of a referral so far, as it is counted."""

from django.db.models import Q

from amana.care.cases.models import Urgency
from amana.care.referrals.models import Referral, ReferralEvent, ReferralStatus
from amana.care.referrals.referral_messages import MessageKind as Letters
from amana.insight.facts.recording import NEED, record_others_observations
from amana.trust.vault import disclosures

WARM = frozenset({Urgency.U0, Urgency.U1})
"""With a referral so urgent, no person should be sent alone."""


def record_handover(referral: Referral) -> None:
    """Record how its sender handed the person over."""
    # With the answer, or when none comes: a sender who brings a person to safety does
    # not wait for a figure.
    if referral.urgency in WARM:
        warm = disclosures.has_letter(referral.disclosure, Letters.HANDOVER)
        said = build_referral_codes(referral, result="warm" if warm else "cold")
        record_others_observations(
            referral.case_id, referral.sender_id, [("handover", said)]
        )


def build_referral_codes(referral: Referral, **said: str) -> dict[str, str]:
    return {NEED: referral.need_id.hex, "urgency": referral.urgency, **said}


def list_earlier_statuses(referral: Referral) -> set[str]:
    """List the statuses that a referral has had before its present one. One query."""
    there = ReferralEvent.objects.filter(
        referral=referral, what=ReferralEvent.What.MOVED
    )
    rows = list(there.order_by("pk").values_list("status", flat=True))
    # The last row is the present status: it is written before the signal is sent.
    return set(rows[:-1])


def has_never_begun(referral: Referral) -> bool:
    began = Q(status=ReferralStatus.ATTENDED) | Q(status=ReferralStatus.STARTED)
    return not ReferralEvent.objects.filter(began, referral=referral).exists()
