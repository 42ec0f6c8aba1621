"""Complaints: taken by a body that is not the agency complained about, with a clock.

Nobody has to say who they are. A code on paper leads to how it stands and to the
answer; it opens nothing that the person wrote."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.referrals import calendars, rota
from amana.design.mechanism.engine.calendar import WorkingDays
from amana.errors import Refused
from amana.insight.facts import actions as facts
from amana.insight.feedback import sealing
from amana.insight.feedback.actions.asking import desk_for, digest_of
from amana.insight.feedback.models import Complaint, Duty, Kind, Letter, Outcome
from amana.insight.feedback.rules import answer_complaint
from amana.trust.access import codes, tasks
from amana.trust.access.codes import Misread
from amana.trust.access.models import Membership, Organisation, User
from amana.trust.audit import log

BITS = 80
TO_SEE = WorkingDays(3)
TO_ANSWER = timedelta(days=30)


@dataclass(frozen=True)
class Standing:
    """What the person's code shows: how it stands, and what was answered."""

    complaint: Complaint
    answers: list[tuple[Letter, str]]


@transaction.atomic
def complain(kind: Kind, words: str, *, about: Organisation | None) -> str:
    """Take a complaint; the code that the person keeps, shown this once."""
    desk = desk_for(Duty.COMPLAINTS, about)
    if desk is None:
        raise Refused(
            _("Nobody can take this complaint here. Please call one of the numbers.")
        )
    if not words.strip():
        raise Refused(_("Write what happened, in any language."))
    code, day = codes.new(BITS), timezone.localdate()
    complaint = Complaint(
        code=digest_of(code),
        body=desk.team,
        about=about,
        kind=kind,
        came_on=day,
        seen_by=TO_SEE.after(timezone.now(), calendars.here()).date(),
        answer_by=day + TO_ANSWER,
    )
    complaint.public, complaint.private = sealing.make_pair(
        complaint.pk, codes.read(code)
    )
    complaint.save(force_insert=True)
    _add(complaint, words, answers=False)
    for user in _members(complaint):
        transaction.on_commit(lambda pk=user.pk: tasks.tell.enqueue(pk))  # type: ignore[misc]
    return code


def _add(complaint: Complaint, words: str, *, answers: bool) -> Letter:
    letter = Letter(
        complaint=complaint, answers=answers, written_on=timezone.localdate()
    )
    sealing.seal_letter(letter, words.strip(), to=complaint.body_id)
    letter.save(force_insert=True)
    return letter


def _members(complaint: Complaint) -> list[User]:
    there = Membership.objects.active().filter(team=complaint.body_id)
    return list(User.objects.filter(pk__in=there.values("user"), is_active=True))


def find(code: str) -> Complaint:
    try:
        found = Complaint.objects.for_list().filter(code=digest_of(code)).first()
    except Misread:
        found = None
    if found is None:
        raise Refused(_("This code is not right. Look at each letter once more."))
    return found


def look_up(code: str) -> Standing:
    """How a complaint stands, for whoever has its code. Nothing is written down."""
    complaint = find(code)
    pair = sealing.pair_of(complaint.pk, bytes(complaint.private), codes.read(code))
    letters = complaint.letters.filter(answers=True).order_by("written_on", "pk")
    answers = [(one, sealing.opened_answer(one, pair)) for one in letters]
    return Standing(complaint, answers)


# --- the body


@transaction.atomic
def see(complaint: Complaint, *, by: User) -> None:
    """Say that somebody has it, and works on it."""
    answer_complaint.require(by, complaint)
    unseen = Complaint.objects.open().filter(pk=complaint.pk, seen_on=None)
    if unseen.update(seen_on=timezone.localdate()):
        log.record("saw complaint", complaint, by=by)


@transaction.atomic
def write(complaint: Complaint, words: str, *, by: User) -> Letter:
    """Write to the person, who reads it by their code."""
    answer_complaint.require(by, complaint)
    if not words.strip():
        raise Refused(_("Write an answer first."))
    if complaint.closed_on:
        raise Refused(_("This complaint was answered already."))
    see(complaint, by=by)
    letter = _add(complaint, words, answers=True)
    log.record("wrote to complainant", complaint, by=by)
    return letter


@transaction.atomic
def close(complaint: Complaint, outcome: Outcome, words: str, *, by: User) -> None:
    """Answer it for good, with words for the person; in time or late is a fact."""
    write(complaint, words, by=by)
    day = timezone.localdate()
    free = Complaint.objects.open().filter(pk=complaint.pk)
    if not free.update(closed_on=day, outcome=outcome):
        raise Refused(_("This complaint was answered already."))
    complaint.refresh_from_db()
    log.record("closed complaint", complaint, by=by, outcome=outcome)
    if complaint.counted_late is None:
        _count(complaint, "in_time" if day <= complaint.answer_by else "late")


def _count(complaint: Complaint, result: str) -> None:
    body = complaint.body.organisation
    facts.tell(
        "complaint", result=result, agency=facts.agency(body), sector=body.sphere
    )


# --- the clock


@transaction.atomic
def chase() -> int:
    """Tell those who coordinate, once a day, that a complaint waits too long; and count
    it as late when its 30 days are over. How many wait."""
    day = timezone.localdate()
    late = list(Complaint.objects.late(day).select_related("body__organisation"))
    for complaint in late:
        mine = Complaint.objects.filter(pk=complaint.pk)
        if day > complaint.answer_by and mine.filter(counted_late=None).update(
            counted_late=day
        ):
            _count(complaint, "late")
        if mine.exclude(told_late_on=day).update(told_late_on=day):
            log.record("complaint is late", complaint, by=None)
            _tell(complaint)
    return len(late)


def _tell(complaint: Complaint) -> None:
    """But for those who work for the agency complained about."""
    told = [*_members(complaint), *rota.coordinators()]
    ours = Membership.objects.active().filter(
        team__organisation=complaint.about_id, user__in=told
    )
    concerned = set(ours.values_list("user", flat=True)) if complaint.about_id else ()
    for user in {one.pk for one in told} - set(concerned):
        transaction.on_commit(lambda pk=user: tasks.tell.enqueue(pk))  # type: ignore[misc]
