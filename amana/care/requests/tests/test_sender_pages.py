"""The pages on which a sender follows a request."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amana import given
from amana.care.cases.tabs import CaseTab, build_address
from amana.care.consent.models import Consent
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.states import HelpRequestStatus
from amana.ui.once import make_form_key

from .browsers import agrees, at, list_of, text
from .conftest import now, of

# --- the sender


def test_the_sender_sees_who_is_asked_who_declined_and_who_is_next(
    request_in_turn, ours, first, strange
):
    actions.decline(
        of(request_in_turn, first), reason=DeclineReason.NO_CAPACITY, by=first[1]
    )
    page = text(ours.get(at("request", request_in_turn.pk)))
    for shown in ("No places free", "Being asked", "Next in line", "Waiting for"):
        assert shown in page
    assert 'hx-trigger="every' in page
    assert strange.get(at("request", request_in_turn.pk)).status_code == 404
    assert "No places free" in text(ours.get(reverse("referrals:sent")))
    tab = build_address(CaseTab.REFERRALS, request_in_turn.case_id)
    case = text(ours.get(tab))
    assert "No places free" in case


def test_the_list_of_requests_costs_the_same_for_one_and_for_many(
    without_name, ours, first, worker, team
):
    address = reverse("referrals:sent")
    ours.get(address)
    with CaptureQueriesContext(connection) as one:
        ours.get(address)
    for _more in range(3):
        actions.ask_without_name(team, type="SH2", services=[first[0]], by=worker)
    with CaptureQueriesContext(connection) as many:
        ours.get(address)
    assert len(many) == len(one)


def test_named_later_by_two_pages(without_name, need, worker, ours, first, strange):
    assert ours.get(at("share", without_name.pk)).status_code == 302
    actions.accept(of(without_name, first), by=first[1])
    assert strange.get(at("join", without_name.pk)).status_code == 404
    assert ours.post(at("join", without_name.pk), make_form_key()).status_code == 422
    answer = ours.post(at("join", without_name.pk), {"need": need.pk} | make_form_key())
    assert answer.headers["Location"] == at("share", without_name.pk)
    assert "They have already accepted" in text(ours.get(at("share", without_name.pk)))
    said = agrees(need, [first], worker)
    answer = ours.post(at("share", without_name.pk), said)
    referral = Referral.objects.get()
    assert answer.headers["Location"] == reverse(
        "referrals:referral", args=[referral.pk]
    )
    assert referral.status == "accepted"


def test_a_no_shares_nothing_and_the_place_stays(
    without_name, need, worker, ours, first
):
    actions.accept(of(without_name, first), by=first[1])
    actions.join(without_name, need=need, by=worker)
    said = agrees(need, [first], worker, answer="refused")
    ours.post(at("share", without_name.pk), said)
    assert not Referral.objects.exists()
    assert now(without_name).status == HelpRequestStatus.ACCEPTED


def test_recalling_is_one_button(request_in_turn, ours, strange):
    assert (
        strange.post(at("recall", request_in_turn.pk), make_form_key()).status_code
        == 404
    )
    ours.post(at("recall", request_in_turn.pk), make_form_key())
    assert now(request_in_turn).status == HelpRequestStatus.RECALLED


def test_for_an_agency_outside_the_sender_is_told_to_call(need, worker, ours):
    outside = given.make_service(
        of=given.make_team(name="Night desk", phone="+999 20 555"), name="Night beds"
    )
    outside.team.memberships.update(ended_at="2026-01-01T00:00Z")
    ours.post(
        list_of(need, (outside, worker)), agrees(need, [(outside, worker)], worker)
    )
    request = HelpRequest.objects.get()
    page = text(ours.get(at("request", request.pk)))
    assert "Call them" in page
    assert "+999 20 555" in page
    enquiry = Enquiry.objects.get()
    assert "the answer they gave you by telephone" in text(
        ours.get(at("accept", enquiry.pk))
    )
    answer = ours.post(at("accept", enquiry.pk), {"places": "0"} | make_form_key())
    assert answer.headers["Location"] == at("request", request.pk)
    assert Referral.objects.get().status == "accepted"


# --- what lies beside


@pytest.mark.parametrize("page", ["consent:disclosure", "htcds:record"])
def test_where_help_is_needed_is_not_what_a_person_shared(page, without_name, first):
    """No consent stands for it: it has a page of its own, and breaks no other."""
    theirs = given.sign_in(first[1])
    assert theirs.get(reverse("consent:shared")).status_code == 200
    place = of(without_name, first).place
    assert theirs.get(reverse(page, args=[place])).status_code == 404


def test_the_sender_is_promised_the_next_team_only_while_there_is_one(
    request_in_turn, first, second, worker
):
    page = given.sign_in(worker)
    url = reverse("requests:request", args=[request_in_turn.pk])
    told = page.get(url).content
    assert b"the next team is asked automatically" in told
    assert request_in_turn.case.reference.encode() in told  # to be told to the person
    for house in (first, second):
        reason = DeclineReason.NO_CAPACITY
        actions.decline(of(request_in_turn, house), reason=reason, by=house[1])
    last = page.get(url).content
    assert b"the next team is asked automatically" not in last
    assert b"you are notified and can choose other services" in last


def test_withdrawing_what_was_held_back_promises_no_destruction(
    request_in_turn, worker
):
    consent = Consent.objects.earliest("pk")
    url = reverse("consent:withdraw", args=[consent.pk])
    page = given.sign_in(worker).get(url).content.decode()
    assert "Nothing has been shared with them" in page
    assert "destroy their own copies" not in page


def test_houses_that_were_asked_in_a_list_are_not_offered_again(
    request_in_turn, need, first, second, third, worker
):
    reason = DeclineReason.NO_CAPACITY
    actions.decline(of(request_in_turn, first), reason=reason, by=first[1])
    url = reverse("referrals:choose", args=[need.pk])
    choice = given.sign_in(worker).get(url).context["choice"]

    why = {entry.service.name: str(entry.why) for entry in choice.left_out}
    assert why == {
        first[0].name: "No places free",
        second[0].name: "Being asked",
        third[0].name: "Next in line",
    }
    offered = {option.service for option in (*choice.options, *choice.unsure)}
    assert not offered & {first[0], second[0], third[0]}


def test_whoever_asked_several_prints_her_slip(request_in_turn, worker, first):
    page = given.sign_in(worker)
    request_page = page.get(reverse("requests:request", args=[request_in_turn.pk]))
    slip = reverse("referrals:person_slip", args=[request_in_turn.case_id])
    assert slip in request_page.content.decode()
    assert request_in_turn.case.reference in page.get(slip).content.decode()
    assert given.sign_in(first[1]).get(slip).status_code == 404
