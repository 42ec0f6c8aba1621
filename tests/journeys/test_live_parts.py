"""Inbox and case refresh by themselves in pages that stay open: focus, height and what
is being written are kept, and a case restricted meanwhile leaves the screen."""

import re
import time
from threading import Lock

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.cases.tabs import CaseTab, build_address
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.trust.access.models import Role
from tests.journeys.conftest import SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN_MS = 2_000
PHONE: ViewportSize = {"width": 360, "height": 740}


class Story:
    """An officer, a shelter with beds, and referrals between them."""

    def __init__(self) -> None:
        self.officer = given.make_worker(name="Karim Bensalah")
        self.house = given.make_team(name="Harbour House")
        self.host = given.make_worker(of=self.house, role=Role.FOCAL_POINT)
        self.beds = given.make_service(
            of=self.house, by=self.host, places_total=30, places_free=30
        )

    def a_case(self) -> Case:
        return given.make_case(worked_on_by=self.officer)

    def send(self, case: Case | None = None) -> Referral:
        need = (case or self.a_case()).needs.get()
        return given.make_referral(need=need, to=self.beds, by=self.officer)


def settle(page: Page) -> None:
    """Until the page follows the stream."""
    page.wait_for_load_state()
    time.sleep(1.2)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_inbox_refreshes_where_one_is(
    sign_in: SignsIn, live: Lock, language: str
) -> None:
    story = Story()
    sent = [story.send() for _ in range(12)]
    page = sign_in(story.host, language=language)
    page.set_viewport_size(PHONE)
    page.goto("/referrals/received/")
    settle(page)
    page.evaluate("window.stays = true")
    link = page.locator(f'#list a[href*="{sent[6].pk}"]').first
    link.focus()
    link.scroll_into_view_if_needed()
    top = link.bounding_box()
    assert top

    with live:
        new = story.send()
    row = page.locator(f'#list a[href*="{new.pk}"]').first
    expect(row).to_be_attached(timeout=WITHIN_MS)
    assert page.evaluate("window.stays"), "the page was loaded anew"
    here = page.evaluate("document.activeElement.getAttribute('href')")
    assert str(sent[6].pk) in here
    now = link.bounding_box()
    assert now
    assert abs(now["y"] - top["y"]) < 2, "it slid away under the reader"

    with live:
        referrals.recall(sent[6], by=story.officer)
    gone = page.locator(f'#list a[href*="{sent[6].pk}"]')
    expect(gone).to_have_count(0, timeout=WITHIN_MS)
    assert page.evaluate("document.activeElement.id") == "list"


def test_a_case_refreshes_and_loses_nothing_that_is_written(
    sign_in: SignsIn, live: Lock
) -> None:
    story = Story()
    case = story.a_case()
    referral = story.send(case)
    page = sign_in(story.officer)
    page.goto(build_address(CaseTab.REFERRALS, case.pk))
    settle(page)
    with live:
        referrals.accept(referral, by=story.host)
    expect(page.locator("#case .task")).to_contain_text("Accepted", timeout=WITHIN_MS)

    page.goto(build_address(CaseTab.NOTES, case.pk))
    settle(page)
    note = page.locator("#case textarea")
    note.fill("She slept well and")
    line = page.locator("[data-changed]")
    expect(line).to_be_hidden()
    with live:
        cases.set_urgency(case, urgency="U0", by=story.officer)
        referrals.record_attendance(referral, by=story.host)
    expect(line).to_be_visible(timeout=WITHIN_MS)
    expect(note).to_have_value("She slept well and")
    expect(page.locator(".case-head")).not_to_contain_text("Emergency")
    note.press_sequentially(" ate")
    line.get_by_role("button").click()
    expect(page.locator(".case-head")).to_contain_text("Emergency")
    expect(page.locator("#case textarea")).to_have_value("She slept well and ate")
    expect(line).to_be_hidden()


def test_a_case_that_was_restricted_meanwhile_leaves_the_screen(
    sign_in: SignsIn, live: Lock, watch: Watch
) -> None:
    story = Story()
    case = story.a_case()
    other = given.make_case(worked_on_by=story.officer, team=case.team)
    lead = given.make_worker(of=case.team, role=Role.SUPERVISOR)
    page = sign_in(lead)
    page.goto(f"/cases/{case.pk}/")
    settle(page)
    expect(page.locator("#case")).to_contain_text(case.reference)
    watch.expect("404")
    with live:
        cases.restrict(case, people=[story.officer], by=story.officer)
        cases.assign(other, lead, by=story.officer)
    expect(page.locator("#case")).to_have_count(0, timeout=2 * WITHIN_MS)
    assert case.reference not in page.content()
    assert re.search(r"/cases/", page.url)
