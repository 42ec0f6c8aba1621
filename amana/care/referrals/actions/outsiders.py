"""Messages, and a recipient without the system: page and return slips."""

from django.db import transaction

from amana.care.referrals import referral_messages, tasks
from amana.care.referrals.actions.referral_moves import (
    S,
    What,
    change_referral_status,
    get_account,
    lock_referral_basis,
    notify_sender_or_recipient,
    record_referral_event,
    require_all_parts_readable,
    require_may_answer,
    require_may_speak_for_sender,
    seal_referral_message,
)
from amana.care.referrals.bearers import Actor, Outsider
from amana.care.referrals.models import OutsideChannel, Referral, ReferralEvent
from amana.care.referrals.referral_messages import MessageKind
from amana.care.referrals.rules import answer_referral, carry_referral
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import handover as vault_handover
from amana.trust.vault import slips
from amana.trust.vault.handover import IssuedPage, TriedPage
from amana.trust.vault.models.shared_copies import ReturnSlip
from amana.trust.vault.slips import IssuedSlip


@transaction.atomic
def write_message(referral: Referral, *, text: str, by: Actor) -> None:
    """Write to the other team; sealed with what was shared, and gone with it."""
    ours = True
    if isinstance(by, Outsider):
        require_may_answer(referral, by=by)
    elif ours := answer_referral.permits(by, referral):
        lock_referral_basis(referral)
    else:
        require_may_speak_for_sender(referral, by=by)
    if not referral.is_open:
        raise referral.changed()
    team = referral.recipient if ours else referral.sender
    seal_referral_message(
        referral, MessageKind.MESSAGE, {"text": text}, team=team, by=by
    )
    way = by.way if isinstance(by, Outsider) else OutsideChannel.HERE
    record_referral_event(
        referral, ReferralEvent.What.WROTE, team=team, by=get_account(by), way=way
    )
    log.record("wrote about referral", referral, by=by, case=referral.case_id)
    notify_sender_or_recipient(referral, tasks.SENDER if ours else tasks.RECIPIENT)


@transaction.atomic
def offer_page(referral: Referral, *, by: User) -> IssuedPage:
    """Make a page that a code, given by voice, opens once; an earlier one is gone."""
    carry_referral.require(by, referral)
    lock_referral_basis(referral)
    if not referral.is_open:
        raise referral.changed()
    shared = referral_messages.get_disclosure(referral)
    require_all_parts_readable(shared, referral, by=by)
    offered = vault_handover.offer(shared, by=by)
    log.record("offered referral by page", referral, by=by, case=referral.case_id)
    return offered


@transaction.atomic
def open_page(referral: Referral, *, tried: TriedPage) -> str:
    """Open the page whose code was right: who opened it has seen the referral.
    Returns what belongs into the cookie of their browser."""
    lock_referral_basis(referral)
    if not referral.is_open:
        raise referral.changed()
    cookie = vault_handover.open_once(tried)
    by, team = tried.bearer, referral.recipient
    if referral.state is S.SENT:
        change_referral_status(
            referral, S.RECEIVED, team=team, by=None, way=OutsideChannel.PAGE
        )
        log.record("received referral", referral, by=by, case=referral.case_id)
    else:
        what = ReferralEvent.What.OPENED
        record_referral_event(
            referral, what, team=team, by=None, way=OutsideChannel.PAGE
        )
        log.record("opened referral again", referral, by=by, case=referral.case_id)
    return cookie


@transaction.atomic
def record_wrong_code(referral: Referral, *, destroyed: What | None) -> None:
    """Show the sender that a wrong code was tried; `destroyed`: what that ended."""
    tried = ReferralEvent.What.WRONG_CODE
    for what in (tried, destroyed) if destroyed else (tried,):
        record_referral_event(referral, what, team=None, by=None)
    log.record("noted wrong code", referral, by=None, case=referral.case_id)
    if destroyed:
        notify_sender_or_recipient(referral, tasks.SENDER)


@transaction.atomic
def offer_slip(referral: Referral, *, way: ReturnSlip.Way, by: User) -> IssuedSlip:
    """Make a return slip, to be printed or given by voice: an answer-only code."""
    carry_referral.require(by, referral)
    lock_referral_basis(referral)
    if not referral.is_open:
        raise referral.changed()
    made = slips.offer_slip(referral_messages.get_disclosure(referral), way=way, by=by)
    log.record("handed out return slip", referral, by=by, case=referral.case_id)
    return made


@transaction.atomic
def revoke_slips(referral: Referral, *, by: User) -> None:
    """End every return slip of a referral, and all that is open by one."""
    carry_referral.require(by, referral)
    lock_referral_basis(referral)
    gone = slips.revoke(referral.disclosure)
    log.record(
        "revoked return slips", referral, by=by, case=referral.case_id, slips=gone
    )
