"""What the recipient records while helping: appointment, start, report, end."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.referrals import tasks
from amana.care.referrals.actions.referral_moves import (
    S,
    announce_completion,
    change_referral_status,
    get_account,
    give_back_held_places,
    lock_referral_basis,
    notify_sender_or_recipient,
    require_may_answer,
    seal_referral_message,
    seal_step_note,
)
from amana.care.referrals.bearers import Actor
from amana.care.referrals.events import referral_met
from amana.care.referrals.models import Referral, StopReason
from amana.care.referrals.referral_messages import AppointmentMessage, MessageKind
from amana.care.referrals.rules import answer_referral
from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log


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
    require_may_answer(referral, by=by)
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
    seal_referral_message(referral, MessageKind.APPOINTMENT, content, team=team, by=by)
    change_referral_status(
        referral, S.APPOINTMENT, team=team, by=by, since=at, appointment_at=at
    )
    log.record("made appointment", referral, by=by, case=referral.case_id)
    return referral


@transaction.atomic
def record_attendance(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    require_may_answer(referral, by=by)
    seal_step_note(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    change_referral_status(referral, S.ATTENDED, team=referral.recipient, by=by)
    log.record("recorded attendance", referral, by=by, case=referral.case_id)
    referral_met.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def record_no_show(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Record that the person did not come; no one blames her, and the sender is
    notified."""
    require_may_answer(referral, by=by)
    seal_step_note(referral, MessageKind.ATTEMPT, note, team=referral.recipient, by=by)
    change_referral_status(referral, S.NO_SHOW, team=referral.recipient, by=by)
    log.record("recorded no-show", referral, by=by, case=referral.case_id)
    notify_sender_or_recipient(referral, tasks.SENDER)
    return referral


@transaction.atomic
def record_failed_attempt(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Record one more attempt to reach the person that failed."""
    require_may_answer(referral, by=by)
    seal_step_note(referral, MessageKind.ATTEMPT, note, team=referral.recipient, by=by)
    change_referral_status(referral, S.UNREACHABLE, team=referral.recipient, by=by)
    log.record("recorded failed attempt", referral, by=by, case=referral.case_id)
    notify_sender_or_recipient(referral, tasks.SENDER)
    return referral


@transaction.atomic
def start_service(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    require_may_answer(referral, by=by)
    if referral.state is S.STARTED:
        raise referral.changed(S.STARTED)
    seal_step_note(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    change_referral_status(referral, S.STARTED, team=referral.recipient, by=by)
    log.record("started service", referral, by=by, case=referral.case_id)
    referral_met.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def report_progress(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Report that the service continues, and how: asked for by the clock until it
    ends."""
    require_may_answer(referral, by=by)
    if referral.state is not S.STARTED:
        raise referral.changed(S.STARTED)
    seal_step_note(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    change_referral_status(referral, S.STARTED, team=referral.recipient, by=by)
    log.record("reported on service", referral, by=by, case=referral.case_id)
    return referral


@transaction.atomic
def complete_service(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    require_may_answer(referral, by=by)
    seal_step_note(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    change_referral_status(referral, S.COMPLETED, team=referral.recipient, by=by)
    log.record("completed service", referral, by=by, case=referral.case_id)
    announce_completion(referral, by=by)
    return referral


@transaction.atomic
def record_partly_met(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Record that the service ended and met a part of the need."""
    require_may_answer(referral, by=by)
    seal_step_note(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    change_referral_status(referral, S.PARTLY, team=referral.recipient, by=by)
    log.record("met need partly", referral, by=by, case=referral.case_id)
    announce_completion(referral, by=by)
    return referral


@transaction.atomic
def discontinue_service(
    referral: Referral, *, reason: StopReason, by: Actor, note: str = ""
) -> Referral:
    require_may_answer(referral, by=by)
    seal_step_note(referral, MessageKind.REPORT, note, team=referral.recipient, by=by)
    change_referral_status(
        referral, S.DISCONTINUED, team=referral.recipient, by=by, stop_reason=reason
    )
    log.record(
        "discontinued service", referral, by=by, case=referral.case_id, reason=reason
    )
    announce_completion(referral, by=by)
    return referral


@transaction.atomic
def record_departure(referral: Referral, *, by: User) -> Referral:
    """Give back the place that a person kept when their consent ended (`STAYS`): they
    have left, and nothing else is recorded of it."""
    answer_referral.require(by, referral)
    lock_referral_basis(referral)
    # Read again under the lock: a colleague may have given it back a moment ago.
    referral.refresh_from_db(fields=["places", "stage"])
    if referral.is_open or not referral.places:
        raise referral.changed()
    places = referral.places
    give_back_held_places(referral, by=by)
    case = referral.case_id
    log.record("gave back places", referral, by=by, case=case, places=places)
    return referral
