from amana.care.consent import actions as consents
from amana.care.referrals import actions
from amana.care.referrals.models import ReferralEvent


def test_a_withdrawal_ends_the_referral_once(referral, worker):
    consents.withdraw(referral.agreed, by=worker)
    referral.refresh_from_db()
    assert referral.status == "withdrawn"
    before = ReferralEvent.objects.filter(referral=referral).count()

    actions.end_with_consent(referral.agreed, by=worker)
    assert ReferralEvent.objects.filter(referral=referral).count() == before
