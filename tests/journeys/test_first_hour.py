"""The first hour, on a telephone: one conversation and several houses; help without a
name; an agency without accounts. In English and in Arabic, every page looked at by axe
and for its width, and the hand's work counted.

Pages are found by what they are, not by the words on them.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize

from amana import given
from amana.care.cases.models import Case
from amana.care.consent.models import Consent, Destruction
from amana.care.referrals.models import Referral
from amana.care.referrals.tests.short import a_short_referral
from amana.care.requests.models import Enquiry, HelpRequest
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Sphere, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import Disclosure
from tests.journeys.conftest import WIDTHS, Opens, SignsIn, Watch, overflow
from tests.journeys.hands import Hand

Look = Callable[[Page, str], None]

PHONE: ViewportSize = {"width": 360, "height": 740}
NAME, WORDS, PLACE = "Hope", "A door that I can lock.", "Ferry terminal, gate 3"
MOST_TAPS, MOST_PAGES, MOST_HEARD, MOST_HEARD_OF_THREE = 14, 8, 120, 150
HEARD = "() => document.querySelector('.consent-steps').innerText"


@pytest.fixture
def look(accessible: Callable[[Page], None]) -> Look:
    """See that a page is sound, and fits a phone and a desk; no picture is kept."""

    def look(page: Page, name: str) -> None:
        accessible(page)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            assert overflow(page) == [], f"{name} is wider than {width} pixels"
        page.set_viewport_size(PHONE)

    return look


@pytest.fixture
def officer(transactional_db: None) -> User:
    border = given.make_organisation(name="Border Guard", sphere=Sphere.BORDER)
    desk = given.make_team(
        of=border, name="First contact desk", phone="+999 20 555 0101"
    )
    return given.make_worker(of=desk, role=Role.SCREENER, name="Karim Bensalah")


def a_house(name: str, **fields: object) -> tuple[Service, User]:
    sphere = fields.pop("sphere", Sphere.HUMANITARIAN)
    of = given.make_organisation(name=name, sphere=sphere)
    team = given.make_team(of=of, name=f"{name} team", phone="+999 20 555 0202")
    answers = given.make_worker(of=team, role=Role.FOCAL_POINT, name="Grace Achieng")
    usual = {"types": ["SH2"], "counts_places": True, "name": f"{name}: house"}
    return given.make_service(of=team, by=answers, **usual | fields), answers


def on_a_phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def find_help(hand: Hand, look: Look) -> None:
    """From the first question to the services that can be chosen."""
    page = hand.page
    page.goto("/cases/meet/")
    while page.locator("#gate").count():
        hand.sees()
        look(page, "first-gate")
        hand.answer_safely()
        hand.press("go", "next")
    hand.sees()
    look(page, "first-intake")
    hand.type("identity_name", NAME)
    hand.choose("identity_sex", "female")
    hand.choose("need-0-type", "SH2")
    hand.type("need-0-words", WORDS)
    hand.type("needs_area", PLACE)
    hand.press("go", "find_help")
    hand.sees()
    look(page, "first-choose")


def agree(hand: Hand, look: Look, name: str, *, most: int = MOST_HEARD) -> None:
    hand.sees()
    look(hand.page, name)
    assert len(str(hand.page.evaluate(HEARD)).split()) <= most
    hand.tick("understood")
    hand.press("answer", "given")


def withdraw(sender: Page, consent: Consent, look: Look) -> None:
    sender.goto(f"/cases/{consent.case_id}/")
    look(sender, "first-case")
    hand = Hand(sender)
    hand.tap(sender.locator(f'main a[href*="{consent.pk}"][href*="withdraw"]').first)
    look(sender, "first-withdraw")
    hand.submit()
    assert hand.taps == 2


def is_short(hand: Hand) -> None:

    assert hand.taps <= MOST_TAPS
    assert len(hand.pages) <= MOST_PAGES
    assert hand.answers == len(given.SAFE_ANSWERS)


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


def knows_nothing(page: Page) -> bool:
    return not any(said in page.content() for said in (NAME, WORDS, PLACE))


def not_told(page: Page, enquiry: Enquiry, look: Look, watch: Watch) -> None:
    """Neither its pages nor the rows of the database tell this team anything of her."""
    for address in ("/today/", "/referrals/received/"):
        page.goto(address)
        assert knows_nothing(page)
        assert str(enquiry.pk) not in page.content()
    look(page, "first-not-told")
    watch.expect("404 (Not Found)")
    page.goto(f"/requests/received/{enquiry.pk}/")
    assert knows_nothing(page)
    enquiry.refresh_from_db()
    assert enquiry.status in {"waiting", "closed"}
    assert enquiry.asked_at is None
    team = enquiry.recipient
    assert not Referral.objects.filter(recipient=team).exists()
    copies = Disclosure.objects.filter(recipient=team)
    assert not copies.filter(held_back=False).exists()
    members = [str(pk) for pk in team.memberships.values_list("user_id", flat=True)]
    assert enquiry.request.case_id
    about_her = AuditEvent.objects.touching_case(enquiry.request.case_id)
    assert members
    assert not about_her.filter(actor__in=members).exists()


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


# --- an agency without accounts


@pytest.fixture
def sent_outside(officer: User) -> Referral:
    of = given.make_organisation(name="Village clinic")
    team = given.make_team(of=of, name="Village clinic", email="clinic@example.org")
    keeper = given.make_worker(role=Role.COORDINATOR)
    service = given.make_service(of=team, by=keeper, name="Beds", types=["SH1"])
    return a_short_referral(officer, service)


def a_page_and_code(page: Page, referral: Referral, look: Look) -> tuple[str, str]:
    """What the sender tells them: made with taps only, nothing is typed."""
    hand = Hand(page)
    page.goto(f"/referrals/{referral.pk}/outside/")
    look(page, "outside")
    hand.submit('main form[action$="/code/"]')
    look(page, "outside-code")
    assert hand.typed == 0
    spoken = page.locator(".spoken-code bdi").inner_text()
    address = page.locator('main bdi:has-text("/referrals/open/")').inner_text()
    return address, spoken


def open_with(page: Page, address: str, spoken: str) -> Hand:
    hand = Hand(page)
    page.goto(address)
    hand.type("code", spoken)
    hand.submit("main form:has([name=code])")
    return hand


def answer(hand: Hand, act: str, look: Look, **said: str) -> None:
    """Take one step on the page or the slip."""
    hand.tap(hand.page.locator(f'main a[href*="act={act}"]').first)
    look(hand.page, f"outside-{act}")
    for name, value in said.items():
        hand.type(name, value)
    hand.submit("main form:has([name=act])")


@pytest.mark.smoke
def test_an_agency_without_accounts_answers_until_the_outcome(
    officer: User, sent_outside: Referral, sign_in: SignsIn, visit: Opens, look: Look
) -> None:
    sender = sign_in(officer, language="ar")
    address, spoken = a_page_and_code(sender, sent_outside, look)

    clinic = on_a_phone(visit(language="ar"))
    hand = open_with(clinic, address, spoken)
    look(clinic, "outside-opened")
    assert clinic.locator("html").get_attribute("lang") == "ar"
    assert NAME in clinic.content()
    stands(sent_outside, "received")
    clinic.locator('.site-header button[value="fr"]').first.click()
    clinic.wait_for_load_state()
    assert clinic.locator("html").get_attribute("lang") == "fr"
    assert NAME in clinic.content()
    look(clinic, "outside-opened")
    clinic.locator('.site-header button[value="ar"]').first.click()
    clinic.wait_for_load_state()

    slip = clinic.locator(".spoken-code bdi").first.inner_text()
    answer(hand, "accept", look)
    stands(sent_outside, "accepted")
    assert NAME in clinic.content()

    clinic = on_a_phone(visit(language="ar"))
    hand = open_with(clinic, "/referrals/slip/", slip)
    look(clinic, "outside-slip")
    assert knows_nothing(clinic)
    tomorrow = timezone.localtime() + timedelta(days=1)
    answer(hand, "appointment", look, at=tomorrow.strftime("%Y-%m-%dT10:00"))
    stands(sent_outside, "appointment")
    answer(hand, "attended", look)
    stands(sent_outside, "attended")
    answer(hand, "complete", look)
    stands(sent_outside, "completed")
    assert knows_nothing(clinic)

    sender.goto(f"/referrals/{sent_outside.pk}/outside/")
    look(sender, "outside-standing")


def stands(referral: Referral, status: str) -> None:
    referral.refresh_from_db()
    assert referral.status == status


@pytest.mark.smoke
def test_an_agency_without_accounts_destroys_what_was_withdrawn(
    officer: User, sent_outside: Referral, sign_in: SignsIn, visit: Opens, look: Look
) -> None:
    sender = sign_in(officer, language="ar")
    address, spoken = a_page_and_code(sender, sent_outside, look)
    clinic = on_a_phone(visit(language="ar"))
    hand = open_with(clinic, address, spoken)
    slip = clinic.locator(".spoken-code bdi").first.inner_text()
    answer(hand, "accept", look)

    withdraw(sender, sent_outside.agreed, look)
    clinic.goto(address)
    assert knows_nothing(clinic)
    look(clinic, "outside-ended")
    hand = open_with(clinic, "/referrals/slip/", slip)
    look(clinic, "outside-destroy")
    assert knows_nothing(clinic)
    hand.press("destroyed", "destroyed")
    look(clinic, "outside-destroyed")
    told = Destruction.objects.get(consent=sent_outside.consent, answer="destroyed")
    assert told.confirmed_at
