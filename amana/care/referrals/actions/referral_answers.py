"""What the recipient answers, and which colleague takes it on."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from amana.care.referrals import needed
from amana.care.referrals.actions.referral_moves import (
    S,
    change_referral_status,
    get_account,
    record_referral_answer,
    record_referral_event,
    require_may_answer,
    seal_step_note,
)
from amana.care.referrals.actions.referring import require_takes_referrals
from amana.care.referrals.bearers import Actor, Outsider
from amana.care.referrals.events import referral_answered
from amana.care.referrals.models import DeclineReason, Referral, ReferralEvent
from amana.care.referrals.referral_messages import MessageKind
from amana.care.referrals.rules import answer_referral
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.access.rules import Denied, find_members_answering
from amana.trust.audit import log


@transaction.atomic
def acknowledge(referral: Referral, *, by: Actor) -> Referral:
    """Acknowledge receipt; the answer follows."""
    require_may_answer(referral, by=by)
    change_referral_status(referral, S.RECEIVED, team=referral.recipient, by=by)
    log.record("received referral", referral, by=by, case=referral.case_id)
    return referral


@transaction.atomic
def accept(
    referral: Referral, *, by: Actor, note: str = "", places: int | None = None
) -> Referral:
    """Accept, and take a place if the service counts them (`places`: how many)."""
    require_may_answer(referral, by=by)
    service = referral.service
    held = 0
    # A team without the system counts its places itself.
    if not isinstance(by, Outsider) and answer_referral.permits(by, referral):
        held = needed.count_places(referral, by=by) if places is None else places
        if held:
            held = directory.book_places(service, places=held, by=by)
    seal_step_note(referral, MessageKind.ANSWER, note, team=referral.recipient, by=by)
    record_referral_answer(referral, S.ACCEPTED, by=by, places=held)
    log.record("accepted referral", referral, by=by, case=referral.case_id, places=held)
    referral_answered.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def add_to_waiting_list(referral: Referral, *, by: Actor, note: str = "") -> Referral:
    """Record that there is no place yet; confirmed again each time that the clock
    asks."""
    require_may_answer(referral, by=by)
    seal_step_note(referral, MessageKind.ANSWER, note, team=referral.recipient, by=by)
    record_referral_answer(referral, S.WAITLISTED, by=by)
    log.record("waitlisted referral", referral, by=by, case=referral.case_id)
    referral_answered.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def decline(
    referral: Referral, *, reason: DeclineReason, by: Actor, note: str = ""
) -> Referral:
    """Decline, with the reason; the sender chooses again at once."""
    require_may_answer(referral, by=by)
    seal_step_note(referral, MessageKind.ANSWER, note, team=referral.recipient, by=by)
    record_referral_answer(referral, S.DECLINED, by=by, decline_reason=reason)
    log.record(
        "declined referral", referral, by=by, case=referral.case_id, reason=reason
    )
    referral_answered.send(Referral, referral=referral, by=get_account(by))
    return referral


@transaction.atomic
def redirect(referral: Referral, *, to: Service, by: User, note: str = "") -> Referral:
    """Decline and suggest who may help instead. Nothing is passed on: the person is
    asked."""
    require_may_answer(referral, by=by)
    if to.pk == referral.service_id:
        raise Refused(_("Choose a service other than your own."))
    see_service.require(by, to)
    require_takes_referrals(to)
    seal_step_note(referral, MessageKind.ANSWER, note, team=referral.recipient, by=by)
    record_referral_answer(referral, S.REDIRECTED, by=by, redirected_to=to)
    log.record("redirected referral", referral, by=by, case=referral.case_id, to=to.pk)
    referral_answered.send(Referral, referral=referral, by=by)
    return referral


@transaction.atomic
def take_on(referral: Referral, *, by: User) -> Referral:
    """Take it on among colleagues; the team stays answerable."""
    require_may_answer(referral, by=by)
    if not referral.is_open or not referral.change(handler=by):
        raise referral.changed()
    record_referral_event(
        referral, ReferralEvent.What.TAKEN, team=referral.recipient, by=by
    )
    log.record("took on referral", referral, by=by, case=referral.case_id)
    return referral


@transaction.atomic
def assign(referral: Referral, *, to: User, by: User) -> Referral:
    """Hand it to a colleague who answers in the same team, which stays answerable."""
    require_may_answer(referral, by=by)
    if (
        not find_members_answering()
        .filter(team=referral.recipient_id, user=to)
        .exists()
    ):
        raise Refused(_("This colleague does not answer for the team."))
    if not referral.is_open or not referral.change(handler=to):
        raise referral.changed()
    record_referral_event(
        referral, ReferralEvent.What.TAKEN, team=referral.recipient, by=by
    )
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
