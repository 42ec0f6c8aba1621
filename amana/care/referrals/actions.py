"""What can be done with a referral.

Each verb is one transaction and one event in the log. What may follow what is said
in `states.NEXT`; a verb that comes too late raises `Changed` and changes nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases import actions as cases
from amana.care.cases.fields import list_closed_parts
from amana.care.cases.models import Case, Need, UnmetReason
from amana.care.cases.rules import list_readable_parts, work_on_case
from amana.care.consent import actions as consents
from amana.care.consent import avoided, vital_interests
from amana.care.consent.models import Consent, VitalInterest
from amana.care.consent.purposes import describe_out_of_bounds
from amana.care.referrals import (
    calendars,
    clocks,
    needed,
    referral_messages,
    tasks,
)
from amana.care.referrals.bearers import Actor, Outsider
from amana.care.referrals.clocks import ReferralClock
from amana.care.referrals.events import (
    organisation_avoided,
    referral_answered,
    referral_completed,
    referral_confirmed,
    referral_ended,
    referral_met,
    referral_sent,
)
from amana.care.referrals.models import (
    Cover,
    DeclineReason,
    Duty,
    OutsideChannel,
    Referral,
    ReferralEvent,
    ReferralOutcome,
    ReferralStage,
    ReferralStatus,
    StopReason,
    UnaskedReason,
    get_promised_span,
)
from amana.care.referrals.referral_messages import (
    AppointmentMessage,
    HandoverMessage,
    MessageKind,
)
from amana.care.referrals.rules import (
    answer_referral,
    arrange_team,
    carry_referral,
    cover_others,
    follow_referral,
    may_answer,
    speak_for_sender,
)
from amana.care.referrals.states import TO_CHOOSE_AGAIN, WAITS
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.errors import Refused
from amana.trust.access.models import (
    ANSWERING,
    Membership,
    Organisation,
    Sphere,
    Team,
    User,
)
from amana.trust.access.rules import Denied, find_members_answering
from amana.trust.audit import log
from amana.trust.vault import disclosures, documents, manifest, slips
from amana.trust.vault import handover as vault_handover
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.handover import IssuedPage, TriedPage
from amana.trust.vault.models import Disclosure, ReturnSlip
from amana.trust.vault.slips import IssuedSlip

S = ReferralStatus
What = ReferralEvent.What
WORDS_IN = Compartment.NEEDS
"""What the person said of a service lies with what she said of her needs."""

LETS_GO = TO_CHOOSE_AGAIN | {S.COMPLETED, S.PARTLY, S.DISCONTINUED}
"""Whoever was to come, or came, needs the place no longer."""
ONE_MINUTE = timedelta(minutes=1)
STAYS = frozenset({S.ATTENDED, S.STARTED})
"""She is there: the end of a consent does not put her out of her bed."""


# --- the sender


@transaction.atomic
@manifest.remember_states()
def send(
    need: Need,
    *,
    to: Service,
    consent: Consent,
    by: User,
    note: str = "",
    handover: HandoverMessage | None = None,
    follows: Referral | None = None,
) -> Referral:
    """Ask a service to meet a need, with exactly what the person agreed to share."""
    case = need.case
    _can_be_sent(need, to, consent, follows)
    require_heard_of(consent, note=note, handover=handover)
    consent.need = need
    # May they, is the case open, and does the consent still live: asked by the room
    # that guards it.
    disclosure = consents.disclose(consent, by=by)
    referral = _create(
        need,
        to=to,
        basis=consent,
        disclosure=disclosure.pk,
        sent_at=timezone.now(),
        by=by,
        follows=follows,
    )
    referral_messages.seal(
        disclosure, MessageKind.NOTE, {"text": note}, team=case.team, by=by
    )
    if handover:
        content = handover.content()
        referral_messages.seal(
            disclosure, MessageKind.HANDOVER, content, team=case.team, by=by
        )
    # `disclose` has asked whether it is open, and holds it so.
    cases.set_need_status(need, Need.Status.REFERRED, waits_until=NEXT_DUE, held=True)
    log.record("sent referral", referral, by=by, case=case.pk)
    referral_sent.send(Referral, referral=referral, by=by)
    _tell(referral, tasks.RECIPIENT)
    return referral


@transaction.atomic
def send_in_vital_interest(
    need: Need,
    *,
    to: Service,
    reason: VitalInterest.Reason,
    words: str,
    by: User,
) -> Referral:
    """Ask a service without the person's consent, for she can't be asked and her life
    is in danger. It is sent now; a second person confirms it (ADR 41)."""
    case = need.case
    require_can_be_asked(need, to)
    interest, disclosure = vital_interests.disclose(
        need, recipient=to.team, reason=reason, words=words, by=by
    )
    avoided.require_wanted(to.organisation_id, avoided.open_organisations(case, by=by))
    referral = _create(
        need,
        to=to,
        basis=interest,
        disclosure=disclosure.pk,
        sent_at=timezone.now(),
        by=by,
    )
    cases.set_need_status(need, Need.Status.REFERRED, waits_until=NEXT_DUE, held=True)
    log.record("sent referral in vital interest", referral, by=by, case=case.pk)
    referral_sent.send(Referral, referral=referral, by=by)
    _tell(referral, tasks.RECIPIENT)
    return referral


@transaction.atomic
def rest_on_consent(referral: Referral, consent: Consent, *, by: User) -> Referral:
    """Base a referral on the person's consent from now on: she could be asked, and
    agrees."""
    follow_referral.require(by, referral)
    interest = referral.vital_interest
    if interest is None:
        raise referral.changed()
    consents.replace_vital_interest(interest, consent, by=by)
    if not referral.change(consent=consent, vital_interest=None):
        raise referral.changed()
    log.record("based referral on consent", referral, by=by, case=referral.case_id)
    return referral


@transaction.atomic
def send_accepted(
    need: Need,
    *,
    to: Service,
    consent: Consent,
    disclosure: UUID,
    asked_at: datetime,
    asked_by: User,
    answered_at: datetime | None,
    accepted_by: User | None,
    places: int,
    by: User,
) -> Referral:
    """Make the referral of a request for help that its recipient has accepted. No one
    accepts a second time, and the places stay those that were booked with the
    acceptance.

    Part of an action of the requests, which asked who may and released `disclosure`."""
    require_consent(need, to, consent)
    referral = _create(
        need,
        to=to,
        basis=consent,
        disclosure=disclosure,
        sent_at=asked_at,
        by=asked_by,
    )
    cases.set_need_status(need, Need.Status.REFERRED, waits_until=NEXT_DUE, held=True)
    referral_sent.send(Referral, referral=referral, by=asked_by)
    _answer(referral, S.ACCEPTED, by=accepted_by, at=answered_at, places=places)
    log.record(
        "sent accepted referral", referral, by=by, case=need.case_id, places=places
    )
    referral_answered.send(Referral, referral=referral, by=accepted_by)
    return referral


def _create(
    need: Need,
    *,
    to: Service,
    basis: Consent | VitalInterest,
    disclosure: UUID,
    sent_at: datetime,
    by: User,
    follows: Referral | None = None,
) -> Referral:
    case = need.case
    due_at = clocks.compute_receipt_deadline(
        need.urgency, sent_at, calendars.get_calendar(), get_promised_span(to)
    )
    try:
        with transaction.atomic():
            referral = Referral.objects.create(
                case=case,
                need=need,
                service=to,
                sender=case.team,
                recipient=basis.recipient,
                consent=basis if isinstance(basis, Consent) else None,
                vital_interest=basis if isinstance(basis, VitalInterest) else None,
                disclosure=disclosure,
                urgency=need.urgency,
                sent_at=sent_at,
                due_at=due_at,
                tell_at=due_at,
                follows=follows,
            )
    except IntegrityError as error:
        raise Refused(
            _("This need has already been referred to this service.")
        ) from error
    ReferralEvent.objects.create(
        referral=referral, status=S.SENT, at=sent_at, team=case.team, by=by
    )
    return referral


def _can_be_sent(
    need: Need, to: Service, consent: Consent, follows: Referral | None
) -> None:
    require_can_be_asked(need, to)
    require_consent(need, to, consent)
    if follows is not None and (
        follows.need_id != need.pk or follows.state not in TO_CHOOSE_AGAIN
    ):
        raise Refused(_("Only an unsuccessful referral can be replaced."))


def require_can_be_asked(need: Need, to: Service) -> None:
    """Refuse a service that can't be asked to meet this need, consent or not."""
    if need.status == Need.Status.DROPPED:
        raise Refused(_("The person no longer wants help with this need."))
    # Whether such an organisation may hear of it is asked where it is opened: by the
    # room that seals what is shared.
    require_takes_referrals(to)
    if to.team_id == need.case.team_id:
        raise Refused(_("This is your own team’s service: you don’t need a referral."))


def require_consent(need: Need, to: Service, consent: Consent) -> None:
    """Refuse unless the person has agreed to this, and still does."""
    if (
        consent.case_id != need.case_id
        or consent.recipient_id != to.team_id
        or consent.need_id != need.pk
        or consent.purpose != Consent.Purpose.REFERRAL
        or not consent.is_live
    ):
        raise Refused(_("The person has not agreed to share with this service."))


def require_heard_of(
    consent: Consent, *, note: str, handover: HandoverMessage | None
) -> None:
    """Refuse a letter of which she did not hear."""
    written = {
        MessageKind.NOTE: bool(note.strip()),
        MessageKind.HANDOVER: bool(handover),
    }
    if any(there and kind not in consent.along for kind, there in written.items()):
        raise Refused(str(NOT_HEARD_OF))


NOT_HEARD_OF = gettext_lazy(
    "The person was not informed that this is sent too. Remove it, or ask again."
)


def require_takes_referrals(service: Service, need: Need | None = None) -> None:
    """Refuse a service to which nothing can be sent, before anyone asks the person to
    agree."""
    reason = describe_obstacle(service, need)
    if reason:
        raise Refused(reason)


def describe_obstacle(service: Service, need: Need | None = None) -> str:
    """Describe why nothing can be sent to a service, whatever anyone agrees to; else
    empty. Of a `need`: also, why this can't be sent to this kind of organisation."""
    if not service.accepts_referrals:
        return _("This service does not take referrals: people go there themselves.")
    if service.status != Service.Status.ACTIVE:
        return _("This service takes no new people at present.")
    if service.organisation.sphere == Sphere.BORDER:
        return _("Nothing can be sent to border or immigration services.")
    if service.organisation.admitted_at is None:
        return _("This organisation has not been admitted to the mechanism.")
    return (
        describe_out_of_bounds(service.organisation.sphere, need.type) if need else ""
    )


@transaction.atomic
def recall(referral: Referral, *, by: User) -> Referral:
    """Take a referral back: the person wishes it no longer, or another has accepted."""
    _may_speak(referral, by=by)
    _move(referral, S.RECALLED, team=referral.sender, by=by)
    log.record("recalled referral", referral, by=by, case=referral.case_id)
    referral_ended.send(Referral, referral=referral, by=by)
    _tell(referral, tasks.RECIPIENT)
    return referral


@transaction.atomic
def confirm(
    referral: Referral, *, outcome: ReferralOutcome, by: User, words: str = ""
) -> Referral:
    """Record what the person herself answers: the loop is closed."""
    _may_speak(referral, by=by)
    if words:
        content = {"outcome": str(outcome), "words": words}
        name = referral.document
        documents.write(referral.case_id, WORDS_IN, content, by=by, name=name)
    _move(
        referral,
        S.CONFIRMED,
        team=referral.sender,
        by=by,
        need=NEED_AFTER[outcome],
        outcome=outcome,
    )
    log.record(
        "recorded what the person said",
        referral,
        by=by,
        case=referral.case_id,
        outcome=outcome,
    )
    referral_confirmed.send(Referral, referral=referral, by=by)
    return referral


@transaction.atomic
def close_unasked(referral: Referral, *, reason: UnaskedReason, by: User) -> Referral:
    """Close the loop without the person's answer, and record why there is none."""
    _may_speak(referral, by=by)
    reported = referral.state
    _move(
        referral,
        S.UNCONFIRMED,
        team=referral.sender,
        by=by,
        need=NEED_REPORTED.get(reported),
        unasked_reason=reason,
    )
    log.record(
        "closed referral unasked",
        referral,
        by=by,
        case=referral.case_id,
        reason=reason,
    )
    referral_confirmed.send(Referral, referral=referral, by=by)
    return referral


NEED_AFTER: dict[ReferralOutcome, Need.Status] = {
    ReferralOutcome.MET: Need.Status.MET,
    ReferralOutcome.PARTLY: Need.Status.PARTLY,
    ReferralOutcome.NOT: Need.Status.OPEN,
}
NEED_REPORTED: dict[ReferralStatus, Need.Status] = {
    S.COMPLETED: Need.Status.MET,
    S.PARTLY: Need.Status.PARTLY,
    S.DISCONTINUED: Need.Status.OPEN,
}


@transaction.atomic
def avoid_organisation(case: Case, *, organisation: Organisation, by: User) -> None:
    """Exclude an organisation for this person: it is not offered again, and sent
    nothing."""
    work_on_case.require(by, case)
    if avoided.set_avoided(case, organisation.pk, avoid=True, by=by):
        log.record("set organisation to avoid", case, by=by, case=case.pk)
        organisation_avoided.send(Case, case=case, organisation=organisation, by=by)


@transaction.atomic
def stop_avoiding(case: Case, *, organisation: Organisation, by: User) -> None:
    work_on_case.require(by, case)
    if avoided.set_avoided(case, organisation.pk, avoid=False, by=by):
        log.record("lifted organisation to avoid", case, by=by, case=case.pk)


@transaction.atomic
def record_unmet_need(need: Need, *, reason: UnmetReason, by: User) -> Need:
    """Record that the person chose none: an unmet need, with the reason, that gaps are
    made of."""
    work_on_case.require(by, need.case)
    if Referral.objects.waiting().filter(need=need).exists():
        raise Refused(
            _("Another service is still being asked. Recall that request first.")
        )
    cases.settle_need(need, status=Need.Status.UNMET, reason=reason, by=by)
    log.record("found nothing acceptable", need, by=by, case=need.case_id, why=reason)
    return need


# --- the recipient answers


@transaction.atomic
def acknowledge(referral: Referral, *, by: Actor) -> Referral:
    """Acknowledge receipt; the answer follows."""
    _may_answer(referral, by=by)
    _move(referral, S.RECEIVED, team=referral.recipient, by=by)
    log.record("received referral", referral, by=by, case=referral.case_id)
    return referral


@transaction.atomic
def accept(
    referral: Referral, *, by: Actor, note: str = "", places: int | None = None
) -> Referral:
    """Accept, and take a place if the service counts them (`places`: how many)."""
    _may_answer(referral, by=by)
    service = referral.service
    held = 0
    # A team without the system counts its places itself.
    if not isinstance(by, Outsider) and answer_referral.permits(by, referral):
        held = needed.count_places(referral, by=by) if places is None else places
        if held:
            held = directory.book_places(service, places=held, by=by)
    _write(referral, MessageKind.ANSWER, note, team=referral.recipient, by=by)
    _answer(referral, S.ACCEPTED, by=by, places=held)
    log.record("accepted referral", referral, by=by, case=referral.case_id, places=held)
    referral_answered.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def add_to_waiting_list(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Record that there is no place yet; confirmed again each time that the clock
    asks."""
    _may_answer(referral, by=by)
    _write(referral, MessageKind.ANSWER, note, team=referral.recipient, by=by)
    _answer(referral, S.WAITLISTED, by=by)
    log.record("waitlisted referral", referral, by=by, case=referral.case_id)
    referral_answered.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def decline(
    referral: Referral, *, reason: DeclineReason, by: Actor, note: str = ""
) -> Referral:
    """Decline, with the reason; the sender chooses again at once."""
    _may_answer(referral, by=by)
    _write(referral, MessageKind.ANSWER, note, team=referral.recipient, by=by)
    _answer(referral, S.DECLINED, by=by, decline_reason=reason)
    log.record(
        "declined referral", referral, by=by, case=referral.case_id, reason=reason
    )
    referral_answered.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def redirect(referral: Referral, *, to: Service, by: User, note: str = "") -> Referral:
    """Decline and suggest who may help instead. Nothing is passed on: the person is
    asked."""
    _may_answer(referral, by=by)
    if to.pk == referral.service_id:
        raise Refused(_("Choose a service other than your own."))
    see_service.require(by, to)
    require_takes_referrals(to)
    _write(referral, MessageKind.ANSWER, note, team=referral.recipient, by=by)
    _answer(referral, S.REDIRECTED, by=by, redirected_to=to)
    log.record("redirected referral", referral, by=by, case=referral.case_id, to=to.pk)
    referral_answered.send(Referral, referral=referral, by=by)
    return referral


@transaction.atomic
def take_on(referral: Referral, *, by: User) -> Referral:
    """Take it on among colleagues; the team stays answerable."""
    _may_answer(referral, by=by)
    if not referral.is_open or not referral.change(handler=by):
        raise referral.changed()
    _happened(referral, ReferralEvent.What.TAKEN, team=referral.recipient, by=by)
    log.record("took on referral", referral, by=by, case=referral.case_id)
    return referral


@transaction.atomic
def assign(referral: Referral, *, to: User, by: User) -> Referral:
    """Hand it to a colleague who answers in the same team, which stays answerable."""
    _may_answer(referral, by=by)
    if (
        not find_members_answering()
        .filter(team=referral.recipient_id, user=to)
        .exists()
    ):
        raise Refused(_("This colleague does not answer for the team."))
    if not referral.is_open or not referral.change(handler=to):
        raise referral.changed()
    _happened(referral, ReferralEvent.What.TAKEN, team=referral.recipient, by=by)
    log.record(
        "assigned referral", referral, by=by, case=referral.case_id, worker=to.pk
    )
    return referral


@dataclass(frozen=True)
class NotHandedOver:
    """A referral that could not be assigned, and why."""

    referral: Referral
    reason: str


def assign_together(
    referrals: Iterable[Referral], *, to: User, by: User
) -> list[NotHandedOver]:
    """Assign each referral on its own, with its own event; return what was refused."""
    refused: list[NotHandedOver] = []
    for referral in referrals:
        try:
            assign(referral, to=to, by=by)
        except Denied:
            reason = _("Your team does not answer this referral.")
            refused.append(NotHandedOver(referral, reason))
        except Refused as no:
            refused.append(NotHandedOver(referral, str(no)))
    return refused


# --- the recipient helps


@transaction.atomic
def make_appointment(
    referral: Referral,
    *,
    at: datetime,
    by: Actor,
    place: str = "",
    where: str = "",
    accompanied_by: str = "",
    interpreter: str = "",
    contact: str = "",
) -> Referral:
    """Record when and where the person is expected, and who comes along."""
    _may_answer(referral, by=by)
    if at <= timezone.now():
        raise Refused(_("An appointment has to be in the future."))
    appointment = AppointmentMessage(
        at=at,
        place=place,
        where=where,
        accompanied_by=accompanied_by,
        interpreter=interpreter,
        contact=contact,
    )
    team, content = referral.recipient, appointment.content()
    _seal(referral, MessageKind.APPOINTMENT, content, team=team, by=by)
    _move(referral, S.APPOINTMENT, team=team, by=by, since=at, appointment_at=at)
    log.record("made appointment", referral, by=by, case=referral.case_id)
    return referral


@transaction.atomic
def record_attendance(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    _may_answer(referral, by=by)
    _write(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    _move(referral, S.ATTENDED, team=referral.recipient, by=by)
    log.record("recorded attendance", referral, by=by, case=referral.case_id)
    referral_met.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def record_no_show(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Record that the person did not come; no one blames her, and the sender is
    notified."""
    _may_answer(referral, by=by)
    _write(referral, MessageKind.ATTEMPT, note, team=referral.recipient, by=by)
    _move(referral, S.NO_SHOW, team=referral.recipient, by=by)
    log.record("recorded no-show", referral, by=by, case=referral.case_id)
    _tell(referral, tasks.SENDER)
    return referral


@transaction.atomic
def record_failed_attempt(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Record one more attempt to reach the person that failed."""
    _may_answer(referral, by=by)
    _write(referral, MessageKind.ATTEMPT, note, team=referral.recipient, by=by)
    _move(referral, S.UNREACHABLE, team=referral.recipient, by=by)
    log.record("recorded failed attempt", referral, by=by, case=referral.case_id)
    _tell(referral, tasks.SENDER)
    return referral


@transaction.atomic
def start_service(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    _may_answer(referral, by=by)
    if referral.state is S.STARTED:
        raise referral.changed(S.STARTED)
    _write(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    _move(referral, S.STARTED, team=referral.recipient, by=by)
    log.record("started service", referral, by=by, case=referral.case_id)
    referral_met.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def report_progress(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Report that the service continues, and how: asked for by the clock until it
    ends."""
    _may_answer(referral, by=by)
    if referral.state is not S.STARTED:
        raise referral.changed(S.STARTED)
    _write(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    _move(referral, S.STARTED, team=referral.recipient, by=by)
    log.record("reported on service", referral, by=by, case=referral.case_id)
    return referral


@transaction.atomic
def complete_service(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    _may_answer(referral, by=by)
    _write(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    _move(referral, S.COMPLETED, team=referral.recipient, by=by)
    log.record("completed service", referral, by=by, case=referral.case_id)
    _reported(referral, by=by)
    return referral


@transaction.atomic
def record_partly_met(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Record that the service ended and met a part of the need."""
    _may_answer(referral, by=by)
    _write(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    _move(referral, S.PARTLY, team=referral.recipient, by=by)
    log.record("met need partly", referral, by=by, case=referral.case_id)
    _reported(referral, by=by)
    return referral


@transaction.atomic
def discontinue_service(
    referral: Referral, *, reason: StopReason, by: Actor, note: str = ""
) -> Referral:
    _may_answer(referral, by=by)
    _write(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    _move(referral, S.DISCONTINUED, team=referral.recipient, by=by, stop_reason=reason)
    log.record(
        "discontinued service", referral, by=by, case=referral.case_id, reason=reason
    )
    _reported(referral, by=by)
    return referral


@transaction.atomic
def record_departure(referral: Referral, *, by: User) -> Referral:
    """Give back the place that a person kept when their consent ended (`STAYS`): they
    have left, and nothing else is recorded of it."""
    answer_referral.require(by, referral)
    _hold(referral)
    # Read again under the lock: a colleague may have given it back a moment ago.
    referral.refresh_from_db(fields=["places", "stage"])
    if referral.is_open or not referral.places:
        raise referral.changed()
    places = referral.places
    _give_back(referral, by=by)
    case = referral.case_id
    log.record("gave back places", referral, by=by, case=case, places=places)
    return referral


# --- both


@transaction.atomic
def write_message(referral: Referral, *, text: str, by: Actor) -> None:
    """Write to the other team; sealed with what was shared, and gone with it."""
    ours = True
    if isinstance(by, Outsider):
        _may_answer(referral, by=by)
    elif ours := answer_referral.permits(by, referral):
        _hold(referral)
    else:
        _may_speak(referral, by=by)
    if not referral.is_open:
        raise referral.changed()
    team = referral.recipient if ours else referral.sender
    _seal(referral, MessageKind.MESSAGE, {"text": text}, team=team, by=by)
    way = by.way if isinstance(by, Outsider) else OutsideChannel.HERE
    _happened(
        referral, ReferralEvent.What.WROTE, team=team, by=get_account(by), way=way
    )
    log.record("wrote about referral", referral, by=by, case=referral.case_id)
    _tell(referral, tasks.SENDER if ours else tasks.RECIPIENT)


# --- a recipient without the system


@transaction.atomic
def offer_page(referral: Referral, *, by: User) -> IssuedPage:
    """Make a page that a code, given by voice, opens once; an earlier one is gone."""
    carry_referral.require(by, referral)
    _hold(referral)
    if not referral.is_open:
        raise referral.changed()
    shared = referral_messages.get_disclosure(referral)
    _require_whole(shared, referral, by=by)
    offered = vault_handover.offer(shared, by=by)
    log.record("offered referral by page", referral, by=by, case=referral.case_id)
    return offered


@transaction.atomic
def open_page(referral: Referral, *, tried: TriedPage) -> str:
    """Open the page whose code was right: who opened it has seen the referral.
    Returns what belongs into the cookie of their browser."""
    _hold(referral)
    if not referral.is_open:
        raise referral.changed()
    cookie = vault_handover.open_once(tried)
    by, team = tried.bearer, referral.recipient
    if referral.state is S.SENT:
        _move(referral, S.RECEIVED, team=team, by=None, way=OutsideChannel.PAGE)
        log.record("received referral", referral, by=by, case=referral.case_id)
    else:
        what = ReferralEvent.What.OPENED
        _happened(referral, what, team=team, by=None, way=OutsideChannel.PAGE)
        log.record("opened referral again", referral, by=by, case=referral.case_id)
    return cookie


@transaction.atomic
def record_wrong_code(referral: Referral, *, destroyed: What | None) -> None:
    """Show the sender that a wrong code was tried; `destroyed`: what that ended."""
    tried = ReferralEvent.What.WRONG_CODE
    for what in (tried, destroyed) if destroyed else (tried,):
        _happened(referral, what, team=None, by=None)
    log.record("noted wrong code", referral, by=None, case=referral.case_id)
    if destroyed:
        _tell(referral, tasks.SENDER)


@transaction.atomic
def offer_slip(referral: Referral, *, way: ReturnSlip.Way, by: User) -> IssuedSlip:
    """Make a return slip, to be printed or given by voice: an answer-only code."""
    carry_referral.require(by, referral)
    _hold(referral)
    if not referral.is_open:
        raise referral.changed()
    made = slips.offer_slip(referral_messages.get_disclosure(referral), way=way, by=by)
    log.record("handed out return slip", referral, by=by, case=referral.case_id)
    return made


@transaction.atomic
def revoke_slips(referral: Referral, *, by: User) -> None:
    """End every return slip of a referral, and all that is open by one."""
    carry_referral.require(by, referral)
    _hold(referral)
    gone = slips.revoke(referral.disclosure)
    log.record(
        "revoked return slips", referral, by=by, case=referral.case_id, slips=gone
    )


# --- the clock, and the end of consent


@transaction.atomic
def expire(referral: Referral, *, by: User | None = None) -> Referral:
    """End a request that was never answered although everyone was notified; `by` None:
    the clock. The sender is notified, and chooses again."""
    if by is not None:
        _may_speak(referral, by=by)
    _hold(referral)
    _move(referral, S.EXPIRED, team=None, by=by)
    log.record("expired referral", referral, by=by, case=referral.case_id)
    referral_ended.send(Referral, referral=referral, by=by)
    _tell(referral, tasks.SENDER)
    return referral


@transaction.atomic
def restart_clock(referral: Referral, *, at: datetime) -> bool:
    """Give the recipient the whole time to answer from `at`, when an outage ended in
    which they could neither be notified nor answer; False where they just did."""
    calendar = calendars.get_calendar()
    referral.restarted_at = at
    due_at = referral.reply_by
    if referral.state is S.SENT:
        within = get_promised_span(referral.service)
        due_at = clocks.compute_receipt_deadline(referral.urgency, at, calendar, within)
    waits = Referral.objects.filter(
        pk=referral.pk, version=referral.version, restarted_at=None
    )
    if not waits.update(restarted_at=at, due_at=due_at, tell_at=due_at, told=0):
        return False
    _happened(referral, ReferralEvent.What.RESTARTED, team=None, by=None)
    log.record("restarted clock", referral, by=None, case=referral.case_id)
    _tell(referral, tasks.RECIPIENT)
    return True


def end_with_vital_interest(interest: VitalInterest, *, by: User | None) -> None:
    """End what was still open under vital interests that have ended."""
    still = Referral.objects.filter(vital_interest=interest)
    for referral in still.filter(
        stage__in=[ReferralStage.ANSWER, ReferralStage.SERVICE]
    ):
        _end_with_consent(referral, S.WITHDRAWN, by=by)


def end_with_consent(consent: Consent, *, by: User | None) -> None:
    """End what was still open under a consent that has ended; its copy is already
    gone."""
    over = S.EXPIRED if consent.status == Consent.Status.EXPIRED else S.WITHDRAWN
    still = Referral.objects.filter(consent=consent)
    for referral in still.filter(
        stage__in=[ReferralStage.ANSWER, ReferralStage.SERVICE]
    ):
        _end_with_consent(referral, over, by=by)


@transaction.atomic
def _end_with_consent(
    referral: Referral, over: ReferralStatus, *, by: User | None
) -> None:
    """End one referral. Its basis is locked by who ended it, so no one else acts now:
    see `_hold`."""
    was = referral.state
    referral.move(over)
    if was not in STAYS:
        _give_back(referral, by=None)
    team = referral.sender if by else None
    _happened(referral, ReferralEvent.What.MOVED, team=team, by=by)
    _settle(referral, Need.Status.OPEN)
    log.record(
        "ended referral with consent",
        referral,
        by=by,
        case=referral.case_id,
        status=over,
    )
    referral_ended.send(Referral, referral=referral, by=by)
    # Where a colleague recorded the withdrawal, the sender's team knows of it already.
    if by is None:
        _tell(referral, tasks.SENDER)


# --- who answers, who covers


@transaction.atomic
def arrange_cover(
    team: Team,
    *,
    away: User,
    covered_by: User,
    first_on: date,
    last_on: date,
    by: User,
) -> Cover:
    """Record who is notified of and shown a colleague's work while they are away."""
    if by != away:
        cover_others.require(by, team)
    _are_members(team, [away, covered_by])
    if away == covered_by:
        raise Refused(_("Choose someone else as cover."))
    if last_on < first_on:
        raise Refused(_("The last day is before the first day."))
    cover = Cover.objects.create(
        team=team, away=away, covered_by=covered_by, first_on=first_on, last_on=last_on
    )
    log.record("arranged cover", cover, by=by, team=team.pk)
    return cover


@transaction.atomic
def end_cover(cover: Cover, *, by: User) -> None:
    if by != cover.away:
        arrange_team.require(by, cover.team)
    log.record("ended cover", cover, by=by, team=cover.team_id)
    cover.delete()


@transaction.atomic
def set_duty(team: Team, *, weekday: int, workers: Collection[User], by: User) -> None:
    """Record who reads the inbox on a day of the week; if none is named, everyone
    does."""
    arrange_team.require(by, team)
    _are_members(team, workers)
    Duty.objects.filter(team=team, weekday=weekday).delete()
    Duty.objects.bulk_create(
        [Duty(team=team, weekday=weekday, worker=worker) for worker in workers]
    )
    log.record(
        "set duty",
        team,
        by=by,
        weekday=weekday,
        workers=sorted(worker.pk for worker in workers),
    )


def _are_members(team: Team, people: Collection[User]) -> None:
    """Require that these are members who may open the inbox."""
    ours = Membership.objects.holding(ANSWERING).filter(team=team)
    known = set(ours.values_list("user", flat=True))
    if any(person.pk not in known for person in people):
        raise Refused(_("Only members who answer this team’s referrals can be named."))


# --- how


def _require_whole(shared: Disclosure, referral: Referral, *, by: User) -> None:
    """Require that `by` may read all of it: a page shows everything that was shared."""
    parts = list_readable_parts(by, referral.case)
    if list_closed_parts(parts, shared.fields):
        raise Refused(_("This part of the case is not open to your role."))


def get_account(by: Actor | None) -> User | None:
    """Get the account that acts; None for an outsider."""
    return None if isinstance(by, Outsider) else by


def _may_answer(referral: Referral, *, by: Actor) -> None:
    if isinstance(by, Outsider):
        _hold(referral)
        by.require(referral)  # locked: no one revokes it meanwhile
        return
    may_answer.require(by, referral)
    _hold(referral)


def _may_speak(referral: Referral, *, by: User) -> None:
    speak_for_sender.require(by, referral)
    _hold(referral)


def _hold(referral: Referral) -> None:
    """Lock what a referral rests on, so that no one else acts and it does not end
    meanwhile."""
    # Ending a consent changes its row first, and then its referrals. Locked in the same
    # order here, so neither waits for the other for ever.
    room = VitalInterest if referral.vital_interest_id else Consent
    held = room._default_manager.select_for_update().filter(pk=referral.basis_id)
    held.values_list("pk", flat=True).get()


def _answer(
    referral: Referral,
    to: ReferralStatus,
    *,
    by: Actor | None,
    at: datetime | None = None,
    **changes: Any,
) -> None:
    first = referral.answered_at is None
    now = at or timezone.now()
    if first:
        changes["answered_at"] = now
    _move(referral, to, team=referral.recipient, by=by, **changes)
    # Only the first answer counts for how fast a service answers: a waiting list is
    # asked again and again.
    if first:
        due_at, start = referral.reply_by, min(referral.counted_from, now)
        directory.record_answer(
            referral.service,
            took_minutes=(now - start) // ONE_MINUTE,
            promised_minutes=(due_at - start) // ONE_MINUTE,
            by=get_account(by),
        )
    _tell(referral, tasks.SENDER)


def _move(
    referral: Referral,
    to: ReferralStatus,
    *,
    team: Team | None,
    by: Actor | None,
    since: datetime | None = None,
    need: Need.Status | None = None,
    way: OutsideChannel | None = None,
    **changes: Any,
) -> None:
    """Change the status, set the clocks, record who did it. `need`: the need's status
    from now on; a referral that failed opens it again."""
    ours = team is not None and team.pk == referral.recipient_id
    if way is None:
        way = by.way if isinstance(by, Outsider) else OutsideChannel.HERE
    user = get_account(by)
    if ours and team is not None:
        member = _member(user, team, referral)
        changes.setdefault("handler", referral.handler or member)
        way = OutsideChannel.NOTED if user and not member else way
    referral.move(to, **_due(referral, to, since), **changes)
    if to in LETS_GO:
        # A place belongs to the recipient: a recall gives it back as the clock would.
        _give_back(referral, by=user if ours else None)
    if to in TO_CHOOSE_AGAIN:
        disclosures.take_back(referral.disclosure)
    if to.stage is ReferralStage.ENDED:
        vault_handover.close(referral.disclosure)
    _happened(referral, ReferralEvent.What.MOVED, team=team, by=user, way=way)
    _settle(referral, Need.Status.OPEN if to in TO_CHOOSE_AGAIN else need)


def _member(by: User | None, team: Team, referral: Referral) -> User | None:
    """Return who acts, unless they note what a team without the system answered."""
    if by is None or by.pk == referral.handler_id:
        return by
    ours = Membership.objects.active().filter(user=by, team=team)
    return by if ours.exists() else None


def _due(
    referral: Referral, to: ReferralStatus, since: datetime | None
) -> dict[str, Any]:
    """Compute when it next has to be acted on; `since`: the moment of an
    appointment."""
    if to not in WAITS:
        return {}
    calendar, start = calendars.get_calendar(), since or timezone.now()
    _turn, clock = WAITS[to]
    if clock is ReferralClock.ANSWER:
        due_at = referral.reply_by
    else:
        again = to is S.STARTED and referral.state is S.STARTED
        clock = ReferralClock.NEXT_FOLLOW_UP if again else clock
        due_at = clocks.compute_deadline(clock, referral.urgency, start, calendar)
    return {"due_at": due_at, "tell_at": due_at, "told": 0}


def _happened(
    referral: Referral,
    what: ReferralEvent.What,
    *,
    team: Team | None,
    by: User | None,
    way: OutsideChannel = OutsideChannel.HERE,
) -> None:
    ReferralEvent.objects.create(
        referral=referral, what=what, status=referral.status, team=team, by=by, way=way
    )


def _write(
    referral: Referral, kind: MessageKind, text: str, *, team: Team, by: Actor
) -> None:
    """Seal a word that goes with a step; of an outsider, also the name they gave."""
    if text or (isinstance(by, Outsider) and by.name):
        _seal(referral, kind, {"text": text}, team=team, by=by)


def _seal(
    referral: Referral,
    kind: MessageKind,
    content: dict[str, Any],
    *,
    team: Team,
    by: Actor,
) -> None:
    if isinstance(by, Outsider):
        by.put_letter(kind, content, team=team)
    else:
        referral_messages.write(referral, kind, content, team=team, by=by)


def _give_back(referral: Referral, *, by: User | None) -> None:
    held = referral.places
    # Compare and set: of two that give back at the same moment, one does.
    if held and Referral.objects.filter(pk=referral.pk, places=held).update(places=0):
        referral.places = 0
        directory.give_back_places(referral.service, places=held, by=by)


def _reported(referral: Referral, *, by: Actor) -> None:
    referral_completed.send(Referral, referral=referral, by=get_account(by))
    _tell(referral, tasks.SENDER)


NEXT_DUE = Subquery(
    Referral.objects.open()
    .filter(case=OuterRef("pk"))
    .order_by("due_at")
    .values("due_at")[:1]
)
"""Of a case: when the next of its open referrals is due."""


def _settle(referral: Referral, to: Need.Status | None) -> None:
    """Set the need's status, unless another service is still asked or at work; and
    record with the case when the next of its referrals is due."""
    others = Referral.objects.open().filter(need=referral.need_id)
    if to is None or others.exclude(pk=referral.pk).exists():
        cases.refresh_deadline(referral.case, NEXT_DUE)
    else:
        cases.set_need_status(referral.need, to, waits_until=NEXT_DUE)


def _tell(referral: Referral, whom: str) -> None:
    """Queue the notification."""
    # In the transaction: with the database as queue, the message can't be lost.
    tasks.notify_people.enqueue(str(referral.pk), whom)
