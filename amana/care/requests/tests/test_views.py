"""The pages: four taps to a request without a name, twenty seconds to an answer."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amana import given
from amana.care.cases.tabs import CaseTab, build_address
from amana.care.consent import actions as consents
from amana.care.consent import consent_questions
from amana.care.consent.forms import ConsentForm
from amana.care.consent.models import Consent
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions
from amana.care.requests.models import Enquiry, HelpRequest
from amana.care.requests.states import HelpRequestStatus
from amana.design.directory import actions as directory
from amana.trust.access.models import Role, Sphere
from amana.ui import badges
from amana.ui.once import make_form_key
from tests.pages import LIGHT, doubled_ids, weight_sent
from tests.worlds import kept

from .conftest import answers, now, of

CANARY = "Zubaida Canary"


def at(name, *args):
    return reverse(f"requests:{name}", args=args)


@kept
def ours(worker):
    return given.sign_in(worker)


@kept
def strange(stranger):
    return given.sign_in(stranger)


def test_the_page_of_who_is_asked_is_light(request_in_turn, first):
    enquiry = of(request_in_turn, first)
    page = given.sign_in(first[1]).get(at("enquiry", enquiry.pk)).content.decode()
    assert "/accept/" in page
    assert weight_sent(page) < LIGHT
    assert doubled_ids(page) == []


def text(response):
    return response.content.decode()


def list_of(need, *houses):
    words = "&".join(f"service={service.pk}" for service, _focal in houses)
    return f"{at('ask', need.pk)}?{words}"


def agrees(need, houses, worker, **changes):
    """What the form sends when the person has said yes to these."""
    teams = list({s.team_id: s.team for s, _focal in houses}.values())
    asked = consent_questions.open_question(
        need.case,
        recipients=teams,
        purpose=Consent.Purpose.REFERRAL,
        need=need,
        by=worker,
    )
    form = ConsentForm(asked)
    said = {
        name: form[name].value()
        for name in ("share", "until", "language", "given_by", "mode", "copy")
    }
    said["until"] = said["until"].isoformat()
    answer = {"heard": form.digest(), "understood": "on", "answer": "given"}
    return said | answer | {"order": "in_turn"} | make_form_key() | changes


# --- several houses, one conversation


def test_the_page_names_all_in_order_and_reads_one_text(
    need, ours, first, second, third
):
    page = text(ours.get(list_of(need, second, first, third)))
    places = [page.index(name) for name in ("Hill House", "Lake House", "Sea House")]
    assert places == sorted(places)
    assert page.count('class="read-aloud"') == 1


def test_one_yes_asks_the_first_of_three(need, worker, ours, first, second, third):
    houses = [first, second, third]
    said = agrees(need, houses, worker)
    ours.get(list_of(need, *houses))
    answer = ours.post(list_of(need, *houses), said)
    request = HelpRequest.objects.get()
    assert answer.headers["Location"] == at("request", request.pk)
    assert answers(request) == ["asked", "waiting", "waiting"]
    assert Consent.objects.count() == len(houses)


def test_a_forgotten_tick_is_said_and_nothing_is_lost(
    need, worker, ours, first, second
):
    said = agrees(need, [first, second], worker, note="At the side door")
    del said["understood"]
    answer = ours.post(list_of(need, first, second), said)
    assert answer.status_code in {409, 422}
    assert not HelpRequest.objects.exists()


def test_a_no_is_recorded_for_each_and_asks_nobody(need, worker, ours, first, second):
    said = agrees(need, [first, second], worker, answer="refused")
    answer = ours.post(list_of(need, first, second), said)
    assert answer.headers["Location"] == reverse("referrals:choose", args=[need.pk])
    assert set(Consent.objects.values_list("status", flat=True)) == {"refused"}
    assert not HelpRequest.objects.exists()


def test_a_house_that_she_named_before_is_not_read_about_again(
    need, ours, worker, first, second, third
):
    ours.post(list_of(need, first, second), agrees(need, [first, second], worker))
    ours.post(at("recall", HelpRequest.objects.get().pk), make_form_key())

    page = text(ours.get(list_of(need, first, third)))
    assert "agreed to this already" in page
    words = page.split('id="consent-words"')[1].split("</form>")[0]
    assert "Sea House" in words
    assert "Lake House" not in words
    ours.post(list_of(need, first, third), agrees(need, [third], worker))
    assert Consent.objects.filter(recipient=first[0].team).count() == 1
    asked = HelpRequest.objects.get(status="open")
    assert [e.recipient for e in asked.in_order()] == [first[0].team, third[0].team]


def test_of_houses_that_she_all_named_nothing_is_read(
    need, ours, worker, first, second
):
    ours.post(list_of(need, first, second), agrees(need, [first, second], worker))
    ours.post(at("recall", HelpRequest.objects.get().pk), make_form_key())

    address = list_of(need, second, first)
    page = text(ours.get(address))
    assert 'id="consent-words"' not in page
    assert 'id="consent-words"' in text(ours.get(f"{address}&anew=1"))
    sent = {"answer": "given", "order": "in_turn"}
    with_note = ours.post(address, sent | {"note": "Please hurry"} | make_form_key())
    assert with_note.status_code == 422
    assert "was not informed that this is sent too" in text(with_note)
    ours.post(address, sent | make_form_key())
    asked = HelpRequest.objects.get(status="open")
    assert asked.in_order()[0].recipient == second[0].team
    assert Consent.objects.count() == 2


def test_withdrawn_meanwhile_she_is_asked_and_nothing_is_sent(
    need, ours, worker, first
):
    given.make_consent(need.case, to=first[0].team, by=worker)
    address = list_of(need, first)
    assert 'id="consent-words"' not in text(ours.get(address))
    consents.withdraw(Consent.objects.get(), by=worker)
    late = ours.post(address, {"answer": "given", "order": "in_turn"} | make_form_key())
    assert late.status_code == 422
    assert 'id="consent-words"' in text(late)
    assert not HelpRequest.objects.exists()


def test_who_accepted_already_gets_what_she_agreed_to_before(
    without_name, need, worker, ours, first
):
    given.make_consent(need.case, to=first[0].team, by=worker)
    actions.accept(of(without_name, first), by=first[1])
    actions.join(without_name, need=need, by=worker)
    page = text(ours.get(at("share", without_name.pk)))
    assert 'id="consent-words"' not in page
    ours.post(at("share", without_name.pk), {"answer": "given"} | make_form_key())
    assert Referral.objects.get().status == "accepted"


def test_a_service_closed_yesterday_is_left_out_with_the_reason(
    need, ours, first, second
):
    directory.pause_service(first[0], by=first[1])
    page = text(ours.get(list_of(need, first, second)))
    assert "takes no new people at present" in page
    assert "Hill House" in page
    nobody = ours.get(list_of(need, first))
    assert nobody.status_code == 409
    assert "takes no new people at present" in text(nobody)


@pytest.mark.parametrize("words", ["", "?service=", "?service=0", "?service=x"])
def test_a_list_of_nothing_says_so(words, need, ours):
    answer = ours.get(at("ask", need.pk) + words)
    assert answer.status_code == 409


def test_six_are_too_many(need, ours, first):
    words = "&".join(f"service={number}" for number in range(1, 7))
    assert ours.get(f"{at('ask', need.pk)}?{words}").status_code == 409


# --- without a name


def test_from_emergency_to_sent_are_four_taps(ours, first, second, third):
    gate = text(ours.get(reverse("cases:meet")))
    assert 'value="emergency"' in gate  # one
    page = text(
        ours.post(
            reverse("cases:meet"), {"go": "emergency", "step": "1"} | make_form_key()
        )
    )
    tile = at("emergency", "SH1")
    assert f'href="{tile}"' in page  # two
    for service, focal in (first, second, third):
        directory.change_service(service, types=["SH1"], hours=ALWAYS, by=focal)
    choose = text(ours.get(tile))
    assert 'value="together"' in choose  # three
    assert "Services call your team: " in choose
    given_already = dict(re.findall(r'name="(team)"[^>]*value="([^"]*)"', choose))
    answer = ours.post(
        tile, {"ask": "together"} | given_already | make_form_key()
    )  # four
    request = HelpRequest.objects.get()
    assert answer.headers["Location"] == at("request", request.pk)
    assert answers(request) == ["asked"] * 3
    assert request.case is None
    page = text(ours.get(at("request", request.pk)))
    assert "3 teams are being asked" in page


ALWAYS = [[0, 7 * 24 * 60]]


def test_nothing_is_chosen_beforehand(ours, first, worker):
    directory.change_service(first[0], types=["SH1"], hours=ALWAYS, by=first[1])
    page = text(ours.get(at("emergency", "SH1")))
    assert not re.findall(r'name="ask"[^>]*checked', page)
    team = worker.memberships.get().team_id
    answer = ours.post(at("emergency", "SH1"), {"team": team} | make_form_key())
    assert answer.status_code == 422
    assert not HelpRequest.objects.exists()


def test_what_a_sphere_may_never_hear_is_not_offered(ours):
    border = given.make_organisation(sphere=Sphere.BORDER)
    given.make_service(of=given.make_team(of=border), name="Border cell", types=["SH1"])
    hostel = given.make_service(name="Hostel clinic", types=["HE1"])
    assert "Border cell" not in text(ours.get(at("emergency", "SH1")))
    assert hostel.name not in text(ours.get(at("emergency", "HE1")))
    assert "Call an emergency line" in text(ours.get(at("emergency", "HE1")))


def test_whoever_holds_no_keys_asks_nobody(db):
    analyst = given.sign_in(given.make_worker(role=Role.ANALYST))
    assert analyst.get(at("emergency", "SH1")).status_code == 409


# --- whoever is asked


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


def test_whoever_asked_several_prints_her_slip(request_in_turn, worker, first):
    page = given.sign_in(worker)
    request_page = page.get(reverse("requests:request", args=[request_in_turn.pk]))
    slip = reverse("referrals:person_slip", args=[request_in_turn.case_id])
    assert slip in request_page.content.decode()
    assert request_in_turn.case.reference in page.get(slip).content.decode()
    assert given.sign_in(first[1]).get(slip).status_code == 404
