"""What the sender does afterwards: recall, confirm with the person, close, choose
again."""

from django.db import transaction
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases.models.case_needs import Need, UnmetReason
from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import work_on_case
from amana.care.consent import avoided
from amana.care.referrals import tasks
from amana.care.referrals.actions.referral_moves import (
    WORDS_IN,
    S,
    change_referral_status,
    notify_sender_or_recipient,
    require_may_speak_for_sender,
)
from amana.care.referrals.events import (
    organisation_avoided,
    referral_confirmed,
    referral_ended,
)
from amana.care.referrals.models import (
    Referral,
    ReferralOutcome,
    ReferralStatus,
    UnaskedReason,
)
from amana.errors import Refused
from amana.trust.access.models.organisations import Organisation, User
from amana.trust.audit import log
from amana.trust.vault import documents


@transaction.atomic
def recall(referral: Referral, *, by: User) -> Referral:
    """Take a referral back: the person wishes it no longer, or another has accepted."""
    require_may_speak_for_sender(referral, by=by)
    change_referral_status(referral, S.RECALLED, team=referral.sender, by=by)
    log.record("recalled referral", referral, by=by, case=referral.case_id)
    referral_ended.send(Referral, referral=referral, by=by)
    notify_sender_or_recipient(referral, tasks.RECIPIENT)
    return referral


@transaction.atomic
def confirm(
    referral: Referral, *, outcome: ReferralOutcome, by: User, words: str = ""
) -> Referral:
    """Record what the person herself answers: the loop is closed."""
    require_may_speak_for_sender(referral, by=by)
    if words:
        content = {"outcome": str(outcome), "words": words}
        name = referral.document
        documents.write(referral.case_id, WORDS_IN, content, by=by, name=name)
    change_referral_status(
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
    require_may_speak_for_sender(referral, by=by)
    reported = referral.state
    change_referral_status(
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
