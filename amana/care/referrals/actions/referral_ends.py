"""What the clock and the end of consent do to a referral."""

from datetime import datetime

from django.db import transaction

from amana.care.cases.models.case_needs import Need
from amana.care.consent.models import Consent, VitalInterest
from amana.care.referrals import calendars, clocks, tasks
from amana.care.referrals.actions.referral_moves import (
    STAYS,
    S,
    change_referral_status,
    give_back_held_places,
    lock_referral_basis,
    notify_sender_or_recipient,
    record_referral_event,
    require_may_speak_for_sender,
    update_need_of_referral,
)
from amana.care.referrals.events import referral_ended
from amana.care.referrals.models import (
    Referral,
    ReferralEvent,
    ReferralStage,
    ReferralStatus,
    get_promised_span,
)
from amana.trust.access.models.organisations import User
from amana.trust.audit import log


@transaction.atomic
def expire(referral: Referral, *, by: User | None = None) -> Referral:
    """End a request that was never answered although everyone was notified; `by` None:
    the clock. The sender is notified, and chooses again."""
    if by is not None:
        require_may_speak_for_sender(referral, by=by)
    lock_referral_basis(referral)
    change_referral_status(referral, S.EXPIRED, team=None, by=by)
    log.record("expired referral", referral, by=by, case=referral.case_id)
    referral_ended.send(Referral, referral=referral, by=by)
    notify_sender_or_recipient(referral, tasks.SENDER)
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
    record_referral_event(referral, ReferralEvent.What.RESTARTED, team=None, by=None)
    log.record("restarted clock", referral, by=None, case=referral.case_id)
    notify_sender_or_recipient(referral, tasks.RECIPIENT)
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
    see `lock_referral_basis`."""
    was = referral.state
    referral.move(over)
    if was not in STAYS:
        give_back_held_places(referral, by=None)
    team = referral.sender if by else None
    record_referral_event(referral, ReferralEvent.What.MOVED, team=team, by=by)
    update_need_of_referral(referral, Need.Status.OPEN)
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
        notify_sender_or_recipient(referral, tasks.SENDER)
