"""A person who is not content with an answer is heard by others, once."""

import pytest
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.insight.feedback import actions, rules
from amana.insight.feedback.models import (
    Complaint,
    ComplaintMessage,
    Desk,
    DeskDuty,
    Review,
    ReviewVerdict,
)
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent

from .reviews import ANSWER, LAST, WHY, WORDS, days_ago

# --- asking


def test_it_goes_to_others_who_can_read_at_once_what_was_answered(review, council):
    assert review.body == council.memberships.get().team
    assert [words for _one, words in actions.open_review(review, by=council)] == [
        ANSWER,
        WHY,
    ]


def test_those_who_answered_hand_over_what_was_written_first(
    review, complaint, reader, council, stranger
):
    for nobody in (council, stranger):
        with pytest.raises(Denied):
            actions.transfer_letters(complaint, by=nobody)
    actions.transfer_letters(complaint, by=reader)
    assert [words for _one, words in actions.open_review(review, by=council)] == [
        WORDS,
        ANSWER,
        WHY,
    ]
    with pytest.raises(Changed, match="already"):
        actions.transfer_letters(complaint, by=reader)
    assert AuditEvent.objects.filter(did="handed over complaint").count() == 1


def test_those_who_answered_do_not_read_why_she_is_not_content(
    review, complaint, reader
):
    assert [w for _one, w in actions.open_complaint(complaint, by=reader)] == [
        WORDS,
        ANSWER,
    ]


def test_before_an_answer_nothing_can_be_asked_again(code, council):
    with pytest.raises(Refused, match="This complaint cannot be reviewed here"):
        actions.request_review(code, WHY)
    assert not Review.objects.exists()


def test_it_can_be_asked_once(code, review):
    with pytest.raises(Refused, match="This complaint cannot be reviewed here"):
        actions.request_review(code, WHY)


def test_after_ninety_days_it_is_too_late(code, complaint, council):
    Complaint.objects.update(closed_on=days_ago(91))
    with pytest.raises(Refused, match="This complaint cannot be reviewed here"):
        actions.request_review(code, WHY)
    Complaint.objects.update(closed_on=days_ago(90))
    assert actions.request_review(code, WHY).asked_on == timezone.localdate()


def test_without_words_or_with_a_wrong_code_nothing_is_asked(code, complaint, council):
    with pytest.raises(Refused, match="Write what is wrong"):
        actions.request_review(code, "  ")
    with pytest.raises(Refused, match="not right"):
        actions.request_review("0000-0000-00", WHY)
    assert not Review.objects.exists()


# --- by whom


def test_where_only_those_are_there_who_answered_or_are_meant_nobody_takes_it(
    code, complaint, post, house, worker, coordinator
):
    other = given.make_team(of=post.organisation)
    given.make_worker(of=other)
    for team in (other, worker.memberships.get().team):
        actions.appoint_team(team, DeskDuty.REVIEWS, by=coordinator)
    with pytest.raises(Refused, match="This complaint cannot be reviewed here"):
        actions.request_review(code, WHY)
    assert not ComplaintMessage.objects.filter(
        turn=ComplaintMessage.Turn.AGAIN
    ).exists()


def test_another_team_that_answers_complaints_takes_it_where_none_is_for_that(
    code, complaint, coordinator
):
    lawyer = given.make_worker()
    team = lawyer.memberships.get().team
    actions.appoint_team(team, DeskDuty.COMPLAINTS, by=coordinator)
    review = actions.request_review(code, WHY)
    assert review.body == team
    assert rules.review_complaint.permits(lawyer, review)


def test_nobody_decides_who_answered_first_or_works_where_it_happened(
    review, reader, worker, council, stranger, coordinator
):
    team = review.body
    for nobody in (reader, worker, stranger, coordinator):
        assert not rules.review_complaint.permits(nobody, review)
        with pytest.raises(Denied):
            actions.decide_review(review, ReviewVerdict.STANDS, LAST, by=nobody)
    assert rules.review_complaint.explain(council, review) == ["review_complaint"]

    colleague = given.make_worker(of=reader.memberships.get().team)
    for person in (reader, colleague, worker):  # who works for the council as well
        given.join_team(person, team)
        assert not rules.review_complaint.permits(person, review)
        assert review not in rules.review_complaint.among(Review.objects.all(), person)
    reader.memberships.exclude(team=team).update(ended_at=timezone.now())
    assert not rules.review_complaint.permits(reader, review)  # the hand that answered
    assert Desk.objects.standing(DeskDuty.REVIEWS).get().team == team


# --- the decision


def test_the_code_shows_the_decision_and_the_first_answer(
    code, review, council, reader
):
    actions.write_for_review(review, "We ask the neighbour.", by=council)
    actions.decide_review(review, ReviewVerdict.CHANGED, LAST, by=council)
    with pytest.raises(Changed, match="already"):
        actions.decide_review(review, ReviewVerdict.STANDS, "Once more.", by=council)

    found = actions.look_up_complaint(code)
    assert found.review
    assert found.review.verdict == ReviewVerdict.CHANGED
    assert sorted(words for _one, words in found.answers) == sorted(
        [ANSWER, "We ask the neighbour.", LAST]
    )
    assert found.answers[0][1] == ANSWER
    assert found.reviewer is None
    for letter in ComplaintMessage.objects.filter(answers=False):
        assert bytes(letter.for_person) == b""


def test_before_it_was_asked_the_code_says_who_would_look(code, complaint, council):
    team = council.memberships.get().team
    found = actions.look_up_complaint(code).reviewer
    assert found
    assert found.team == team
    Complaint.objects.update(closed_on=days_ago(91))
    assert actions.look_up_complaint(code).reviewer is None


def test_a_decision_needs_words(review, council):
    with pytest.raises(Refused, match="Write an answer"):
        actions.decide_review(review, ReviewVerdict.STANDS, " ", by=council)
    review.refresh_from_db()
    assert review.closed_on is None
