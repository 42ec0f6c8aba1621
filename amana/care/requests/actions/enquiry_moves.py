"""How requests and enquiries move: locks, the next team, the end."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Value
from django.utils import timezone

from amana.care.cases import actions as cases
from amana.care.cases.models.case_needs import Need
from amana.care.consent import actions as consents
from amana.care.consent import consent_questions
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals import calendars, clocks
from amana.care.referrals.models import Referral, get_promised_span
from amana.care.requests import tasks
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.states import (
    AskingOrder,
    EnquiryAnswer,
    HelpRequestStatus,
    SkipReason,
)
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import disclosures

S, A = HelpRequestStatus, EnquiryAnswer


WHERE = "needs.area"
"""The one field that goes with a request without a name: where help is needed."""


KEPT = timedelta(days=90)


PENDING = frozenset({A.WAITING, A.ASKED})


def lock_request_and_consents(pk: UUID) -> HelpRequest:
    """Lock a request and its consents, so that no one else acts on it, and none of them
    ends, until this transaction is over."""
    # Consents before the request, as where a consent ends: no deadlock.
    agreed = Enquiry.objects.filter(request=pk, consent__isnull=False)
    rows = Consent.objects.filter(pk__in=agreed.values("consent"))
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    return lock_request(pk)


def lock_request(pk: UUID) -> HelpRequest:
    beside = ("sender", "asked_by", "case__team", "need__case__team")
    rows = HelpRequest.objects.select_for_update(of=["self"]).select_related(*beside)
    return rows.prefetch_related(
        "enquiries__service__organisation",
        "enquiries__recipient__organisation",
        "enquiries__consent__recipient",
        "enquiries__answered_by",
    ).get(pk=pk)


def lock_request_and_enquiry(enquiry: Enquiry) -> tuple[HelpRequest, Enquiry]:
    request = lock_request_and_consents(enquiry.request_id)
    mine = next(e for e in request.in_order() if e.pk == enquiry.pk)
    return request, mine


def update_enquiry(enquiry: Enquiry, **changes: object) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(**changes)
    for name, value in changes.items():
        setattr(enquiry, name, value)


def ask_next_teams(request: HelpRequest, *, by: User | None) -> None:
    """Ask the next team; all of them, where they are asked at once. When none is left
    the sender is notified, and chooses again."""
    before = request.asked_now
    asked = list(before)
    for enquiry in request.in_order():
        if asked and request.order == AskingOrder.IN_TURN:
            break
        if enquiry.state is A.WAITING and _ask(request, enquiry, by=by):
            asked.append(enquiry)
    notify_of_asking(request, asked[len(before) :])
    if not asked:
        request.move(S.UNANSWERED)
        close_pending_enquiries(request, by=by)
        log.record("found nobody to help", request, by=by, case=request.case_id)
        tasks.notify_sender.enqueue(str(request.pk))
        return
    due_at = min(enquiry.due_at for enquiry in asked if enquiry.due_at)
    if request.state is S.ACCEPTED:
        request.move(S.OPEN, due_at=due_at)
    elif request.due_at != due_at:
        HelpRequest.objects.filter(pk=request.pk).update(due_at=due_at)
        request.due_at = due_at


def _ask(request: HelpRequest, enquiry: Enquiry, *, by: User | None) -> bool:
    """Ask one team, or leave it out and record why."""
    reason = _obstacle(enquiry)
    if reason:
        enquiry.move(A.SKIPPED, skip_reason=reason)
        destroy_held_back_copies([enquiry])
        if reason is SkipReason.LEFT:
            end_unused_consents(request, [enquiry], by=by)
        return False
    mark_enquiry_asked(request, enquiry)
    if enquiry.place:
        disclosures.release(enquiry.place)
    return True


def mark_enquiry_asked(request: HelpRequest, enquiry: Enquiry) -> None:
    now = timezone.now()
    due_at = _answer_due(request, enquiry.service, now)
    enquiry.move(A.ASKED, asked_at=now, due_at=due_at)


def notify_of_asking(request: HelpRequest, asked: Sequence[Enquiry]) -> None:
    """Send one message to all who are asked now."""
    if not asked:
        return
    outside = consent_questions.list_teams_outside(
        [enquiry.recipient for enquiry in asked]
    )
    there = [str(e.pk) for e in asked if e.recipient not in outside]
    if there:
        tasks.notify_recipients.enqueue(there)
    # Those without the system hear of it by telephone, from the sender.
    if outside:
        tasks.notify_sender.enqueue(str(request.pk))  # who calls them


def _obstacle(enquiry: Enquiry) -> SkipReason | None:
    if enquiry.service.organisation.admitted_at is None:
        return SkipReason.LEFT
    if referrals.describe_obstacle(enquiry.service):
        return SkipReason.CLOSED
    agreed = enquiry.consent_id
    if agreed and not Consent.objects.standing().filter(pk=agreed).exists():
        return SkipReason.CONSENT
    return None


def _answer_due(request: HelpRequest, service: Service, now: datetime) -> datetime:
    return clocks.compute_answer_deadline(
        request.urgency, now, calendars.get_calendar(), get_promised_span(service)
    )


def close_pending_enquiries(request: HelpRequest, *, by: User | None) -> None:
    """End every question that still waits, and what was held back for it."""
    closed = []
    for enquiry in request.in_order():
        lost = enquiry.state is A.ACCEPTED and not enquiry.referral_id
        if enquiry.state in PENDING or lost:
            if enquiry.places:
                directory.give_back_places(
                    enquiry.service, places=enquiry.places, by=None
                )
            enquiry.move(A.CLOSED, places=0)
            closed.append(enquiry)
        elif enquiry.referral_id:
            destroy_sealed_place(enquiry)
        if lost:  # they keep a place, and wait for a call
            tasks.notify_recipients.enqueue([str(enquiry.pk)])
    destroy_held_back_copies(closed)


def destroy_sealed_place(enquiry: Enquiry) -> None:
    """Destroy where help was needed: who was to come there has come, or won't."""
    if enquiry.place:
        disclosures.destroy(consent=enquiry.pk)
        update_enquiry(enquiry, place=None)


def destroy_held_back_copies(enquiries: Iterable[Enquiry]) -> None:
    """Destroy what was held back for teams that are out."""
    out = list(enquiries)
    if not out:
        return
    disclosures.destroy_held_back([e.disclosure for e in out if e.disclosure])
    for enquiry in out:
        if enquiry.place:
            disclosures.destroy(consent=enquiry.pk)
    # The consent stays: when the team is asked again, the text is not read again
    # (ADR 51).
    gone = [e.pk for e in out if e.referral_id is None]
    Enquiry.objects.filter(pk__in=gone).update(disclosure=None, place=None)


def end_unused_consents(
    request: HelpRequest, enquiries: Iterable[Enquiry], *, by: User | None
) -> None:
    """End as never used the consents to teams that need none any more, unless another
    question rests on them."""
    agreed = {e.consent_id: e.consent for e in enquiries if e.consent}
    if not agreed:
        return
    pending = Enquiry.objects.filter(
        consent__in=list(agreed), status__in=PENDING | {A.ACCEPTED}
    )
    needed = set(pending.values_list("consent", flat=True))
    unused = [consent for pk, consent in agreed.items() if pk not in needed]
    consents.close_unused(unused, by=by)


def update_need_of_request(request: HelpRequest) -> None:
    """Set the need's status: referred while a team is asked; else open again."""
    if request.need is None:
        return
    # Once there is a referral, that sets the status.
    accepted = request.accepted
    if accepted and accepted.referral_id:
        return
    waits = Value(request.due_at) if request.due_at else None
    if request.is_running:
        cases.set_need_status(request.need, Need.Status.REFERRED, waits_until=waits)
    elif not Referral.objects.open().filter(need=request.need).exists():
        cases.set_need_status(
            request.need, Need.Status.OPEN, waits_until=referrals.NEXT_DUE
        )
