"""Review: others hear a person not content with the answer to a complaint, once.

The code opens the answers, and they go to the reviewers at once. The code does not open
what the person wrote at first, so those who answered hand it over, by a day."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.referrals import calendars
from amana.errors import Changed, Refused
from amana.insight.feedback import sealing
from amana.insight.feedback.actions.complaint_handling import (
    TO_ANSWER,
    TO_SEE,
    add_letter,
    list_members,
    look_up_complaint,
    notify_independent,
)
from amana.insight.feedback.models import (
    Complaint,
    ComplaintMessage,
    Review,
    ReviewVerdict,
)
from amana.insight.feedback.rules import answer_complaint, review_complaint
from amana.trust.access.models import Team, User
from amana.trust.audit import log

Turn = ComplaintMessage.Turn


@transaction.atomic
def request_review(code: str, words: str) -> Review:
    """Request a review with the code, and the reason why the answer does not satisfy.
    Raises Refused."""
    standing = look_up_complaint(code)
    complaint, desk = standing.complaint, standing.reviewer
    if desk is None:
        raise Refused(_("This complaint cannot be reviewed here."))
    if not words.strip():
        raise Refused(_("Write what is wrong with the answer, in any language."))
    review = _begin(complaint, desk.team)
    for letter, text in standing.answers:
        # The answers only, which the code opens; what the person wrote it does not
        # open, so the first body hands that over (ADR 35).
        _copy(letter, text, to=review)
    # Sealed to the reviewers alone: those who answered first must not read what is held
    # against them.
    add_letter(complaint, words, answers=False, turn=Turn.AGAIN, to=review.body_id)
    told = [*list_members(complaint.body_id), *list_members(review.body_id)]
    notify_independent(told, about=complaint.about_id)
    return review


def _begin(complaint: Complaint, body: Team) -> Review:
    day = timezone.localdate()
    review = Review(
        complaint=complaint,
        body=body,
        asked_on=day,
        hand_over_by=TO_SEE.after(timezone.now(), calendars.get_calendar()).date(),
        answer_by=day + TO_ANSWER,
    )
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("This complaint cannot be reviewed here.")) from None
    return review


def _copy(letter: ComplaintMessage, text: str, *, to: Review) -> None:
    add_letter(
        to.complaint,
        text,
        answers=letter.answers,
        turn=Turn.COPY,
        to=to.body_id,
        day=letter.written_on,
    )


@transaction.atomic
def transfer_letters(complaint: Complaint, *, by: User) -> None:
    """Transfer what the person wrote at first to those who review it."""
    answer_complaint.require(by, complaint)
    day = timezone.localdate()
    kept_back = Review.objects.open().filter(complaint=complaint, handed_on=None)
    if not kept_back.update(handed_on=day):
        raise Changed(_("A colleague has already handed it over."))
    review = Review.objects.select_related("complaint").get(complaint=complaint)
    first = complaint.letters.filter(answers=False, turn=Turn.FIRST)
    for letter in first.select_related("team_key"):
        _copy(letter, sealing.open_letter(letter, by=by), to=review)
    log.record("handed over complaint", complaint, by=by)


@transaction.atomic
def open_review(review: Review, *, by: User) -> list[tuple[ComplaintMessage, str]]:
    """Open all that was written: at first, then since the review was requested."""
    review_complaint.require(by, review)
    letters = review.complaint.letters.exclude(turn=Turn.FIRST)
    found = sorted(
        letters.select_related("team_key"),
        key=lambda one: (one.turn != Turn.COPY, one.written_on, one.answers),
    )
    log.record("read complaint again", review.complaint, by=by)
    return [(letter, sealing.open_letter(letter, by=by)) for letter in found]


@transaction.atomic
def write_for_review(review: Review, words: str, *, by: User) -> ComplaintMessage:
    """Write to the person, who reads it by the same code."""
    review_complaint.require(by, review)
    if not words.strip():
        raise Refused(_("Write an answer first."))
    if not Review.objects.open().filter(pk=review.pk).exists():
        raise Changed(_("A colleague has already answered it."))
    letter = add_letter(
        review.complaint, words, answers=True, turn=Turn.AGAIN, to=review.body_id
    )
    log.record("wrote to complainant again", review.complaint, by=by)
    return letter


@transaction.atomic
def decide_review(
    review: Review, verdict: ReviewVerdict, words: str, *, by: User
) -> None:
    """Decide for good whether the first answer is upheld, with words for the person."""
    write_for_review(review, words, by=by)
    free = Review.objects.open().filter(pk=review.pk)
    if not free.update(closed_on=timezone.localdate(), verdict=verdict):
        raise Changed(_("A colleague has already answered it."))
    review.refresh_from_db()
    log.record("decided on complaint", review.complaint, by=by, verdict=verdict)
