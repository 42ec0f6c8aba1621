"""A referral: a request to a team, open until its outcome is known."""

from amana.care.referrals.models.duties import Cover, Duty
from amana.care.referrals.models.referral_history import OutsideChannel, ReferralEvent
from amana.care.referrals.models.referral_record import (
    Referral,
    ReferralQuerySet,
    get_promised_span,
)
from amana.care.referrals.states import (
    DeclineReason,
    ReferralOutcome,
    ReferralStage,
    ReferralStatus,
    StopReason,
    UnaskedReason,
)

__all__ = [
    "Cover",
    "DeclineReason",
    "Duty",
    "OutsideChannel",
    "Referral",
    "ReferralEvent",
    "ReferralOutcome",
    "ReferralQuerySet",
    "ReferralStage",
    "ReferralStatus",
    "StopReason",
    "UnaskedReason",
    "get_promised_span",
]
