"""Ask for help, with or without a name; recall, join, share."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases import need_kinds
from amana.care.cases.models.case_needs import Need
from amana.care.cases.models.case_record import Urgency
from amana.care.cases.rules import open_cases_in, work_on_case
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.consent.purposes import describe_out_of_bounds
from amana.care.referrals import actions as referrals
from amana.care.referrals import referral_messages
from amana.care.referrals.models import Referral
from amana.care.referrals.referral_messages import HandoverMessage
from amana.care.requests import tasks
from amana.care.requests.actions.enquiry_moves import (
    KEPT,
    WHERE,
    S,
    ask_next_teams,
    close_pending_enquiries,
    lock_request_and_consents,
    mark_enquiry_asked,
    notify_of_asking,
    update_enquiry,
    update_need_of_request,
)
from amana.care.requests.models import MOST, Enquiry, HelpRequest
from amana.care.requests.rules import follow_request
from amana.care.requests.states import AskingOrder
from amana.design.directory.models import Service
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.errors import Refused
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log
from amana.trust.vault import disclosures, manifest


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
        mark_enquiry_asked(request, enquiry)
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
    notify_of_asking(request, first)
    update_need_of_request(request)
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
    ask_next_teams(request, by=by)
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
    held = lock_request_and_consents(request.pk)
    if held.accepted and held.accepted.referral_id:
        raise Refused(
            _("This request has been accepted and sent. Recall the referral instead.")
        )
    held.move(S.RECALLED)
    close_pending_enquiries(held, by=by)
    update_need_of_request(held)
    log.record("recalled request for help", held, by=by, case=held.case_id)
    return held


@transaction.atomic
def join(request: HelpRequest, *, need: Need, by: User) -> HelpRequest:
    """Record for whom help was asked, once there is a case; recipients don't learn
    it."""
    follow_request.require(by, request)
    work_on_case.require(by, need.case)
    cases.require_open(need.case)
    held = lock_request_and_consents(request.pk)
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
    update_need_of_request(held)
    log.record("joined request to case", held, by=by, case=need.case_id)
    return held


@transaction.atomic
def share(request: HelpRequest, *, consent: Consent, by: User) -> Referral:
    """Send what the person agreed to share to the team that has accepted already: the
    referral begins as accepted."""
    follow_request.require(by, request)
    held = lock_request_and_consents(request.pk)
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
        accepted_by=find_accepting_member(enquiry),
        places=enquiry.places,
        by=by,
    )
    # The referral holds the places from now on, so that they are given back once.
    update_enquiry(
        enquiry, consent=consent, disclosure=copy.pk, referral=referral, places=0
    )
    log.record("shared with who accepted", held, by=by, case=held.case_id)
    tasks.notify_recipients.enqueue([str(enquiry.pk)])
    return referral


def find_accepting_member(enquiry: Enquiry) -> User | None:
    """Return who accepted, if a member of that team; not who noted it for them."""
    by = enquiry.answered_by
    ours = by and by.memberships.active().filter(team=enquiry.recipient_id)
    return by if ours and ours.exists() else None
