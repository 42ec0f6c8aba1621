"""Whoever is not content with an answer is heard by others, once, with a clock."""

from datetime import timedelta
from secrets import token_bytes

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.insight.feedback import actions, flood, heard, rules
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
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import erasing
from amana.trust.vault import epochs, leaving
from amana.ui.once import make_form_key
from tests.worlds import kept

WORDS, ANSWER = "He opens my letters.", "We could not find it."
WHY, LAST = "Nobody asked the neighbour.", "You were right: he may not do so."


@kept
def code(house, desk):
    return actions.take_complaint(ComplaintKind.SECRET, WORDS, about=house)


@kept
def complaint(code, reader):
    found = Complaint.objects.get()
    actions.close_complaint(found, ComplaintOutcome.NOT, ANSWER, by=reader)
    return found


@kept
def council(coordinator):
    """Somebody of the team that looks again."""
    team = given.make_team(of=given.make_organisation(name="Council for Rights"))
    member = given.make_worker(of=team, role=Role.FOCAL_POINT, name="Carim Council")
    actions.appoint_team(team, DeskDuty.REVIEWS, by=coordinator)
    return member


@kept
def review(code, complaint, council):
    return actions.request_review(code, WHY)


def days_ago(days):
    return timezone.localdate() - timedelta(days=days)


def to(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(page):
    return page.content.decode()


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


# --- the pages


def test_a_person_asks_again_and_reads_the_decision(
    client, code, complaint, reader, council, house
):
    page = text(client.post(to("state"), {"slip": code, "in": "fr"}))
    assert f'action="{to("again")}"' in page
    asked = client.post(to("again"), {"slip": code})
    assert asked.status_code == 200
    assert "<bdi>Council for Rights</bdi> reviews your complaint" in text(asked)
    said = {"slip": code, "words": WHY} | make_form_key()
    assert WHY in text(client.post(to("again"), said | {"in": "fr"}))
    assert not Review.objects.exists()
    empty = client.post(to("again"), {"slip": code, "send": "1"} | make_form_key())
    assert empty.status_code == 422
    for _twice in range(2):
        sent = client.post(to("again"), said | {"send": "1"})
        assert sent.status_code == 200
    assert "Others are reviewing it" in text(sent)
    assert WORDS not in text(sent)
    assert f'action="{to("state")}"' in text(sent)  # the code can be looked up again

    first = given.sign_in(reader)
    page = text(first.get(to("complaint", complaint.pk)))
    assert "Council for Rights" in page
    first.post(to("hand_over", complaint.pk), make_form_key())
    assert to("hand_over", complaint.pk) not in text(
        first.get(to("complaint", complaint.pk))
    )

    second = given.sign_in(council)
    assert to("review", complaint.pk) in text(second.get(to("complaints")))
    page = text(second.get(to("review", complaint.pk)))
    for words in (WORDS, ANSWER, WHY):
        assert words in page
    assert second.post(to("review", complaint.pk), make_form_key()).status_code == 422
    answer = {"words": LAST, "verdict": "changed"}
    second.post(to("review", complaint.pk), answer | make_form_key())

    found = text(client.post(to("state"), {"slip": code}))
    assert LAST in found
    assert "The first answer was changed" in found
    assert f'action="{to("again")}"' not in found


def test_a_wrong_code_is_sent_back_to_the_first_page(client, council):
    page = client.post(to("again"), {"slip": "AAAA"})
    assert page.status_code == 422
    assert "This code is not right" in text(page)


def test_where_nobody_else_is_there_she_is_told_whom_to_call(client, code, complaint):
    page = text(client.post(to("again"), {"slip": code}))
    assert "No one else here can review it" in page
    assert "<textarea" not in page


def test_strangers_find_neither_the_review_nor_the_hand_over(
    review, complaint, reader, council, stranger
):
    other = given.sign_in(stranger)
    assert other.get(to("review", complaint.pk)).status_code == 404
    assert other.post(to("hand_over", complaint.pk), make_form_key()).status_code == 404
    assert given.sign_in(reader).get(to("review", complaint.pk)).status_code == 404
    staff = given.sign_in(council)
    assert staff.get(to("complaint", complaint.pk)).status_code == 404
    assert staff.post(to("hand_over", complaint.pk), make_form_key()).status_code == 404


def test_what_was_written_is_still_there_when_it_came_too_fast(
    client, code, complaint, council, monkeypatch
):
    monkeypatch.setitem(flood.MOST, "complaint", 0)
    said = {"slip": code, "words": WHY, "send": "1", "in": "fr"} | make_form_key()
    page = client.post(to("again"), said)
    assert page.status_code == 409
    assert WHY in text(page)
    assert "Too many tries" not in text(page)  # but the same in French
    assert not Review.objects.exists()


def test_a_complaint_is_still_there_when_it_came_too_fast(client, desk, monkeypatch):
    monkeypatch.setitem(flood.MOST, "complaint", 0)
    said = {"kind": ComplaintKind.SECRET, "words": WORDS, "send": "1"} | make_form_key()
    page = client.post(to("complain"), said)
    assert page.status_code == 409
    assert WORDS in text(page)


def test_of_a_complaint_about_nobody_by_name_nothing_is_promised(
    client, desk, reader, council
):
    code = actions.take_complaint(ComplaintKind.SECRET, WORDS, about=None)
    actions.close_complaint(
        Complaint.objects.get(), ComplaintOutcome.NOT, ANSWER, by=reader
    )
    page = text(client.post(to("again"), {"slip": code}))
    assert "no one your complaint is about" not in page
    assert "do not ask here" in page


def test_who_answers_no_more_still_hands_over_what_was_written(
    code, complaint, reader, council, coordinator
):
    actions.dismiss_desk(Desk.objects.get(duty=DeskDuty.COMPLAINTS), by=coordinator)
    assert not rules.answer_complaint.permits(reader, complaint)

    actions.request_review(code, WHY)
    browser = given.sign_in(reader)
    assert browser.get(to("complaint", complaint.pk)).status_code == 200
    browser.post(to("hand_over", complaint.pk), make_form_key())

    review = Review.objects.get()
    assert WORDS in [words for _one, words in actions.open_review(review, by=council)]
    assert not rules.answer_complaint.permits(reader, complaint)
