"""What the clock and other rooms do to a request."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from amana.care.consent.models import Consent
from amana.care.referrals.states import DeclineReason
from amana.care.requests import tasks
from amana.care.requests.actions.enquiry_moves import (
    KEPT,
    PENDING,
    A,
    S,
    ask_next_teams,
    close_pending_enquiries,
    destroy_held_back_copies,
    destroy_sealed_place,
    end_unused_consents,
    lock_request,
    lock_request_and_consents,
    lock_request_and_enquiry,
    update_need_of_request,
)
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.states import HelpRequestStatus, SkipReason
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import disclosures


@transaction.atomic
def lapse(enquiry: Enquiry) -> bool:
    """Continue with the next team, where this one did not answer in time."""
    request, mine = lock_request_and_enquiry(enquiry)
    # Asked again under the lock: an answer may have come in the last moment.
    if mine.state is not A.ASKED or not mine.due_at or mine.due_at > timezone.now():
        return False
    mine.move(A.LAPSED)
    destroy_held_back_copies([mine])
    log.record("let request for help lapse", mine, by=None, case=request.case_id)
    tasks.notify_supervisors.enqueue(str(mine.pk))
    ask_next_teams(request, by=None)
    update_need_of_request(request)
    tasks.notify_sender.enqueue(str(request.pk))
    return True


@transaction.atomic
def pass_on_lost_place(
    enquiry: Enquiry, *, reason: DeclineReason, by: User | None
) -> None:
    """Ask the next in line: the referral that an acceptance led to was declined after
    all."""
    request, mine = lock_request_and_enquiry(enquiry)
    if mine.state is not A.ACCEPTED:
        return
    mine.move(A.DECLINED, decline_reason=reason)
    destroy_sealed_place(mine)
    log.record("lost accepted place", mine, by=by, case=request.case_id)
    ask_next_teams(request, by=by)
    update_need_of_request(request)
    tasks.notify_sender.enqueue(str(request.pk))


@transaction.atomic
def finish(request: HelpRequest, *, to: HelpRequestStatus, by: User | None) -> None:
    """End a request because the person has come, or the referral ended: no other team
    is kept in line."""
    held = lock_request_and_consents(request.pk)
    if held.state is not S.ACCEPTED:
        return
    held.move(to)
    close_pending_enquiries(held, by=by)
    # Where she is helped, her consents to the others are needed no more; after a recall
    # they still count (ADR 51).
    if to is not S.RECALLED:
        end_unused_consents(held, held.in_order(), by=by)
    log.record("ended request for help", held, by=by, case=held.case_id, status=to)


def end_with_consent(consent: Consent, *, by: User | None) -> None:
    """Close the question everywhere: a consent of the list has ended. Where a team has
    accepted under another consent, only this one leaves the line."""
    for enquiry in Enquiry.objects.filter(consent=consent).select_related("request"):
        if enquiry.request.is_running:
            _end_with_consent(enquiry, by=by)


def stop_asking(consent: Consent, *, by: User) -> None:
    """Close only what waits for an answer under a consent: who accepted under it before
    has the person's information, and continues."""
    waiting = Enquiry.objects.filter(consent=consent, status__in=PENDING)
    for enquiry in waiting.select_related("request"):
        _end_with_consent(enquiry, by=by)


@transaction.atomic
def _end_with_consent(enquiry: Enquiry, *, by: User | None) -> None:
    """Close the question of one consent, which its caller has ended."""
    # Only the request is locked here: who ends a consent holds its row already, and
    # taking the others now would be out of order.
    request = lock_request(enquiry.request_id)
    if not request.is_running:
        return
    accepted = request.accepted
    mine = next(e for e in request.in_order() if e.pk == enquiry.pk)
    if accepted and accepted.pk != mine.pk:
        if mine.state in PENDING:
            mine.move(A.CLOSED)
            destroy_held_back_copies([mine])
        return
    request.move(S.ENDED)
    close_pending_enquiries(request, by=by)
    end_unused_consents(request, request.in_order(), by=by)
    if accepted is None:
        update_need_of_request(request)
    log.record("ended request with consent", request, by=by, case=request.case_id)
    # Who recorded a withdrawal knows of it; of any other end the sender is notified.
    if mine.consent and mine.consent.status != Consent.Status.WITHDRAWN:
        tasks.notify_sender.enqueue(str(request.pk))


@transaction.atomic
def follow_case(request: HelpRequest, *, by: User) -> None:
    """Follow the case to another team: answers go there, and it is not asked itself."""
    held = lock_request_and_consents(request.pk)
    if held.case is None or not held.is_running:
        return
    team = held.case.team
    HelpRequest.objects.filter(pk=held.pk).update(sender=team, asked_by=by)
    own = [e for e in held.in_order() if e.recipient_id == team.pk]
    for enquiry in own:
        if enquiry.state is A.WAITING:
            enquiry.move(A.SKIPPED, skip_reason=SkipReason.OWN)
        elif enquiry.state is A.ASKED:
            enquiry.move(A.CLOSED)
    gone = [e for e in own if e.state in {A.SKIPPED, A.CLOSED}]
    destroy_held_back_copies(gone)
    end_unused_consents(held, gone, by=by)
    if held.state is S.OPEN:
        ask_next_teams(held, by=by)
    log.record("moved request with case", held, by=by, case=held.case_id)


@transaction.atomic
def leave_out(request: HelpRequest, *, organisation: int, by: User) -> None:
    """Close what is still asked of an organisation where the person must not go, as was
    recorded after the request was sent; what was held back for it is destroyed."""
    held = lock_request_and_consents(request.pk)
    out = [
        enquiry
        for enquiry in held.in_order()
        if enquiry.state in PENDING and enquiry.service.organisation_id == organisation
    ]
    if not out:
        return
    for enquiry in out:
        enquiry.move(A.CLOSED)
    destroy_held_back_copies(out)
    end_unused_consents(held, out, by=by)
    if held.state is S.OPEN:
        ask_next_teams(held, by=by)
    log.record("left out of request for help", held, by=by, case=held.case_id)
    update_need_of_request(held)


def destroy_left_behind() -> int:
    """Destroy what was held back for a team that is out, where it was locked at that
    moment; return how many."""
    out = [A.DECLINED, A.LAPSED, A.SKIPPED, A.CLOSED]
    left = Enquiry.objects.filter(status__in=out, referral=None)
    left = left.exclude(disclosure=None, place=None).select_related("consent")
    found = list(left)
    for enquiry in found:
        with transaction.atomic():
            destroy_held_back_copies([enquiry])
    return len(found)


@transaction.atomic
def delete_old() -> int:
    """Delete what was asked without a name and ended long ago without a case, or was
    accepted long ago and never named for anyone; and where it was. Return how many
    requests."""
    long_ago = timezone.now() - KEPT
    over = Q(ended_at__lt=long_ago) | Q(status=S.ACCEPTED, sent_at__lt=long_ago)
    old = HelpRequest.objects.filter(over, case=None)
    places = Enquiry.objects.filter(request__in=old, place__isnull=False)
    # The place of a request without a case is sealed under the id of its enquiry.
    for pk in list(places.values_list("pk", flat=True)):
        disclosures.destroy(consent=pk)
    return old.delete()[1].get(HelpRequest._meta.label, 0)
