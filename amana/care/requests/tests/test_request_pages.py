"""The pages on which services are asked: several at once, or without a name."""

import re

import pytest
from django.urls import reverse

from amana import given
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals.models import Referral
from amana.care.requests import actions
from amana.care.requests.models import HelpRequest
from amana.design.directory import actions as directory
from amana.trust.access.models import Role, Sphere
from amana.ui.once import make_form_key

from .browsers import agrees, at, list_of, text
from .conftest import answers, of

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
