"""An agency without accounts answers until the outcome, and destroys what was
withdrawn."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from amana import given
from amana.care.consent.models import Destruction
from amana.care.referrals.models import Referral
from amana.care.referrals.tests.short import a_short_referral, an_officer
from amana.trust.access.models import Role, User
from tests.journeys.conftest import Opens, SignsIn
from tests.journeys.hands import Hand

from .first_hour import (
    NAME,
    Look,
    knows_nothing,
    look_on_phone_and_desk,
    on_a_phone,
    withdraw,
)


@pytest.fixture
def look(accessible: Callable[[Page], None]) -> Look:
    return look_on_phone_and_desk(accessible)


@pytest.fixture
def officer(transactional_db: None) -> User:
    return an_officer()


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
