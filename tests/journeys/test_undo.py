"""A decline and a closing are undone by keyboard alone, on a phone and on a desk, and
without scripts."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from amana import given
from amana.care.pending.models import PendingDecision
from amana.care.referrals.models import Referral
from amana.trust.access.models import Role
from tests.journeys.conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
MOST_TABS = 60
UNDO = 'form[action$="/undo"] button'


def tab_to(page: Page, selector: str) -> None:
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    raise AssertionError(f"No Tab leads to {selector}")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_decline_is_undone_by_keyboard(
    sign_in: SignsIn, look: Looks, language: str, size: ViewportSize
) -> None:
    officer = given.make_worker()
    house = given.make_team(name="Harbour House")
    host = given.make_worker(of=house, role=Role.FOCAL_POINT)
    beds = given.make_service(of=house, by=host)
    case = given.make_case(worked_on_by=officer)
    referral = given.make_referral(need=case.needs.get(), to=beds, by=officer)

    page = sign_in(host, language=language)
    page.set_viewport_size(size)
    page.goto(f"/referrals/{referral.pk}/decline/")
    tab_to(page, 'input[name="reason"]')
    page.keyboard.press("Space")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/referrals/{referral.pk}/")
    look(page, "undo-decline")
    page.set_viewport_size(size)
    page.goto("/decisions/")
    look(page, "undo-list")
    page.set_viewport_size(size)
    tab_to(page, UNDO)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/referrals/{referral.pk}/")
    expect(page.locator(UNDO)).to_have_count(0)
    assert not PendingDecision.objects.exists()
    assert Referral.objects.get().status == "sent"


def test_a_closing_is_undone_without_scripts(sign_in: SignsIn, look: Looks) -> None:
    worker = given.make_worker()
    case = given.make_case(worked_on_by=worker)
    page = sign_in(worker, scripts=False)
    page.goto(f"/cases/{case.pk}/close/")
    page.locator('[name="reason"]').first.select_option("relocated")
    page.locator('[name="left_open"]').fill("With family")
    page.locator("main form button").first.click()
    expect(page.locator(".notice")).to_contain_text("You closed this case")
    look(page, "undo-closing", scripts=False)
    page.locator(UNDO).click()
    expect(page.locator(UNDO)).to_have_count(0)
    case.refresh_from_db()
    assert case.closed_at is None
