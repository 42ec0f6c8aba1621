"""What we do when something happens in other rooms."""

from django.dispatch import receiver
from django.utils.translation import gettext as _

from amana.care.cases.events import case_closing, case_transferred, need_settled
from amana.care.cases.models import Case, Need
from amana.care.consent.events import consent_discounted, consent_ended
from amana.care.consent.models import Consent
from amana.care.referrals.events import (
    organisation_avoided,
    referral_answered,
    referral_completed,
    referral_ended,
    referral_met,
    referrals_erasing,
)
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason, ReferralStatus
from amana.care.requests import actions
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.states import HelpRequestStatus
from amana.errors import Refused
from amana.trust.access.models import Organisation, User
from amana.trust.vault import parcels

ENDED = {
    ReferralStatus.RECALLED: HelpRequestStatus.RECALLED,
    ReferralStatus.WITHDRAWN: HelpRequestStatus.ENDED,
    ReferralStatus.EXPIRED: HelpRequestStatus.ENDED,
}


@receiver(consent_ended)
def end_requests(consent: Consent, by: User | None, **kwargs: object) -> None:
    actions.end_with_consent(consent, by=by)


@receiver(consent_discounted)
def stop_asking(consent: Consent, by: User, **kwargs: object) -> None:
    """Ask no one else; who has it already keeps it."""
    actions.stop_asking(consent, by=by)


@receiver(referrals_erasing)
def delete_requests(case: Case, **kwargs: object) -> None:
    """Delete the requests of a case that is erased, with where help was needed."""
    theirs = HelpRequest.objects.filter(case=case)
    enquiries = Enquiry.objects.filter(request__in=theirs)
    for place in enquiries.values_list("place", flat=True):
        if place is not None:
            parcels.destroy(place)
    theirs.delete()


def find_enquiry(referral: Referral) -> Enquiry | None:
    return Enquiry.objects.filter(referral=referral).select_related("request").first()


@receiver(referral_answered)
def ask_next_in_line(referral: Referral, by: User | None, **kwargs: object) -> None:
    """Ask the next in line: a place that was accepted can be lost."""
    if referral.state not in {ReferralStatus.DECLINED, ReferralStatus.REDIRECTED}:
        return
    if enquiry := find_enquiry(referral):
        reason = DeclineReason(referral.decline_reason or DeclineReason.WRONG_SERVICE)
        actions.pass_on_lost_place(enquiry, reason=reason, by=by)


@receiver(referral_met)
@receiver(referral_completed)
def finish_request(referral: Referral, by: User | None, **kwargs: object) -> None:
    if enquiry := find_enquiry(referral):
        actions.finish(enquiry.request, to=HelpRequestStatus.DONE, by=by)


@receiver(referral_ended)
def end_with_referral(referral: Referral, by: User | None, **kwargs: object) -> None:
    if enquiry := find_enquiry(referral):
        to = ENDED.get(referral.state, HelpRequestStatus.DONE)
        actions.finish(enquiry.request, to=to, by=by)


@receiver(case_closing)
def require_no_open_request(case: Case, **kwargs: object) -> None:
    """Refuse to close a case for which help is still asked."""
    if HelpRequest.objects.filter(case=case, status=HelpRequestStatus.OPEN).exists():
        raise Refused(
            _(
                "This case has an open request for help. Recall it before you close "
                "the case."
            )
        )


@receiver(organisation_avoided)
def leave_out_avoided(
    case: Case, organisation: Organisation, by: User, **kwargs: object
) -> None:
    for request in HelpRequest.objects.running().filter(case=case):
        actions.leave_out(request, organisation=organisation.pk, by=by)


@receiver(need_settled)
def require_not_asked_any_more(need: Need, **kwargs: object) -> None:
    """Refuse to settle a need that is still asked about."""
    # A house that accepts learns for whom: that may not happen for a settled need.
    if HelpRequest.objects.filter(need=need, status=HelpRequestStatus.OPEN).exists():
        raise Refused(
            _("Another service is still being asked. Recall that request first.")
        )


@receiver(case_transferred)
def move_to_new_team(case: Case, by: User, **kwargs: object) -> None:
    for request in HelpRequest.objects.running().filter(case=case):
        actions.follow_case(request, by=by)
