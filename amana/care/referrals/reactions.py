"""What we do when something happens in other rooms."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from amana.care.cases.events import case_closing, case_erasing, case_transferred
from amana.care.cases.models import Case
from amana.care.consent.events import consent_ended, vital_interest_ended
from amana.care.consent.models import Consent, VitalInterest
from amana.care.referrals import actions
from amana.care.referrals.events import referrals_erasing
from amana.care.referrals.models import Referral
from amana.errors import Refused
from amana.trust.access.models import User


@receiver(consent_ended)
def end_referrals(consent: Consent, by: User | None, **kwargs: object) -> None:
    actions.end_with_consent(consent, by=by)


@receiver(vital_interest_ended)
def end_sent_without_consent(
    interest: VitalInterest, by: User | None, **kwargs: object
) -> None:
    actions.end_with_vital_interest(interest, by=by)


@receiver(case_closing)
def require_no_open_referral(case: Case, **kwargs: object) -> None:
    """Refuse to close a case in which an answer is still expected."""
    if Referral.objects.open().filter(case=case).exists():
        raise Refused(
            _(
                "A referral of this case is still open. Recall it, or record how it "
                "ended, before you close the case."
            )
        )


@receiver(case_erasing)
def delete_referrals(case: Case, **kwargs: object) -> None:
    """Delete the referrals of a case, with all their events."""
    theirs = Referral.objects.filter(case=case)
    referrals_erasing.send(Referral, case=case)
    # `follows` is protected: rows that point to each other can't be deleted together.
    theirs.update(follows=None)
    theirs.delete()


@receiver(case_transferred)
def move_to_new_team(case: Case, **kwargs: object) -> None:
    """Send answers to the team that works on the case now."""
    Referral.objects.open().filter(case=case).update(sender=case.team)
