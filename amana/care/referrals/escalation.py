"""Who is notified that a clock ran out, in turn; nothing expires in silence.

The supervisor of who has to act is notified at once, then the sender, then the
coordinator, one step of the urgency's escalation clock apart, counted from when the one
before really was. Where there is none, the next is notified in their place, and the
record names who really was. A request that is not answered even then expires, and the
person's worker chooses another service.

An outage takes no one's time: who could have answered in it has the whole time again
from its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.pending import actions as pending
from amana.care.referrals import actions, calendars, clocks, tasks
from amana.care.referrals.clocks import ReferralClock
from amana.care.referrals.events import referral_late
from amana.care.referrals.models import Referral, ReferralEvent, ReferralStage
from amana.care.referrals.states import TOLD
from amana.errors import Changed
from amana.trust.audit import log
from amana.trust.vault import heartbeat
from amana.turns import run_in_turn

What = ReferralEvent.What

REMEMBERED = timedelta(days=1)
"""So long after an outage referrals are looked for that fell into it."""


def chase(now: datetime | None = None) -> int:
    """Notify the next person of each clock that ran out; return how many steps were
    taken."""
    moment = now or timezone.now()
    pending.carry_out_due(moment)  # what was decided in time is not late
    heartbeat.record_heartbeat()
    restart_clocks_after_outage(moment)
    late = Referral.objects.to_chase(moment).order_by("tell_at", "pk")
    rows = list(late.select_related("recipient", "sender", "service"))
    return run_in_turn(partial(_next_step, referral, moment) for referral in rows)


def restart_clocks_after_outage(moment: datetime) -> None:
    """Restart the time to answer for those who could not be notified."""
    outage = heartbeat.find_last_outage()
    if outage is None or outage.ended_at < moment - REMEMBERED:
        return
    missed = Referral.objects.missed_by(outage.began_at, outage.ended_at)
    rows = list(missed.select_related("service").order_by("due_at", "pk"))
    restart = partial(actions.restart_clock, at=outage.ended_at)
    run_in_turn(partial(restart, referral) for referral in rows)


def _next_step(referral: Referral, moment: datetime) -> bool:
    if referral.told < len(TOLD[referral.stage]):
        return _tell(referral, moment)
    if heartbeat.is_in_doubt():  # perhaps its time is not over at all
        return False
    try:
        actions.expire(referral)
    except Changed:
        return False
    return True


@transaction.atomic
def _tell(referral: Referral, moment: datetime) -> bool:
    """Notify the next in the chain, unless it was answered, or they were, just now."""
    meant = TOLD[referral.stage][referral.told]
    told = referral.told + 1
    tell_at = _after(referral, told, moment)
    # Compare and set: two runs at the same moment do no harm, the first takes the step.
    free = Referral.objects.filter(
        pk=referral.pk, version=referral.version, told=referral.told
    )
    if not free.update(told=told, tell_at=tell_at):
        return False
    referral.told, referral.tell_at = told, tell_at
    for whom in _told_in_truth(referral, meant):
        what = What(whom)
        ReferralEvent.objects.create(
            referral=referral, what=what, status=referral.status
        )
        log.record(
            "told of late referral", referral, by=None, case=referral.case_id, told=whom
        )
        referral_late.send(Referral, referral=referral, by=None, told=what)
        if what != What.TOLD_NOBODY:
            tasks.notify_people.enqueue(str(referral.pk), whom)
    return True


@dataclass(frozen=True)
class NextEscalation:
    """What the clocks will do by themselves, if no one acts."""

    at: datetime
    words: str


def list_steps_ahead(referral: Referral) -> list[NextEscalation]:
    """List who will be notified, and when; last, when a request without an answer
    ends."""
    if referral.tell_at is None:
        return []
    found: list[NextEscalation] = []
    at = referral.tell_at
    for told, meant in enumerate(TOLD[referral.stage]):
        if told < referral.told:
            continue
        for whom in _told_in_truth(referral, meant):
            words = _words_for(referral, whom)
            if words and words not in [earlier.words for earlier in found]:
                found.append(NextEscalation(at, words))
        at = _after(referral, told + 1, at) or at
    if referral.stage == ReferralStage.ANSWER:
        found.append(
            NextEscalation(
                at, _("This referral expires, and you choose another service.")
            )
        )
    now = timezone.now()
    # What should have happened before now, and waits for the clock's next round, is no
    # step to come.
    return [step for step in found if step.at > now]


def _words_for(referral: Referral, whom: str) -> str:
    """Format a step for the sender's team; empty where no one can be notified."""
    ours = referral.stage == ReferralStage.WORD
    team = (referral.sender if ours else referral.recipient).name
    return {
        tasks.MAILBOX: _("An e-mail informs %(team)s that something is waiting."),
        tasks.SUPERVISOR: _("The supervisor of %(team)s is notified."),
        tasks.SENDER: _("Your team is notified."),
        tasks.COORDINATOR: _("The coordinator is notified."),
    }.get(whom, "") % {"team": team}


def _told_in_truth(referral: Referral, meant: str) -> list[str]:
    """List who is notified where `meant` should be: a team without members has no
    supervisor, but perhaps a mailbox; then it is the sender who has to telephone."""
    told = [tasks.choose_notified(referral, meant)[0]]
    its_turn = referral.team_to_act == referral.recipient_id
    if meant == tasks.SUPERVISOR and its_turn and tasks.has_mailbox(referral):
        told.insert(0, tasks.MAILBOX)
    return told


def _after(referral: Referral, told: int, moment: datetime) -> datetime | None:
    """Compute when the next step comes, once `told` have been notified, the last at
    `moment`; after all of them, when an unanswered request expires."""
    if told < len(TOLD[referral.stage]):
        clock = ReferralClock.ESCALATION
    elif referral.stage == ReferralStage.ANSWER:
        clock = ReferralClock.ANSWER
    else:
        return None
    return clocks.compute_deadline(
        clock, referral.urgency, moment, calendars.get_calendar()
    )
