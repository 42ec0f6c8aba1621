"""The pages of who is asked: twenty seconds to an answer."""

import pytest
from django.urls import reverse

from amana import given
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.ui import badges
from amana.ui.once import make_form_key
from tests.pages import LIGHT, doubled_ids, weight_sent

from .browsers import at, text
from .conftest import answers, of

CANARY = "Zubaida Canary"


def test_the_page_of_who_is_asked_is_light(request_in_turn, first):
    enquiry = of(request_in_turn, first)
    page = given.sign_in(first[1]).get(at("enquiry", enquiry.pk)).content.decode()
    assert "/accept/" in page
    assert weight_sent(page) < LIGHT
    assert doubled_ids(page) == []


def test_the_recipient_sees_what_decides_and_nothing_of_a_person(
    without_name, request_in_turn, first
):
    client = given.sign_in(first[1])
    page = text(client.get(at("enquiry", of(without_name, first).pk)))
    for shown in ("Gate 3, blue bench", "Mariam Toure", "+999 20 100", "Reply by"):
        assert shown in page
    page = text(client.get(at("enquiry", of(request_in_turn, first).pk)))
    for hidden in (CANARY, request_in_turn.case.reference, "Gate 3", "A bed"):
        assert hidden not in page
    inbox = text(client.get(reverse("referrals:inbox")))
    assert at("enquiry", of(without_name, first).pk) in inbox
    assert inbox.index("Emergency") < inbox.index("Medium")


def test_accepting_leads_to_what_the_person_shares(request_in_turn, first):
    client = given.sign_in(first[1])
    enquiry = of(request_in_turn, first)
    answer = client.post(at("accept", enquiry.pk), {"places": "1"} | make_form_key())
    referral = Referral.objects.get()
    assert answer.headers["Location"] == reverse(
        "referrals:referral", args=[referral.pk]
    )
    assert CANARY in text(client.get(answer.headers["Location"]))


def test_declining_asks_why_and_goes_on(request_in_turn, first, second, third):
    client = given.sign_in(first[1])
    enquiry = of(request_in_turn, first)
    assert client.get(at("decline", enquiry.pk)).status_code == 200
    assert client.post(at("decline", enquiry.pk), make_form_key()).status_code == 422
    client.post(at("decline", enquiry.pk), {"reason": "no_capacity"} | make_form_key())
    assert answers(request_in_turn) == ["asked", "waiting", "waiting"]
    given.pass_ten_minutes()
    assert answers(request_in_turn) == ["declined", "asked", "waiting"]
    other = given.sign_in(second[1])
    assert other.get(at("enquiry", of(request_in_turn, second).pk)).status_code == 200


@pytest.mark.parametrize("name", ["enquiry", "accept", "decline"])
def test_the_third_house_finds_nothing(name, request_in_turn, third, strange):
    enquiry = of(request_in_turn, third)
    for client in (given.sign_in(third[1]), strange):
        assert client.get(at(name, enquiry.pk)).status_code == 404
        inbox = text(client.get(reverse("referrals:inbox")))
        assert "Requests for help" not in inbox


def test_who_comes_second_reads_that_it_is_closed(request_at_once, first, second):
    actions.accept(of(request_at_once, first), by=first[1])
    client = given.sign_in(second[1])
    enquiry = of(request_at_once, second)
    page = text(client.get(at("enquiry", enquiry.pk)))
    assert "This request is closed" in page
    assert "Lake House" not in page
    late = client.post(at("accept", enquiry.pk), {"places": "1"} | make_form_key())
    assert late.status_code == 409
    assert "already been accepted" in text(late)


def test_who_was_asked_before_does_not_learn_where_the_case_went(
    request_in_turn, first, second
):
    actions.decline(
        of(request_in_turn, first), reason=DeclineReason.NO_CAPACITY, by=first[1]
    )
    case = request_in_turn.case
    case.team = second[0].team
    case.save(update_fields=["team"])
    actions.follow_case(request_in_turn, by=second[1])
    page = text(
        given.sign_in(first[1]).get(at("enquiry", of(request_in_turn, first).pk))
    )
    assert "Hill House" not in page


def test_who_keeps_a_place_finds_the_request_until_it_is_recalled(
    without_name, first, second, worker
):
    actions.accept(of(without_name, first), by=first[1])
    inbox, ours = reverse("referrals:inbox"), given.sign_in(first[1])
    there = at("enquiry", of(without_name, first).pk)
    assert there in ours.get(inbox).content.decode()
    lost = at("enquiry", of(without_name, second).pk)
    assert lost not in given.sign_in(second[1]).get(inbox).content.decode()
    actions.recall(without_name, by=worker)
    assert "recalled the request" in ours.get(there).content.decode()


def test_the_inbox_badge_counts_requests_to_answer(without_name, first, second):
    assert badges.count_badges(first[1])["inbox"] == 1
    actions.decline(
        of(without_name, first), reason=DeclineReason.NO_CAPACITY, by=first[1]
    )
    assert badges.count_badges(first[1])["inbox"] == 0
