"""Answer: accept or decline."""

from django.db import transaction
from django.utils import timezone

from amana.care.consent import actions as consents
from amana.care.referrals import actions as referrals
from amana.care.referrals.states import DeclineReason
from amana.care.requests import tasks
from amana.care.requests.actions.asking_for_help import find_accepting_member
from amana.care.requests.actions.enquiry_moves import (
    A,
    S,
    ask_next_teams,
    destroy_held_back_copies,
    lock_request_and_enquiry,
    update_enquiry,
    update_need_of_request,
)
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.rules import answer_enquiry, see_enquiry
from amana.design.directory import actions as directory
from amana.trust.access.models.organisations import User
from amana.trust.audit import log


@transaction.atomic
def accept(enquiry: Enquiry, *, by: User, places: int | None = None) -> Enquiry:
    """Accept: the first of all who are asked gets what the person agreed to share, the
    others learn only that the question is closed."""
    answer_enquiry.require(by, enquiry)
    request, mine = lock_request_and_enquiry(enquiry)
    if mine.state is not A.ASKED:
        raise mine.changed()
    request.move(S.ACCEPTED)
    service = mine.service
    booked = int(service.counts_places) if places is None else places
    if not see_enquiry.permits(by, mine):
        booked = 0  # a team without the system counts its places itself
    if booked:
        directory.book_places(service, places=booked, by=by)
    now = timezone.now()
    mine.move(A.ACCEPTED, answered_at=now, answered_by=by, places=booked)
    if mine.consent and mine.disclosure and request.need:
        mine.consent.case = request.need.case
        consents.release(mine.consent, mine.disclosure, by=by)
        referral = referrals.send_accepted(
            request.need,
            to=service,
            consent=mine.consent,
            disclosure=mine.disclosure,
            asked_at=mine.asked_at or request.sent_at,
            asked_by=request.asked_by,
            answered_at=now,
            accepted_by=find_accepting_member(mine),
            places=booked,
            by=by,
        )
        update_enquiry(mine, referral=referral, places=0)
    _close_others(request, mine, by=by)
    log.record(
        "accepted request for help", mine, by=by, case=request.case_id, places=booked
    )
    update_need_of_request(request)
    tasks.notify_sender.enqueue(str(request.pk))
    return mine


def _close_others(request: HelpRequest, mine: Enquiry, *, by: User) -> None:
    """Close the questions that are no longer needed; those who were asked learn it."""
    # Those not asked yet stay in line, in case the place is lost before the person has
    # come; they learn nothing.
    still = [A.ASKED] if mine.referral_id else [A.ASKED, A.WAITING]
    others = [e for e in request.in_order() if e.state in still and e.pk != mine.pk]
    for other in others:
        other.move(A.CLOSED)
    destroy_held_back_copies(others)


@transaction.atomic
def decline(enquiry: Enquiry, *, reason: DeclineReason, by: User) -> Enquiry:
    """Decline, or report that the place is lost: the next team is asked at once."""
    answer_enquiry.require(by, enquiry)
    request, mine = lock_request_and_enquiry(enquiry)
    if mine.state not in {A.ASKED, A.ACCEPTED} or mine.referral_id:
        raise mine.changed()
    if mine.places:
        ours = by if see_enquiry.permits(by, mine) else None
        directory.give_back_places(mine.service, places=mine.places, by=ours)
    mine.move(
        A.DECLINED,
        answered_at=timezone.now(),
        answered_by=by,
        decline_reason=DeclineReason(reason),
        places=0,
    )
    destroy_held_back_copies([mine])
    log.record(
        "declined request for help",
        mine,
        by=by,
        case=request.case_id,
        reason=str(reason),
    )
    ask_next_teams(request, by=by)
    update_need_of_request(request)
    tasks.notify_sender.enqueue(str(request.pk))
    return mine
