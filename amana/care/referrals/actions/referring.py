"""Send a referral: with consent, in a vital interest, or after an accepted request."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases.models.case_needs import Need
from amana.care.consent import actions as consents
from amana.care.consent import avoided, vital_interests
from amana.care.consent.models import Consent, VitalInterest
from amana.care.consent.purposes import describe_out_of_bounds
from amana.care.referrals import calendars, clocks, referral_messages, tasks
from amana.care.referrals.actions.referral_moves import (
    NEXT_DUE,
    NOT_HEARD_OF,
    S,
    notify_sender_or_recipient,
    record_referral_answer,
)
from amana.care.referrals.events import referral_answered, referral_sent
from amana.care.referrals.models import Referral, ReferralEvent, get_promised_span
from amana.care.referrals.referral_messages import HandoverMessage, MessageKind
from amana.care.referrals.rules import follow_referral
from amana.care.referrals.states import TO_CHOOSE_AGAIN
from amana.design.directory.models import Service
from amana.errors import NotAgreed, Refused
from amana.trust.access.models.organisations import Sphere, User
from amana.trust.audit import log
from amana.trust.vault import manifest


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
    notify_sender_or_recipient(referral, tasks.RECIPIENT)
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
    notify_sender_or_recipient(referral, tasks.RECIPIENT)
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
    record_referral_answer(
        referral, S.ACCEPTED, by=accepted_by, at=answered_at, places=places
    )
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
        raise NotAgreed(_("The person has not agreed to share with this service."))


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
