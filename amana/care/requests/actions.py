"""What can be done with a request for help.

Each verb is one transaction and one event in the log. Ending a consent must never wait
for us for ever: so we take the consents of a request first, in the order of their keys,
and then the request, as the end of a consent does."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases import need_kinds
from amana.care.cases.models import Need, Urgency
from amana.care.cases.rules import open_cases_in, work_on_case
from amana.care.consent import actions as consents
from amana.care.consent import consent_questions
from amana.care.consent.models import Consent
from amana.care.consent.purposes import describe_out_of_bounds
from amana.care.referrals import actions as referrals
from amana.care.referrals import calendars, clocks, referral_messages
from amana.care.referrals.models import Referral, get_promised_span
from amana.care.referrals.referral_messages import HandoverMessage
from amana.care.referrals.states import DeclineReason
from amana.care.requests import tasks
from amana.care.requests.models import MOST, Enquiry, HelpRequest
from amana.care.requests.rules import answer_enquiry, follow_request, see_enquiry
from amana.care.requests.states import (
    AskingOrder,
    EnquiryAnswer,
    HelpRequestStatus,
    SkipReason,
)
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.audit import log
from amana.trust.vault import disclosures, manifest

S, A = HelpRequestStatus, EnquiryAnswer
WHERE = "needs.area"
"""The one field that goes with a request without a name: where help is needed."""
KEPT = timedelta(days=90)
PENDING = frozenset({A.WAITING, A.ASKED})


# --- the sender


@transaction.atomic
@manifest.remember_states()
def ask(
    need: Need,
    *,
    services: Sequence[Service],
    agreed: Sequence[Consent],
    order: AskingOrder,
    by: User,
    note: str = "",
    handover: HandoverMessage | None = None,
) -> HelpRequest:
    """Ask several teams, in the order that the person agreed to, whether they can
    help."""
    case = need.case
    work_on_case.require(by, case)
    need_kinds.learn([need], by=by)
    _can_be_asked(need, services)
    by_team = {consent.recipient_id: consent for consent in agreed}
    if any(service.team_id not in by_team for service in services):
        raise Refused(_("The person has not agreed to share with this service."))
    in_order = [by_team[service.team_id] for service in services]
    for service, consent in zip(services, in_order, strict=True):
        consent.case = case
        referrals.require_consent(need, service, consent)
        referrals.require_heard_of(consent, note=note, handover=handover)
    request = HelpRequest(case=case, need=need, urgency=need.urgency)
    request.ask_for(need.type)
    enquiries = [
        Enquiry(
            request=request,
            rank=rank,
            service=service,
            recipient=service.team,
            consent=consent,
        )
        for rank, (service, consent) in enumerate(
            zip(services, in_order, strict=True), start=1
        )
    ]
    # None of them is to be left out, as may be later: we have just looked.
    first = enquiries if order == AskingOrder.AT_ONCE else enquiries[:1]
    for enquiry in first:
        _put(request, enquiry)
    request.due_at = min(enquiry.due_at for enquiry in first if enquiry.due_at)
    # For each, a copy of exactly what was agreed is sealed and held back now: a later
    # acceptance has not got the sender's keys (ADR 40).
    _create(request, sender=case.team, order=order, by=by)
    along = referral_messages.map_accompanying_letters(
        note, handover, team=case.team, by=by
    )
    copies = consents.hold_back(in_order, letters=along, by=by)
    for enquiry, copy in zip(enquiries, copies, strict=True):
        enquiry.disclosure = copy.pk
    Enquiry.objects.bulk_create(enquiries)
    request.know(enquiries)
    log.record(
        "asked for help",
        request,
        by=by,
        case=case.pk,
        services=[service.pk for service in services],
        order=order,
    )
    _tell_asked(request, first)
    _stand(request)
    return request


def _can_be_asked(need: Need, services: Sequence[Service]) -> None:
    _require_list(services)
    if need.status == Need.Status.DROPPED:
        raise Refused(_("The person no longer wants help with this need."))
    for service in services:
        _require_may_receive(service, need.type)
        if service.team_id == need.case.team_id:
            raise Refused(
                _("This is your own team’s service: you don’t need a referral.")
            )
    again = Referral.objects.waiting().filter(need=need, service__in=services)
    if again.exists():
        raise Refused(_("This need has already been referred to this service."))


def _require_list(services: Sequence[Service]) -> None:
    if not services:
        raise Refused(_("Choose at least one service."))
    if len(services) > MOST:
        raise Refused(_("Ask %(most)s services at most.") % {"most": MOST})
    if len({service.pk for service in services}) < len(services):
        raise Refused(_("Choose each service only once."))


def _require_may_receive(service: Service, kind: str) -> None:
    """Require that its sphere may hear of the need, whatever the service offers."""
    why = referrals.describe_obstacle(service) or describe_out_of_bounds(
        service.organisation.sphere, kind
    )
    if why:
        raise Refused(_("%(team)s: %(why)s") % {"team": service.called, "why": why})


@transaction.atomic
def ask_without_name(
    team: Team,
    *,
    type: str,
    services: Sequence[Service],
    by: User,
    where: str = "",
) -> HelpRequest:
    """Ask for help in an emergency, of several teams at once. It contains nothing of
    the person, so it needs no consent. Where to come is sealed for these teams."""
    open_cases_in.require(by, team)
    _require_list(services)
    for service in services:
        _require_may_receive(service, type)
        if service.team_id == team.pk:
            raise Refused(
                _("This is your own team’s service: you don’t need a referral.")
            )
    order = AskingOrder.AT_ONCE
    made = HelpRequest(urgency=Urgency.U0)
    made.ask_for(ServiceType(type))
    request = _create(made, sender=team, order=order, by=by)
    enquiries = [
        Enquiry(request=request, rank=rank, service=service, recipient=service.team)
        for rank, service in enumerate(services, start=1)
    ]
    for enquiry in enquiries:
        # A sphere that may hear of no need but its own hears by telephone where.
        hears = disclosures.is_allowed(enquiry.recipient.organisation.sphere, WHERE)
        if where.strip() and hears:
            enquiry.place = _seal_place(enquiry, where.strip(), by=by)
    Enquiry.objects.bulk_create(enquiries)
    request.know(enquiries)
    log.record(
        "asked for help without a name",
        request,
        by=by,
        team=team.pk,
        services=[service.pk for service in services],
    )
    _ask_next(request, by=by)
    return request


def _seal_place(enquiry: Enquiry, where: str, *, by: User) -> UUID:
    request = enquiry.request
    sealed = disclosures.make_disclosure(
        {WHERE: where},
        consent=enquiry.pk,
        case=request.pk,
        sender=request.sender,
        recipient=enquiry.recipient,
        purpose=disclosures.OF_NO_CASE,
        expires_at=timezone.now() + KEPT,
        by=by,
        held_back=True,
    )
    return sealed.pk


def _create(
    made: HelpRequest, *, sender: Team, order: AskingOrder, by: User
) -> HelpRequest:
    made.sender, made.asked_by, made.order = sender, by, order
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise build_already_asked() from error
    return made


def build_already_asked() -> Refused:
    return Refused(_("A request for this need is already open. Recall it first."))


@transaction.atomic
def recall(request: HelpRequest, *, by: User) -> HelpRequest:
    """Stop asking: the person wishes it no longer, or help came another way."""
    follow_request.require(by, request)
    held = _hold(request.pk)
    if held.accepted and held.accepted.referral_id:
        raise Refused(
            _("This request has been accepted and sent. Recall the referral instead.")
        )
    held.move(S.RECALLED)
    _close(held, by=by)
    _stand(held)
    log.record("recalled request for help", held, by=by, case=held.case_id)
    return held


@transaction.atomic
def join(request: HelpRequest, *, need: Need, by: User) -> HelpRequest:
    """Record for whom help was asked, once there is a case; recipients don't learn
    it."""
    follow_request.require(by, request)
    work_on_case.require(by, need.case)
    cases.require_open(need.case)
    held = _hold(request.pk)
    if held.case_id is not None:
        raise Refused(_("This request already belongs to a case."))
    if not held.is_running:
        raise held.changed()
    if need.case.team_id != held.sender_id:
        raise Refused(_("The case must belong to the team that asked for help."))
    try:
        with transaction.atomic():
            HelpRequest.objects.filter(pk=held.pk).update(case=need.case, need=need)
    except IntegrityError as error:
        raise build_already_asked() from error
    held.case, held.need = need.case, need
    _stand(held)
    log.record("joined request to case", held, by=by, case=need.case_id)
    return held


@transaction.atomic
def share(request: HelpRequest, *, consent: Consent, by: User) -> Referral:
    """Send what the person agreed to share to the team that has accepted already: the
    referral begins as accepted."""
    follow_request.require(by, request)
    held = _hold(request.pk)
    enquiry = held.accepted
    if enquiry is None or held.need is None:
        raise held.changed()
    if enquiry.referral_id is not None:
        raise Refused(
            _("The information the person agreed to share has already been sent.")
        )
    consent.case = held.need.case
    copy = consents.disclose(consent, by=by)
    referral = referrals.send_accepted(
        held.need,
        to=enquiry.service,
        consent=consent,
        disclosure=copy.pk,
        asked_at=held.sent_at,
        asked_by=held.asked_by,
        answered_at=enquiry.answered_at,
        accepted_by=_still_theirs(enquiry),
        places=enquiry.places,
        by=by,
    )
    # The referral holds the places from now on, so that they are given back once.
    _set(enquiry, consent=consent, disclosure=copy.pk, referral=referral, places=0)
    log.record("shared with who accepted", held, by=by, case=held.case_id)
    tasks.notify_recipients.enqueue([str(enquiry.pk)])
    return referral


def _still_theirs(enquiry: Enquiry) -> User | None:
    """Return who accepted, if a member of that team; not who noted it for them."""
    by = enquiry.answered_by
    ours = by and by.memberships.active().filter(team=enquiry.recipient_id)
    return by if ours and ours.exists() else None


# --- those who are asked


@transaction.atomic
def accept(enquiry: Enquiry, *, by: User, places: int | None = None) -> Enquiry:
    """Accept: the first of all who are asked gets what the person agreed to share, the
    others learn only that the question is closed."""
    answer_enquiry.require(by, enquiry)
    request, mine = _hold_enquiry(enquiry)
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
            accepted_by=_still_theirs(mine),
            places=booked,
            by=by,
        )
        _set(mine, referral=referral, places=0)
    _close_others(request, mine, by=by)
    log.record(
        "accepted request for help", mine, by=by, case=request.case_id, places=booked
    )
    _stand(request)
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
    _let_go(others)


@transaction.atomic
def decline(enquiry: Enquiry, *, reason: DeclineReason, by: User) -> Enquiry:
    """Decline, or report that the place is lost: the next team is asked at once."""
    answer_enquiry.require(by, enquiry)
    request, mine = _hold_enquiry(enquiry)
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
    _let_go([mine])
    log.record(
        "declined request for help",
        mine,
        by=by,
        case=request.case_id,
        reason=str(reason),
    )
    _ask_next(request, by=by)
    _stand(request)
    tasks.notify_sender.enqueue(str(request.pk))
    return mine


# --- the clock, other rooms


@transaction.atomic
def lapse(enquiry: Enquiry) -> bool:
    """Continue with the next team, where this one did not answer in time."""
    request, mine = _hold_enquiry(enquiry)
    # Asked again under the lock: an answer may have come in the last moment.
    if mine.state is not A.ASKED or not mine.due_at or mine.due_at > timezone.now():
        return False
    mine.move(A.LAPSED)
    _let_go([mine])
    log.record("let request for help lapse", mine, by=None, case=request.case_id)
    tasks.notify_supervisors.enqueue(str(mine.pk))
    _ask_next(request, by=None)
    _stand(request)
    tasks.notify_sender.enqueue(str(request.pk))
    return True


@transaction.atomic
def pass_on_lost_place(
    enquiry: Enquiry, *, reason: DeclineReason, by: User | None
) -> None:
    """Ask the next in line: the referral that an acceptance led to was declined after
    all."""
    request, mine = _hold_enquiry(enquiry)
    if mine.state is not A.ACCEPTED:
        return
    mine.move(A.DECLINED, decline_reason=reason)
    _forget_place(mine)
    log.record("lost accepted place", mine, by=by, case=request.case_id)
    _ask_next(request, by=by)
    _stand(request)
    tasks.notify_sender.enqueue(str(request.pk))


@transaction.atomic
def finish(request: HelpRequest, *, to: HelpRequestStatus, by: User | None) -> None:
    """End a request because the person has come, or the referral ended: no other team
    is kept in line."""
    held = _hold(request.pk)
    if held.state is not S.ACCEPTED:
        return
    held.move(to)
    _close(held, by=by)
    # Where she is helped, her consents to the others are needed no more; after a recall
    # they still count (ADR 51).
    if to is not S.RECALLED:
        _end_unused(held, held.in_order(), by=by)
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
    request = _locked(enquiry.request_id)
    if not request.is_running:
        return
    accepted = request.accepted
    mine = next(e for e in request.in_order() if e.pk == enquiry.pk)
    if accepted and accepted.pk != mine.pk:
        if mine.state in PENDING:
            mine.move(A.CLOSED)
            _let_go([mine])
        return
    request.move(S.ENDED)
    _close(request, by=by)
    _end_unused(request, request.in_order(), by=by)
    if accepted is None:
        _stand(request)
    log.record("ended request with consent", request, by=by, case=request.case_id)
    # Who recorded a withdrawal knows of it; of any other end the sender is notified.
    if mine.consent and mine.consent.status != Consent.Status.WITHDRAWN:
        tasks.notify_sender.enqueue(str(request.pk))


@transaction.atomic
def follow_case(request: HelpRequest, *, by: User) -> None:
    """Follow the case to another team: answers go there, and it is not asked itself."""
    held = _hold(request.pk)
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
    _let_go(gone)
    _end_unused(held, gone, by=by)
    if held.state is S.OPEN:
        _ask_next(held, by=by)
    log.record("moved request with case", held, by=by, case=held.case_id)


@transaction.atomic
def leave_out(request: HelpRequest, *, organisation: int, by: User) -> None:
    """Close what is still asked of an organisation where the person must not go, as was
    recorded after the request was sent; what was held back for it is destroyed."""
    held = _hold(request.pk)
    out = [
        enquiry
        for enquiry in held.in_order()
        if enquiry.state in PENDING and enquiry.service.organisation_id == organisation
    ]
    if not out:
        return
    for enquiry in out:
        enquiry.move(A.CLOSED)
    _let_go(out)
    _end_unused(held, out, by=by)
    if held.state is S.OPEN:
        _ask_next(held, by=by)
    log.record("left out of request for help", held, by=by, case=held.case_id)
    _stand(held)


def destroy_left_behind() -> int:
    """Destroy what was held back for a team that is out, where it was locked at that
    moment; return how many."""
    out = [A.DECLINED, A.LAPSED, A.SKIPPED, A.CLOSED]
    left = Enquiry.objects.filter(status__in=out, referral=None)
    left = left.exclude(disclosure=None, place=None).select_related("consent")
    found = list(left)
    for enquiry in found:
        with transaction.atomic():
            _let_go([enquiry])
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


# --- how


def _hold(pk: UUID) -> HelpRequest:
    """Lock a request and its consents, so that no one else acts on it, and none of them
    ends, until this transaction is over."""
    # Consents before the request, as where a consent ends: no deadlock.
    agreed = Enquiry.objects.filter(request=pk, consent__isnull=False)
    rows = Consent.objects.filter(pk__in=agreed.values("consent"))
    list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
    return _locked(pk)


def _locked(pk: UUID) -> HelpRequest:
    beside = ("sender", "asked_by", "case__team", "need__case__team")
    rows = HelpRequest.objects.select_for_update(of=["self"]).select_related(*beside)
    return rows.prefetch_related(
        "enquiries__service__organisation",
        "enquiries__recipient__organisation",
        "enquiries__consent__recipient",
        "enquiries__answered_by",
    ).get(pk=pk)


def _hold_enquiry(enquiry: Enquiry) -> tuple[HelpRequest, Enquiry]:
    request = _hold(enquiry.request_id)
    mine = next(e for e in request.in_order() if e.pk == enquiry.pk)
    return request, mine


def _set(enquiry: Enquiry, **changes: object) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(**changes)
    for name, value in changes.items():
        setattr(enquiry, name, value)


def _ask_next(request: HelpRequest, *, by: User | None) -> None:
    """Ask the next team; all of them, where they are asked at once. When none is left
    the sender is notified, and chooses again."""
    before = request.asked_now
    asked = list(before)
    for enquiry in request.in_order():
        if asked and request.order == AskingOrder.IN_TURN:
            break
        if enquiry.state is A.WAITING and _ask(request, enquiry, by=by):
            asked.append(enquiry)
    _tell_asked(request, asked[len(before) :])
    if not asked:
        request.move(S.UNANSWERED)
        _close(request, by=by)
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
        _let_go([enquiry])
        if reason is SkipReason.LEFT:
            _end_unused(request, [enquiry], by=by)
        return False
    _put(request, enquiry)
    if enquiry.place:
        disclosures.release(enquiry.place)
    return True


def _put(request: HelpRequest, enquiry: Enquiry) -> None:
    now = timezone.now()
    due_at = _answer_due(request, enquiry.service, now)
    enquiry.move(A.ASKED, asked_at=now, due_at=due_at)


def _tell_asked(request: HelpRequest, asked: Sequence[Enquiry]) -> None:
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


def _close(request: HelpRequest, *, by: User | None) -> None:
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
            _forget_place(enquiry)
        if lost:  # they keep a place, and wait for a call
            tasks.notify_recipients.enqueue([str(enquiry.pk)])
    _let_go(closed)


def _forget_place(enquiry: Enquiry) -> None:
    """Destroy where help was needed: who was to come there has come, or won't."""
    if enquiry.place:
        disclosures.destroy(consent=enquiry.pk)
        _set(enquiry, place=None)


def _let_go(enquiries: Iterable[Enquiry]) -> None:
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


def _end_unused(
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


def _stand(request: HelpRequest) -> None:
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
