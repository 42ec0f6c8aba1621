"""Which facts arise when something happens in a case (`kinds` says so to people)."""

import logging
from collections.abc import Callable, Sequence
from functools import wraps
from uuid import UUID

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from amana.care.cases.events import (
    case_closed,
    case_opened,
    follow_up_finished,
    need_settled,
)
from amana.care.cases.gate import SafetyGate
from amana.care.cases.models import Case, ClosureReason, FollowUp, Need
from amana.care.consent.events import consent_ended, consent_given, consent_refused
from amana.care.consent.models import Consent
from amana.care.outcomes.actions import ChangedAnswer
from amana.care.outcomes.events import case_answered
from amana.care.pathways import status
from amana.care.pathways.events import course_ended, fact_recorded
from amana.care.pathways.models import PathwayEvent as Recorded
from amana.care.pathways.models import PathwayRun
from amana.care.referrals.events import (
    referral_answered,
    referral_completed,
    referral_confirmed,
    referral_ended,
    referral_met,
)
from amana.care.referrals.models import Referral, ReferralOutcome, ReferralStatus
from amana.care.referrals.states import ANSWERS
from amana.care.screening.events import screening_finished
from amana.care.screening.models import Screening
from amana.design.directory.taxonomy import ServiceGroup
from amana.design.pathway.run_state import OpenStep
from amana.insight.facts import actions, outcomes, steps
from amana.insight.facts.codes import get_band
from amana.insight.facts.recording import (
    NEED,
    Said,
    is_unlocked,
    record_clock_observations,
    record_others_observations,
    record_sealed_observations,
    record_team_observations,
)
from amana.insight.facts.referral_course import (
    build_referral_codes,
    has_never_begun,
    list_earlier_statuses,
    record_handover,
)
from amana.trust.access.models import User
from amana.trust.oversight.events import breach_counted
from amana.trust.oversight.models import Breach

problems = logging.getLogger(__name__)

S = ReferralStatus
PRESUMED = {"yes": "presumed", "no": "not_presumed", "unsure": "undecided"}
AGREED = (Consent.Status.GIVEN, Consent.Status.EXPIRED, Consent.Status.UNUSED)
"""What was agreed and not taken back; some of it ended by itself, or was never used."""
MET = {
    ReferralOutcome.MET: "met",
    ReferralOutcome.PARTLY: "partly",
    ReferralOutcome.NOT: "not_met",
}


def log_failures(count: Callable[..., None]) -> Callable[..., None]:
    """Log a failure to count instead of raising it, so that what was being counted
    still happens."""

    @wraps(count)
    def counted(**happened: object) -> None:
        try:
            # A savepoint: an error of the database in here must not break the
            # transaction of the act. A figure that lacks one is less of a loss than a
            # consent that could not be withdrawn.
            with transaction.atomic():
                count(**happened)
        except Exception as mistake:
            # The type alone: the message of an exception may quote what was written.
            problems.error("%s could not be counted: %s", count.__name__, type(mistake))

    return counted


# --- the case


@receiver(case_opened)
@log_failures
def handle_case_opened(
    case: Case, by: User, gate: SafetyGate, **kwargs: object
) -> None:
    """Record whether the safety questions were answered before a case was opened."""
    # A person who did not wish to continue was not to be asked the rest.
    whole = not gate.unanswered or gate.declined
    result = "complete" if whole else "incomplete"
    said = {"result": result, "urgency": case.urgency}
    record_team_observations(case.pk, case.team_id, [("safety_gate", said)], by=by)


@receiver(case_closed)
@log_failures
def handle_case_closed(case: Case, reason: str, by: User, **kwargs: object) -> None:
    urgency = {"urgency": case.urgency}
    took = get_band((case.closed_at or timezone.now()) - case.opened_at)
    lost = "lost" if reason == ClosureReason.LOST_CONTACT else "kept"
    agreed = Consent.objects.filter(case=case, status__in=AGREED).exists()
    referrals = Referral.objects.filter(case=case).count()
    # The reason for a closure is sealed in the case (ADR 62): it may not wait in the
    # clear for the team's keys, and so is counted without the person if the timer
    # carries the closure out.
    why: list[Said] = [
        ("closure", {**urgency, "reason": reason, "band": took}),
        ("contact", {**urgency, "result": lost}),
    ]
    told: list[Said] = [
        ("consent", {**urgency, "result": "consent" if agreed else "none"}),
        ("case_referrals", {**urgency, "number": referrals}),
    ]
    interviews = steps.count_steps(case, "I28")
    if interviews is not None:
        told.append(("interviews", {**urgency, "number": interviews}))
    if is_unlocked(by):
        record_team_observations(case.pk, case.team_id, why + told, by=by)
    else:
        record_clock_observations(case.pk, case.team_id, why)
        record_team_observations(case.pk, case.team_id, told, by=by)


@receiver(need_settled)
@log_failures
def handle_need_settled(need: Need, by: User | None, **kwargs: object) -> None:
    """Record the result of a need that a colleague settled. The outcome of a referral
    is recorded with the referral."""
    result = {Need.Status.MET: "met", Need.Status.UNMET: "unmet"}.get(
        Need.Status(need.status)
    )
    if result and by is not None:
        record_need_result(need, result, by=by)


def record_need_result(need: Need, result: str, *, by: User) -> None:
    said = {"result": result, NEED: need.pk.hex, "urgency": need.urgency}
    told: list[Said] = [("need", said)]
    if need.group == ServiceGroup.LG:
        received = "received" if result == "met" else "not_received"
        told.append(("legal_aid", {"result": received, "urgency": need.urgency}))
    record_team_observations(need.case_id, need.case.team_id, told, by=by)


@receiver(follow_up_finished)
@log_failures
def handle_follow_up_finished(follow_up: FollowUp, by: User, **kwargs: object) -> None:
    late = (follow_up.done_at or timezone.now()) > follow_up.due_at
    case = follow_up.case
    said = {"result": "late" if late else "in_time", "urgency": case.urgency}
    record_team_observations(case.pk, case.team_id, [("follow_up", said)], by=by)


# --- consent


@receiver(consent_given)
@log_failures
def handle_consent_given(
    consents: Sequence[Consent], by: User, **kwargs: object
) -> None:
    record_consent_answers(consents, by=by)


NOT_ASKED = (Consent.Status.EXPIRED, Consent.Status.UNUSED)


@receiver(consent_refused)
@receiver(consent_ended)
@log_failures
def handle_consent_answer(consent: Consent, by: User | None, **kwargs: object) -> None:
    if by is None or consent.status in NOT_ASKED:
        return  # its time is over, or the no that ended it counts
    record_consent_answers([consent], by=by)


def record_consent_answers(consents: Sequence[Consent], *, by: User) -> None:
    """Record an answer for each team that information could be shared with."""
    case = consents[0].case
    told: list[Said] = [
        ("consent_answer", {"result": str(consent.status), "urgency": case.urgency})
        for consent in consents
    ]
    record_team_observations(case.pk, case.team_id, told, by=by)


# --- screening


@receiver(screening_finished)
@log_failures
def handle_screening_finished(
    screening: Screening,
    gives: dict[str, str],
    flags: dict[str, str],
    by: User,
    **kwargs: object,
) -> None:
    """Record the result of a screening. A second review corrects what was recorded
    before."""
    result = PRESUMED.get(gives.get("presumed", ""))
    case = screening.case
    if result is None or case is None:
        return
    raised = [flag for flag, stands in flags.items() if stands in {"yes", "perhaps"}]
    said = {"result": result, "urgency": screening.urgency}
    record_team_observations(
        case.pk,
        case.team_id,
        [("screening", said)],
        by=by,
        flags=raised,
        again=f"screening/{screening.pk.hex}",
    )


# --- referrals


@receiver(referral_answered)
@log_failures
def handle_referral_answered(referral: Referral, **kwargs: object) -> None:
    told: list[Said] = []
    # A referral that was accepted or put on a waiting list has been answered already: a
    # later answer changes nothing of the time that the first one took.
    at, was = referral.answered_at, list_earlier_statuses(referral)
    if at and not was & {S.ACCEPTED, S.WAITLISTED}:
        result = "in_time" if at <= referral.reply_by else "late"
        took = get_band(at - referral.sent_at)
        told.append(
            ("answer", build_referral_codes(referral, result=result, band=took))
        )
        record_handover(referral)
    if referral.status == S.ACCEPTED:
        told.append(("acceptance", build_referral_codes(referral, result="accepted")))
    elif referral.status in {S.DECLINED, S.REDIRECTED}:
        why = referral.decline_reason
        told.append(
            (
                "acceptance",
                build_referral_codes(referral, result="declined", reason=why),
            )
        )
    record_others_observations(referral.case_id, referral.recipient_id, told)


@receiver(referral_met)
@log_failures
def handle_referral_met(referral: Referral, **kwargs: object) -> None:
    if not list_earlier_statuses(referral) & {S.ATTENDED, S.STARTED}:
        took = get_band(timezone.now() - referral.sent_at)
        said = build_referral_codes(referral, result="started", band=took)
        record_others_observations(
            referral.case_id, referral.recipient_id, [("service_start", said)]
        )


@receiver(referral_completed)
@log_failures
def handle_referral_completed(referral: Referral, **kwargs: object) -> None:
    """Record that a service ended without having started: the person did not come, or
    could not be reached."""
    if referral.status == S.DISCONTINUED and has_never_begun(referral):
        said = build_referral_codes(referral, result="not_started")
        record_others_observations(
            referral.case_id, referral.recipient_id, [("service_start", said)]
        )


@receiver(referral_ended)
@log_failures
def handle_referral_ended(referral: Referral, **kwargs: object) -> None:
    """Record what a referral that ended without an outcome, and perhaps without an
    answer, leaves open."""
    told: list[Said] = []
    was = list_earlier_statuses(referral)
    if S.ACCEPTED in was and has_never_begun(referral):
        told.append(
            ("service_start", build_referral_codes(referral, result="not_started"))
        )
    if not was & ANSWERS and timezone.now() > referral.reply_by:
        told.append(("answer", build_referral_codes(referral, result="late")))
    recalled = referral.status == S.RECALLED and S.ACCEPTED in was
    if referral.status == S.EXPIRED or recalled:
        told.append(("loop", build_referral_codes(referral, result="open")))
    if referral.status == S.EXPIRED and not was & ANSWERS:
        record_handover(referral)
    record_others_observations(referral.case_id, referral.recipient_id, told)


@receiver(referral_confirmed)
@log_failures
def handle_referral_confirmed(referral: Referral, by: User, **kwargs: object) -> None:
    told: list[Said] = [("loop", build_referral_codes(referral, result="closed"))]
    if referral.outcome:
        result = MET[ReferralOutcome(referral.outcome)]
        told.append(("need_met", build_referral_codes(referral, result=result)))
    record_team_observations(referral.case_id, referral.recipient_id, told, by=by)
    if referral.outcome == ReferralOutcome.MET:
        record_need_result(referral.need, "met", by=by)


# --- the pathway


@receiver(fact_recorded)
@log_failures
def handle_pathway_event(
    course: PathwayRun,
    fact: Recorded,
    was: OpenStep | None,
    by: User | None,
    **kwargs: object,
) -> None:
    record_pathway_observations(
        course, fact, steps.observe_event(course, fact, was), by=by
    )


@receiver(course_ended)
@log_failures
def handle_pathway_ended(
    course: PathwayRun, fact: Recorded, by: User | None, **kwargs: object
) -> None:
    told = steps.observe_end(course, status.read_facts(course))
    record_pathway_observations(course, fact, told, by=by)


def record_pathway_observations(
    course: PathwayRun, fact: Recorded, told: list[Said], *, by: User | None
) -> None:
    case = course.case
    urgent = [(kind, {"urgency": case.urgency, **said}) for kind, said in told]
    if by is not None and fact.team_id in {None, case.team_id}:
        record_team_observations(case.pk, case.team_id, urgent, by=by)
    else:
        record_others_observations(case.pk, fact.team_id, urgent)


# --- what came of it


@receiver(case_answered)
@log_failures
def handle_case_answered(
    case: Case, changed: list[ChangedAnswer], by: User, **kwargs: object
) -> None:
    told = {
        answer.asked.key: outcomes.encode_answer(case, answer) for answer in changed
    }
    record_sealed_observations(case.pk, case.team_id, told, by=by)


# --- data incidents


@receiver(breach_counted)
def handle_breach_counted(breach: Breach, **kwargs: object) -> UUID:
    """Record a data breach once, in the month in which it was found, and nothing more
    about it; remove it from the count if there was none."""
    return actions.record_observation(
        "breach",
        number=0 if breach.struck_at else 1,
        month=timezone.localdate(breach.found_at),
        corrects=breach.figure,
    )
