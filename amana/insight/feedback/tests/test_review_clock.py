"""When a review is late, who keeps it when teams change, and what is published of
it."""

from datetime import timedelta
from secrets import token_bytes

import pytest
from django.core import mail
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.insight.feedback import actions, heard, rules
from amana.insight.feedback.actions.feedback_doors import compute_digest
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    ComplaintMessage,
    ComplaintOutcome,
    Desk,
    DeskDuty,
    Review,
    ReviewVerdict,
)
from amana.trust.access.models import Role
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import erasing
from amana.trust.vault import epochs, leaving

from .reviews import ANSWER, LAST, WHY, WORDS, days_ago

# --- the clock


def told(chased):
    mail.outbox.clear()
    with chased(execute=True):
        actions.notify_late()
        actions.notify_late()
    return sorted(message.to[0] for message in mail.outbox)


def test_what_is_kept_back_is_told_to_those_who_keep_it_and_who_coordinates(
    review, reader, council, coordinator, django_capture_on_commit_callbacks
):
    assert told(django_capture_on_commit_callbacks) == []
    Review.objects.update(hand_over_by=days_ago(1))
    assert told(django_capture_on_commit_callbacks) == sorted(
        [reader.email, coordinator.email]
    )
    assert AuditEvent.objects.filter(did="review is late").count() == 1


def test_a_late_decision_is_told_to_those_who_decide(
    review, complaint, reader, council, coordinator, django_capture_on_commit_callbacks
):
    actions.transfer_letters(complaint, by=reader)
    Review.objects.update(answer_by=days_ago(1))
    assert told(django_capture_on_commit_callbacks) == sorted(
        [council.email, coordinator.email]
    )
    actions.decide_review(review, ReviewVerdict.STANDS, LAST, by=council)
    Review.objects.update(told_late_on=None)
    assert told(django_capture_on_commit_callbacks) == []


def test_a_coordinator_of_that_agency_does_not_see_that_it_is_late(
    review, house, coordinator, django_capture_on_commit_callbacks
):
    theirs = given.make_worker(of=given.make_team(of=house), role=Role.COORDINATOR)
    Review.objects.update(answer_by=days_ago(1))
    assert rules.watch_review.permits(coordinator, review)
    assert not rules.watch_review.permits(theirs, review)
    assert theirs.email not in told(django_capture_on_commit_callbacks)


# --- teams that change


def test_a_team_with_something_open_stays(review, complaint, reader, coordinator):
    answering = Desk.objects.standing(DeskDuty.COMPLAINTS).get()
    looking = Desk.objects.standing(DeskDuty.REVIEWS).get()
    for desk in (answering, looking):
        with pytest.raises(Refused, match="not finished"):
            actions.dismiss_desk(desk, by=coordinator)
    actions.transfer_letters(complaint, by=reader)
    actions.dismiss_desk(answering, by=coordinator)
    assert not Desk.objects.standing(DeskDuty.COMPLAINTS).exists()


def test_when_somebody_leaves_the_copies_are_sealed_anew(
    code, review, complaint, reader, council
):
    actions.transfer_letters(complaint, by=reader)
    other = given.make_worker(of=review.body, role=Role.FOCAL_POINT)
    council.memberships.update(ended_at=timezone.now())
    epoch = epochs.begin_epoch(review.body, by=other)
    leaving.rewrap_some(epoch, by=other)
    assert [words for _one, words in actions.open_review(review, by=other)] == [
        WORDS,
        ANSWER,
        WHY,
    ]
    assert [words for _one, words in actions.look_up_complaint(code).answers] == [
        ANSWER
    ]


def test_after_two_years_it_goes_with_its_complaint_once_it_is_decided(
    code, review, council
):
    Complaint.objects.update(closed_on=days_ago(731))
    erasing.erase_due()
    assert Review.objects.exists()
    actions.decide_review(review, ReviewVerdict.STANDS, LAST, by=council)
    erasing.erase_due()
    assert not Review.objects.exists()
    assert not ComplaintMessage.objects.exists()
    assert not Complaint.objects.filter(code=compute_digest(code)).exists()


# --- you said, we did


def test_what_came_of_complaints_is_told_from_eleven_on_as_a_band(
    review, complaint, council
):
    actions.decide_review(review, ReviewVerdict.PARTLY, LAST, by=council)
    closed_last_month()
    assert (heard.count_complaints().answered, heard.count_complaints().changed) == (
        0,
        0,
    )
    for _one in range(10):
        again(complaint, verdict=ReviewVerdict.CHANGED)
    assert heard.count_complaints().answered == 0  # till the month has ended
    closed_last_month()
    found = heard.count_complaints()
    assert (found.answered, found.looked_at, found.changed) == (11, 11, 11)
    for _one in range(14):
        again(complaint, verdict=ReviewVerdict.STANDS)
    closed_last_month()
    found = heard.count_complaints()
    assert (found.answered, found.looked_at, found.changed) == (25, 25, 11)
    Complaint.objects.update(closed_on=days_ago(401))
    Review.objects.update(closed_on=days_ago(401))
    assert heard.count_complaints().answered == 0


def closed_last_month():
    day = timezone.localdate().replace(day=1) - timedelta(days=1)
    for rows in (Complaint, Review):
        rows.objects.filter(closed_on__gt=day).update(closed_on=day)


def again(complaint, *, verdict):
    """One more that was decided, in the rows alone: its letters are not counted."""
    day = timezone.localdate()
    one = Complaint.objects.create(
        code=token_bytes(32),
        public=b"",
        private=b"",
        body=complaint.body,
        kind=ComplaintKind.OTHER,
        came_on=day,
        seen_by=day,
        answer_by=day,
        closed_on=day,
        outcome=ComplaintOutcome.NOT,
    )
    Review.objects.create(
        complaint=one,
        body=complaint.body,
        asked_on=day,
        hand_over_by=day,
        answer_by=day,
        closed_on=day,
        verdict=verdict,
    )
