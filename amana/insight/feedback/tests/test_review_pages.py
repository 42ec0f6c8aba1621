"""The pages of a review."""

from django.urls import reverse

from amana import given
from amana.insight.feedback import actions, flood, rules
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    ComplaintOutcome,
    Desk,
    DeskDuty,
    Review,
)
from amana.ui.once import make_form_key

from .reviews import ANSWER, LAST, WHY, WORDS


def to(name, *args):
    return reverse(f"feedback:{name}", args=args)


def text(page):
    return page.content.decode()


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
