"""Nobody has to reload: a shelter is told of a referral, and the officer of the answer,
in the pages that they have open, on a phone, within two seconds."""

import re
import time
from threading import Lock

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from amana import given
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.trust.access.models import Role, User
from tests.journeys.conftest import Looks, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN_MS = 2_000
PHONE: ViewportSize = {"width": 360, "height": 740}


class Story:
    """An officer with a case, and a shelter with a bed."""

    def __init__(self) -> None:
        self.officer = given.make_worker(name="Karim Bensalah")
        self.house = given.make_team(name="Harbour House")
        self.host = given.make_worker(of=self.house, role=Role.FOCAL_POINT)
        self.beds = given.make_service(of=self.house, by=self.host, name="Harbour beds")

    def send(self) -> Referral:
        case = given.make_case(worked_on_by=self.officer)
        return given.make_referral(need=case.needs.get(), to=self.beds, by=self.officer)


def shows(page: Page, badge: str, count: int, within: int = WITHIN_MS) -> None:
    number = page.locator(f'.bar [data-badge="{badge}"], .bell [data-badge="{badge}"]')
    expect(number).to_have_text(str(count), timeout=within)
    expect(number).to_be_visible(timeout=within)


def on_a_phone(sign_in: SignsIn, user: User, language: str) -> Page:
    page = sign_in(user, language=language)
    page.set_viewport_size(PHONE)
    return page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_shelter_and_the_officer_are_told_without_reloading(
    sign_in: SignsIn, live: Lock, look: Looks, language: str
) -> None:
    story = Story()
    shelter = on_a_phone(sign_in, story.host, language)
    officer = on_a_phone(sign_in, story.officer, language)
    shelter.goto("/directory/")
    officer.goto("/notifications/")
    expect(shelter.locator('.bar [data-badge="inbox"]')).to_be_hidden()

    with live:
        referral = story.send()
    shows(shelter, "inbox", 1)
    shows(shelter, "notifications", 1)
    expect(shelter.locator("[data-told]")).to_have_text(re.compile(r"1$"))

    shelter.locator(".bell").click()
    look(shelter, "notifications")
    shelter.set_viewport_size(PHONE)
    shelter.locator("a.notification-what").first.click()
    expect(shelter).to_have_url(re.compile(f"/referrals/{referral.pk}/"))

    with live:
        referrals.accept(referral, by=story.host)
    shows(officer, "notifications", 1)
    told = officer.locator(".notification[data-new]")
    expect(told).to_contain_text(referral.case.reference, timeout=WITHIN_MS)


def test_a_page_that_was_without_network_misses_nothing(
    sign_in: SignsIn, live: Lock, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    story = Story()
    shelter = on_a_phone(sign_in, story.host, "en")
    shelter.goto("/directory/")
    shelter.context.set_offline(True)
    with live:
        story.send()
        story.send()
    shelter.wait_for_timeout(1_500)
    shelter.context.set_offline(False)
    shows(shelter, "inbox", 2, within=10_000)


def test_several_tabs_have_one_stream(sign_in: SignsIn, live: Lock) -> None:
    story = Story()
    first = on_a_phone(sign_in, story.host, "en")
    second = first.context.new_page()
    second.set_viewport_size(PHONE)
    asked: dict[str, int] = {"first": 0, "second": 0}

    def counts(name: str, page: Page) -> None:
        def count(request: object) -> None:
            asked[name] += "/notifications/stream" in getattr(request, "url", "")

        page.on("request", count)

    counts("first", first)
    counts("second", second)
    first.goto("/directory/")
    second.goto("/directory/")
    with live:
        story.send()
    shows(first, "inbox", 1)
    shows(second, "inbox", 1)
    assert asked["first"] > 0
    assert asked["second"] == 0

    first.close()  # the other one listens from here on
    with live:
        story.send()
    shows(second, "inbox", 2, within=4_000)


def test_without_scripts_a_reload_shows_the_same(sign_in: SignsIn) -> None:
    story = Story()
    shelter = sign_in(story.host, scripts=False)
    shelter.set_viewport_size(PHONE)
    shelter.goto("/directory/")
    story.send()
    shelter.reload()
    shows(shelter, "inbox", 1)
    time.sleep(0)
