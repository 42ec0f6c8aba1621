"""The whole loop: from a first meeting to a referral that she herself says helped, and
to the end of what was shared. In English and in Arabic, every page looked at by axe.

Pages are found by what they are (forms, fields, addresses), not by the words on them,
so that the same story is walked in every language.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from amana import given
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Sphere, User
from amana.trust.vault.models import Disclosure
from tests.journeys.conftest import SignsIn, Watch

Look = Callable[[Page, str], None]

SAFE = given.SAFE_ANSWERS


@pytest.fixture
def look(accessible: Callable[[Page], None], picture: Look) -> Look:
    """See that a page is sound, and keep its picture for the manual."""

    def look(page: Page, name: str) -> None:
        accessible(page)
        picture(page, name)

    return look


@pytest.fixture
def officer(transactional_db: None) -> User:
    border = given.make_organisation(name="Border Guard", sphere=Sphere.BORDER)
    desk = given.make_team(of=border, name="First contact desk")
    return given.make_worker(of=desk, role=Role.SCREENER, name="Karim Bensalah")


def a_shelter(name: str) -> tuple[Service, User]:
    team = given.make_team(of=given.make_organisation(name=name), name=f"{name} team")
    answers = given.make_worker(of=team, role=Role.FOCAL_POINT, name="Grace Achieng")
    service = given.make_service(
        of=team,
        by=answers,
        name=f"{name}: safe house",
        types=["SH2"],
        sexes=["female"],
        languages=["ar", "en"],
        counts_places=True,
    )
    return service, answers


def go(page: Page, name: str, value: str) -> None:
    """Press the button of a form that says what to do next."""
    page.locator(f'main button[name="{name}"][value="{value}"]').click()
    page.wait_for_load_state()


def take_effect(page: Page) -> None:
    """Not wait for the ten minutes in which it could be undone."""
    page.locator('main form[action$="/now"] button').click()
    page.wait_for_load_state()


def do(page: Page, step: str, **fields: str) -> None:
    """Take a step with a referral: its button, its question, its form."""
    page.locator(f'main a[href$="/{step}/"]').first.click()
    page.wait_for_load_state()
    for name, value in fields.items():
        field = page.locator(f'#step [name="{name}"]').first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "checkbox":
            field.check()
        elif field.get_attribute("type") == "radio":
            page.locator(f'#step [name="{name}"][value="{value}"]').check()
        else:
            field.fill(value)
    page.locator("#step button").first.click()
    page.wait_for_load_state()


def meet(page: Page, look: Look) -> None:
    page.goto("/cases/meet/")
    look(page, "gate")
    while page.locator("#gate").count():
        for code, answer in SAFE.items():
            choice = page.locator(f'[name="{code}"][value="{answer}"][type="radio"]')
            if choice.count():
                choice.check(force=True)
        go(page, "go", "next")


def write_down(page: Page, look: Look) -> None:
    page.fill('[name="identity_name"]', "Hope")
    page.fill('[name="identity_age"]', "24")
    page.locator('[name="identity_sex"][value="female"]').check(force=True)
    page.locator('[name="identity_child"][value="no"]').check(force=True)
    page.locator('[name$="-type"]').first.select_option("SH2")
    page.locator('[name$="-urgency"][value="U1"]').first.check(force=True)
    page.locator('[name$="-words"]').first.fill("A door that I can lock.")
    look(page, "intake")
    go(page, "go", "open")


def send_to(page: Page, service: Service, look: Look, name: str) -> None:
    look(page, f"choose-{name}")
    page.locator(f'main a[href*="/ask/{service.pk}/"]').first.click()
    page.wait_for_load_state()
    page.locator('[name="understood"]').check()
    look(page, f"ask-{name}")
    go(page, "answer", "given")


@pytest.mark.parametrize(
    "language", ["en", pytest.param("ar", marks=pytest.mark.smoke)]
)
def test_the_loop_closes(
    officer: User, sign_in: SignsIn, look: Look, watch: Watch, language: str
) -> None:
    first, first_answers = a_shelter("Dar Amal")
    second, second_answers = a_shelter("Harbour House")

    sender = sign_in(officer, language=language)
    meet(sender, look)
    write_down(sender, look)
    look(sender, "case-new")
    sender.locator('main a[href$="/choose/"]').first.click()
    sender.wait_for_load_state()
    send_to(sender, first, look, "first")
    look(sender, "sent")
    referral = Referral.objects.get()

    shelter = sign_in(first_answers, language=language)
    shelter.goto("/referrals/received/")
    look(shelter, "inbox")
    shelter.locator(f'main a[href*="{referral.pk}"]').first.click()
    look(shelter, "referral-to-answer")
    do(shelter, "decline", reason="no_capacity")
    look(shelter, "declined-pending")
    take_effect(shelter)
    look(shelter, "declined")

    sender.goto(f"/referrals/{referral.pk}/")
    look(sender, "declined-sender")
    sender.locator('main a[href*="follows="]').first.click()
    sender.wait_for_load_state()
    assert not sender.locator(f'main a.button[href*="/ask/{first.pk}/"]').count()
    send_to(sender, second, look, "second")
    again = Referral.objects.exclude(pk=referral.pk).get()
    assert again.follows_id == referral.pk

    house = sign_in(second_answers, language=language)
    house.goto(f"/referrals/{again.pk}/")
    do(house, "accept")
    tomorrow = timezone.localtime() + timedelta(days=1)
    house.locator('main a[href$="/appointment/"]').first.click()
    look(house, "appointment")
    house.go_back()
    do(house, "appointment", at=tomorrow.strftime("%Y-%m-%dT10:00"))
    look(house, "appointment-made")
    do(house, "attended", early="on")
    do(house, "complete")
    take_effect(house)
    look(house, "completed")

    sender.goto(f"/referrals/{again.pk}/")
    look(sender, "to-confirm")
    do(sender, "confirm", outcome="met")
    take_effect(sender)
    again.refresh_from_db()
    assert (again.status, again.outcome) == ("confirmed", "met")
    sender.goto(f"/cases/{again.case_id}/")
    look(sender, "case")

    withdraw = sender.locator(f'main a[href*="{again.consent_id}"][href*="withdraw"]')
    withdraw.first.click()
    sender.wait_for_load_state()
    look(sender, "withdraw")
    sender.locator("main form button").first.click()
    sender.wait_for_load_state()

    assert not Disclosure.objects.filter(consent=again.basis_id).exists()
    watch.expect("410 (Gone)")
    house.goto(f"/referrals/{again.pk}/")
    look(house, "gone")
    assert "Hope" not in house.content()
    house.goto("/today/")
    look(house, "today")
