"""Reach a status of a referral by the actions that lead there."""

from amana import given
from amana.care.consent import actions as consents
from amana.care.referrals import referral_messages
from amana.care.referrals.models import Referral, ReferralStatus
from amana.trust.access.models import User

from .conftest import VERBS, WAY_TO


def goes_to(
    status: ReferralStatus, referral: Referral, ours: User, theirs: User
) -> Referral:
    """Walk there by real verbs only."""
    given.make_service()  # somebody to redirect to
    for verb in WAY_TO[status]:
        if verb == "withdraw":
            consents.withdraw(referral.agreed, by=ours)
        else:
            VERBS[verb](referral, ours, theirs)
    referral.refresh_from_db()
    assert referral.state is status
    return referral


def opened(referral: Referral, by: User) -> list[referral_messages.OpenedMessage]:
    return referral_messages.open_letters(
        referral_messages.get_disclosure(referral), by=by
    )
