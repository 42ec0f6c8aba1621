"""Complaints: taken by a body that is not the agency complained about, by deadlines.

The person need not give a name. A code on paper leads to the complaint's status and to
the answer; it opens nothing that the person wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.referrals import calendars, rota
from amana.errors import Refused
from amana.insight.facts import actions as facts
from amana.insight.feedback import sealing
from amana.insight.feedback.actions.feedback_doors import compute_digest, find_desk
from amana.insight.feedback.models import (
    ASK_WITHIN,
    Complaint,
    ComplaintKind,
    ComplaintMessage,
    ComplaintOutcome,
    Desk,
    DeskDuty,
    Review,
)
from amana.insight.feedback.rules import answer_complaint
from amana.trust.access import codes, tasks
from amana.trust.access.codes import MisreadCode
from amana.trust.access.models import Membership, Organisation, User
from amana.trust.audit import log
from amana.turns import run_in_turn
from amana.working_time import WorkingDays

BITS = 80
TO_SEE = WorkingDays(3)
TO_ANSWER = timedelta(days=30)


@dataclass(frozen=True)
class ComplaintStatus:
    """What the person's code shows: how it stands, and what was answered."""

    complaint: Complaint
    answers: list[tuple[ComplaintMessage, str]]
    review: Review | None = None
    reviewer: Desk | None = None
    """Who would look at it again, while that can be asked."""


@transaction.atomic
def take_complaint(
    kind: ComplaintKind, words: str, *, about: Organisation | None
) -> str:
    """Take a complaint; the code that the person keeps, shown this once."""
    desk = find_desk(DeskDuty.COMPLAINTS, about)
    if desk is None:
        raise Refused(
            _("No one here can take this complaint. Please call one of the numbers.")
        )
    if not words.strip():
        raise Refused(_("Write what happened, in any language."))
    # A day and no time: an hour would show which visitor of a house complained.
    code, day = codes.create_code(BITS), timezone.localdate()
    complaint = Complaint(
        code=compute_digest(code),
        body=desk.team,
        about=about,
        kind=kind,
        came_on=day,
        # Working days: an office that is closed over a holiday would be late before it
        # could read.
        seen_by=TO_SEE.after(timezone.now(), calendars.get_calendar()).date(),
        answer_by=day + TO_ANSWER,
    )
    complaint.public, complaint.private = sealing.make_pair(
        complaint.pk, codes.parse_code(code)
    )
    complaint.save(force_insert=True)
    add_letter(complaint, words, answers=False, to=complaint.body_id)
    notify_independent(list_members(complaint.body_id), about=complaint.about_id)
    return code


def add_letter(
    complaint: Complaint,
    words: str,
    *,
    answers: bool,
    to: int,
    turn: ComplaintMessage.Turn = ComplaintMessage.Turn.FIRST,
    day: date | None = None,
) -> ComplaintMessage:
    """Add a letter, as a part of actions: sealed to a team, of today if it isn't a
    copy."""
    letter = ComplaintMessage(
        complaint=complaint,
        answers=answers,
        turn=turn,
        written_on=day or timezone.localdate(),
    )
    sealing.seal_letter(letter, words.strip(), to=to)
    letter.save(force_insert=True)
    return letter


def list_members(team: int) -> list[User]:
    there = Membership.objects.active().filter(team=team)
    return list(User.objects.filter(pk__in=there.values("user"), is_active=True))


def notify_independent(told: Iterable[User], *, about: int | None) -> None:
    """Notify these people, but for those who work for the agency complained about."""
    people = {user.pk for user in told}
    ours = Membership.objects.active().filter(team__organisation=about, user__in=people)
    # Even that there is a complaint must not reach the house through a colleague who
    # also works elsewhere.
    concerned = set(ours.values_list("user", flat=True)) if about else set()
    tasks.notify_once_committed(people - concerned)


def get_complaint(code: str) -> Complaint:
    try:
        found = Complaint.objects.for_list().filter(code=compute_digest(code)).first()
    except MisreadCode:
        found = None
    if found is None:
        raise Refused(_("This code is not right. Check every letter again."))
    return found


def look_up_complaint(code: str) -> ComplaintStatus:
    """Look up the state of a complaint by its code. Nothing is recorded."""
    complaint = get_complaint(code)
    pair = sealing.open_pair(
        complaint.pk, bytes(complaint.private), codes.parse_code(code)
    )
    answered = complaint.letters.filter(answers=True).exclude(
        turn=ComplaintMessage.Turn.COPY
    )
    letters = answered.order_by("-turn", "written_on", "pk")  # first, then again
    answers = [(letter, sealing.open_answer(letter, pair)) for letter in letters]
    review = Review.objects.for_list().filter(complaint=complaint).first()
    return ComplaintStatus(complaint, answers, review, find_reviewer(complaint))


def find_reviewer(complaint: Complaint) -> Desk | None:
    """Find who would review it, while that can be asked: it was answered, not too long
    ago, and no review was asked for. A team for that, else another that answers."""
    closed_on = complaint.closed_on
    if closed_on is None or timezone.localdate() > closed_on + ASK_WITHIN:
        return None
    if Review.objects.filter(complaint=complaint).exists():
        return None
    others = [
        Desk.objects.standing(duty)
        .independent_of(complaint.about)
        # Nor those who answered: they would judge their own answer (ADR 35).
        .independent_of(complaint.body.organisation)
        .select_related("team__organisation")
        .order_by("pk")
        .first()
        for duty in (DeskDuty.REVIEWS, DeskDuty.COMPLAINTS)
    ]
    return next((other for other in others if other is not None), None)


# --- the body


@transaction.atomic
def acknowledge_complaint(complaint: Complaint, *, by: User) -> None:
    """Acknowledge that the body has it, and works on it."""
    answer_complaint.require(by, complaint)
    # Compare and set: the first of two colleagues counts, and the log has one event.
    unseen = Complaint.objects.open().filter(pk=complaint.pk, seen_on=None)
    if unseen.update(seen_on=timezone.localdate()):
        log.record("saw complaint", complaint, by=by)


@transaction.atomic
def write_to_person(complaint: Complaint, words: str, *, by: User) -> ComplaintMessage:
    """Write to the person, who reads it by their code."""
    answer_complaint.require(by, complaint)
    if not words.strip():
        raise Refused(_("Write an answer first."))
    if complaint.closed_on:
        raise Refused(_("This complaint has already been answered."))
    acknowledge_complaint(complaint, by=by)
    letter = add_letter(complaint, words, answers=True, to=complaint.body_id)
    log.record("wrote to complainant", complaint, by=by)
    return letter


@transaction.atomic
def close_complaint(
    complaint: Complaint, outcome: ComplaintOutcome, words: str, *, by: User
) -> None:
    """Answer it for good, with words for the person; in time or late is a fact."""
    write_to_person(complaint, words, by=by)
    day = timezone.localdate()
    free = Complaint.objects.open().filter(pk=complaint.pk)
    if not free.update(closed_on=day, outcome=outcome, closed_by=by):
        raise Refused(_("This complaint has already been answered."))
    complaint.refresh_from_db()
    log.record("closed complaint", complaint, by=by, outcome=outcome)
    if complaint.counted_late is None:
        _count(complaint, "in_time" if day <= complaint.answer_by else "late")


def _count(complaint: Complaint, result: str) -> None:
    body = complaint.body.organisation
    facts.record_observation(
        "complaint",
        result=result,
        agency=facts.build_agency_code(body),
        sector=body.sphere,
    )


# --- the clock


def notify_late() -> int:
    """Notify those who coordinate, once a day, that a complaint waits too long; and
    count it as late when its 30 days are over. The same for those that are reviewed.
    How many wait; one that fails keeps no other waiting."""
    day = timezone.localdate()
    late = Complaint.objects.late(day).select_related("body__organisation")
    again = Review.objects.late(day).select_related("complaint")
    first = [partial(_chase, complaint, day) for complaint in late]
    return run_in_turn(
        [*first, *(partial(_chase_review, review, day) for review in again)]
    )


@transaction.atomic
def _chase(complaint: Complaint, day: date) -> int:
    mine = Complaint.objects.filter(pk=complaint.pk)
    if day > complaint.answer_by and mine.filter(counted_late=None).update(
        counted_late=day
    ):
        _count(complaint, "late")
    if mine.exclude(told_late_on=day).update(told_late_on=day):
        log.record("complaint is late", complaint, by=None)
        told = [*list_members(complaint.body_id), *rota.list_coordinators()]
        notify_independent(told, about=complaint.about_id)
    return 1


@transaction.atomic
def _chase_review(review: Review, day: date) -> int:
    """Notify those for whom it waits, and who coordinates."""
    mine = Review.objects.filter(pk=review.pk).exclude(told_late_on=day)
    if mine.update(told_late_on=day):
        log.record("review is late", review.complaint, by=None)
        first = list_members(review.complaint.body_id) if review.keeps_back else []
        then = list_members(review.body_id) if review.is_late else []
        told = [*first, *then, *rota.list_coordinators()]
        notify_independent(told, about=review.complaint.about_id)
    return 1
