"""A clock that ran out is told to one after the other; nothing expires in silence.

The supervisor of whoever has to act is told at once, then the sender, then the
coordinator, one step of the urgency's escalation clock apart. Where there is none, the
next is told in their place, and what is written down names who really was. A request
that even then nobody answers expires, and the person's worker chooses another
service."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.pending import actions as pending
from amana.care.referrals import actions, calendars, clocks, tasks
from amana.care.referrals.clocks import Clock
from amana.care.referrals.events import referral_late
from amana.care.referrals.models import Happening, Referral, Stage
from amana.care.referrals.states import TOLD
from amana.errors import Changed
from amana.trust.audit import log
from amana.turns import in_turn

What = Happening.What


def chase(now: datetime | None = None) -> int:
    """Tell whoever is next of each clock that ran out; how many steps were taken.

    Twice at the same moment does no harm: a step is taken by who comes first."""
    moment = now or timezone.now()
    pending.carry_out_due(moment)  # of what was decided nobody is told that it is late
    late = Referral.objects.to_chase(moment).order_by("tell_at", "pk")
    rows = list(late.select_related("recipient", "sender", "service"))
    return in_turn(partial(_chase, referral, moment) for referral in rows)


def _chase(referral: Referral, moment: datetime) -> int:
    steps = 0
    while referral.tell_at is not None and referral.tell_at <= moment:
        if not _next_step(referral):
            break
        steps += 1
    return steps


def _next_step(referral: Referral) -> bool:
    if referral.told < len(TOLD[referral.stage]):
        return _tell(referral)
    try:
        actions.expire(referral)
    except Changed:
        return False
    return True


@transaction.atomic
def _tell(referral: Referral) -> bool:
    """Tell the next in the chain, unless it was answered, or told, a moment ago."""
    meant = TOLD[referral.stage][referral.told]
    told, tell_at = referral.told + 1, _then(referral)
    free = Referral.objects.filter(
        pk=referral.pk, version=referral.version, told=referral.told
    )
    if not free.update(told=told, tell_at=tell_at):
        return False
    referral.told, referral.tell_at = told, tell_at
    for whom in _told_in_truth(referral, meant):
        what = What(whom)
        Happening.objects.create(referral=referral, what=what, status=referral.status)
        log.record(
            "told of late referral", referral, by=None, case=referral.case_id, told=whom
        )
        referral_late.send(Referral, referral=referral, by=None, told=what)
        if what != What.TOLD_NOBODY:
            tasks.tell.enqueue(str(referral.pk), whom)
    return True


@dataclass(frozen=True)
class Ahead:
    """What the clocks will do by themselves, if nobody acts."""

    at: datetime
    words: str


def ahead(referral: Referral) -> list[Ahead]:
    """Who will be told, and when; last, when a request without an answer ends. What
    should have happened before now, and waits for the clock's next round, is no step
    that comes: it is left out."""
    calendar, at = calendars.here(), referral.due_at
    found: list[Ahead] = []
    for step, meant in enumerate(TOLD[referral.stage], start=1):
        at = clocks.escalation_due(referral.urgency, referral.due_at, step, calendar)
        if step <= referral.told:
            continue
        for whom in _told_in_truth(referral, meant):
            words = _words_for(referral, whom)
            if words and words not in [earlier.words for earlier in found]:
                found.append(Ahead(at, words))
    if referral.stage == Stage.ANSWER:
        at = clocks.due(Clock.ANSWER, referral.urgency, at, calendar)
        found.append(Ahead(at, _("This request ends, and you choose another service.")))
    now = timezone.now()
    return [step for step in found if step.at > now]


def _words_for(referral: Referral, whom: str) -> str:
    """Word it for the sender's team; empty where nobody can be told."""
    ours = referral.stage == Stage.WORD
    team = (referral.sender if ours else referral.recipient).name
    return {
        tasks.MAILBOX: _("An e-mail tells %(team)s that something is waiting."),
        tasks.SUPERVISOR: _("The supervisor of %(team)s is told."),
        tasks.SENDER: _("Your team is told."),
        tasks.COORDINATOR: _("The coordinator is told."),
    }.get(whom, "") % {"team": team}


def _told_in_truth(referral: Referral, meant: str) -> list[str]:
    """Who is told where `meant` should be: a team without members has no supervisor,
    but perhaps a mailbox; then it is the sender who has to telephone."""
    told = [tasks.reached(referral, meant)[0]]
    its_turn = referral.team_to_act == referral.recipient_id
    if meant == tasks.SUPERVISOR and its_turn and tasks.has_mailbox(referral):
        told.insert(0, tasks.MAILBOX)
    return told


def _then(referral: Referral) -> datetime | None:
    """When the one after is told; after the last, when an unanswered one expires."""
    calendar, told = calendars.here(), referral.told + 1
    if told < len(TOLD[referral.stage]):
        return clocks.escalation_due(
            referral.urgency, referral.due_at, told + 1, calendar
        )
    if referral.stage != Stage.ANSWER:
        return None
    last = clocks.escalation_due(referral.urgency, referral.due_at, told, calendar)
    return clocks.due(Clock.ANSWER, referral.urgency, last, calendar)
