"""The first hour, on a telephone: one conversation and several houses; help without a
name; an agency without accounts. In English and in Arabic, every page looked at by axe
and for its width, and the hand's work counted.

Pages are found by what they are, not by the words on them.
"""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from amana.care.cases.models import Case
from amana.care.consent.models import Consent
from amana.care.referrals.models import Referral
from amana.care.referrals.tests.short import an_officer
from amana.care.requests.models import Enquiry, HelpRequest
from amana.trust.access.models import Sphere, User
from amana.trust.vault.models import Disclosure
from tests.journeys.conftest import SignsIn, Watch
from tests.journeys.hands import Hand

from .first_hour import (
    MOST_HEARD_OF_THREE,
    NAME,
    PLACE,
    WORDS,
    Look,
    a_house,
    agree,
    find_help,
    is_short,
    knows_nothing,
    look_on_phone_and_desk,
    not_told,
    on_a_phone,
    withdraw,
)


@pytest.fixture
def look(accessible: Callable[[Page], None]) -> Look:
    return look_on_phone_and_desk(accessible)


@pytest.fixture
def officer(transactional_db: None) -> User:
    return an_officer()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_one_conversation_and_three_houses(
    officer: User, sign_in: SignsIn, look: Look, watch: Watch, language: str
) -> None:
    houses = [a_house(name) for name in ("Dar Amal", "Harbour House", "Lantern House")]
    sender = on_a_phone(sign_in(officer, language=language))
    hand = Hand(sender)
    find_help(hand, look)
    listed = sender.locator('main select[name="service"]')
    offered = {service.pk: answers for service, answers in houses}
    first = int(listed.first.input_value())  # the best is chosen already
    others = [pk for pk in offered if pk != first]
    for place, pk in enumerate(others, start=1):
        listed.nth(place).select_option(str(pk))
        hand.count("service")
    hand.submit("form.match-order")
    agree(hand, look, "first-ask-three", most=MOST_HEARD_OF_THREE)
    is_short(hand)
    look(sender, "first-asked-three")
    enquiries = [Enquiry.objects.get(service=pk) for pk in (first, *others)]
    assert [enquiry.status for enquiry in enquiries] == ["asked", "waiting", "waiting"]

    one, two, three = (
        on_a_phone(sign_in(offered[pk], language=language)) for pk in (first, *others)
    )
    one.goto("/referrals/received/")
    look(one, "first-inbox")
    house = Hand(one)
    house.follow(f"/received/{enquiries[0].pk}/")
    look(one, "first-question")
    assert knows_nothing(one)
    house.follow("/decline/")
    look(one, "first-decline")
    house.choose("reason", "no_capacity")
    house.submit()
    assert knows_nothing(one)
    house.submit('main form[action$="/now"]')  # or in ten minutes, by itself
    assert knows_nothing(one)

    two.goto("/referrals/received/")
    house = Hand(two)
    house.follow(f"/received/{enquiries[1].pk}/")
    assert knows_nothing(two)
    house.submit()
    referral = Referral.objects.get()
    assert two.url.endswith(f"/referrals/{referral.pk}/")
    look(two, "first-accepted")
    assert NAME in two.content()
    assert WORDS in two.content()
    assert PLACE in two.content()
    assert (referral.service_id, referral.status) == (others[0], "accepted")

    asked = HelpRequest.objects.get()
    sender.goto(f"/requests/{asked.pk}/")
    look(sender, "first-answered")
    not_told(three, enquiries[2], look, watch)

    agreed = Consent.objects.get(recipient=referral.recipient)
    withdraw(sender, agreed, look)
    watch.expect("410 (Gone)")
    two.goto(f"/referrals/{referral.pk}/")
    look(two, "first-gone")
    assert knows_nothing(two)
    assert not Disclosure.objects.filter(case=agreed.case_id).exists()
    not_told(three, enquiries[2], look, watch)


@pytest.mark.parametrize(
    "language", [pytest.param("en", marks=pytest.mark.smoke), "ar"]
)
def test_one_house_in_few_taps(
    officer: User, sign_in: SignsIn, look: Look, language: str
) -> None:
    service, _answers = a_house("Dar Amal")
    sender = on_a_phone(sign_in(officer, language=language))
    hand = Hand(sender)
    find_help(hand, look)
    hand.follow(f"/ask/{service.pk}/")
    agree(hand, look, "first-ask-one")
    is_short(hand)
    referral = Referral.objects.get()
    assert sender.url.endswith(f"/referrals/{referral.pk}/sent/")
    look(sender, "first-sent")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_unconscious_person_gets_help_in_four_taps_and_a_name_later(
    officer: User, sign_in: SignsIn, look: Look, language: str
) -> None:
    service, answers = a_house(
        "Bridge Hospital", types=["HE1"], counts_places=False, sphere=Sphere.HEALTH
    )
    sender = on_a_phone(sign_in(officer, language=language))
    hand = Hand(sender)
    sender.goto("/cases/meet/")
    hand.press("go", "emergency")
    look(sender, "emergency")
    hand.follow("/emergency/HE1/")
    look(sender, "emergency-ask")
    hand.choose("ask", "together")
    hand.submit()
    assert hand.taps == 4
    assert hand.typed == 0
    asked = HelpRequest.objects.get()
    assert asked.case_id is None
    assert sender.url.endswith(f"/requests/{asked.pk}/")
    look(sender, "emergency-asked")
    assert not Case.objects.exists()

    hospital = on_a_phone(sign_in(answers, language=language))
    hospital.goto("/referrals/received/")
    house = Hand(hospital)
    house.follow(f"/received/{asked.enquiries.get().pk}/")
    look(hospital, "emergency-question")
    house.submit()
    look(hospital, "emergency-accepted")
    asked.refresh_from_db()
    assert asked.status == "accepted"

    sender.goto(f"/requests/{asked.pk}/")
    look(sender, "emergency-answered")
    hand.follow(reverse("cases:intake"))
    hand.type("identity_name", NAME)
    hand.choose("need-0-type", "HE1")
    hand.type("need-0-words", "My head hurts.")
    hand.press("go", "open")
    sender.goto(f"/requests/{asked.pk}/join/")
    look(sender, "emergency-join")
    hand.choose("need", str(Case.objects.get().needs.get().pk))
    hand.submit()
    look(sender, "emergency-share")
    hand.tick("understood")
    hand.press("answer", "given")
    referral = Referral.objects.get()
    assert referral.status == "accepted"
    assert referral.service_id == service.pk
    look(sender, "emergency-named")

    hospital.goto(f"/referrals/{referral.pk}/")
    assert NAME in hospital.content()
    look(hospital, "emergency-told")
