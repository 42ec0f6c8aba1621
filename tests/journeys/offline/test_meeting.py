"""A border post without a network: someone is met, agrees to two houses, and the
telephone dies twice. When the network returns it is sent, and the shelter accepts.

And what is left on the telephone meanwhile, read raw from its folder on the disk.
"""

import time
from threading import Lock

import pytest
from playwright.sync_api import Response, expect

from amana import given
from amana.care.cases.models import Case
from amana.care.consent.models import Consent
from amana.care.meetings.models import Meeting
from amana.care.referrals.models import Referral
from amana.care.requests.models import HelpRequest
from amana.trust.access.models import User
from tests.journeys.conftest import Looks, SignsIn, Watch
from tests.journeys.hands import Hand

from .posts import (
    KEPT_PAGE,
    NAME,
    PLACE,
    SEALED_ROWS,
    WORDS,
    Post,
    a_house,
    act,
    agree_to,
    an_officer,
    answer_the_gate,
    begin_meeting,
    is_up,
    make_ready,
    open_meeting,
    saved,
    screen,
    tell_the_needs,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer() -> User:
    return an_officer()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_post_without_a_network_meets_someone_and_a_shelter_accepts(
    officer: User,
    post: Post,
    sign_in: SignsIn,
    live: Lock,
    look: Looks,
    watch: Watch,
    language: str,
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    (first, host), (second, _other) = a_house("Dar Amal"), a_house("Harbour House")
    post.language = language
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)

    post.network(there=False)
    open_meeting(page)
    assert page.locator("html").get_attribute("lang") == language
    act(page, "new")
    answer_the_gate(page)
    tell_the_needs(page)
    saved(page)

    # The tab is killed, then the telephone dies: the session is gone with it.
    page.close()
    post.switch_off()
    page = post.switch_on(offline=True)
    open_meeting(page)
    page.locator("#m_passphrase").fill(given.PASSPHRASE)
    page.locator("[data-opening] button").click()
    screen(page, "houses")
    agree_to(page, [first, second])
    post.switch_off()

    page = post.switch_on(offline=True)
    open_meeting(page)
    assert not Meeting.objects.exists()
    expect(page.locator('[data-row="f"]')).to_have_count(1)
    shelter = sign_in(host, language=language)
    shelter.set_viewport_size({"width": 360, "height": 740})
    shelter.goto("/directory/")

    post.sign_in(officer)
    post.network(there=True)
    expect(page.locator('[data-row="f"]')).to_have_count(0)
    case = Case.objects.get()
    asked = HelpRequest.objects.get()
    assert [e.service_id for e in asked.in_order()] == [first.pk, second.pk]
    assert Consent.objects.filter(case=case).count() == 2

    page.locator("#notices a[href*='/cases/']").click()
    page.wait_for_url(f"**/cases/{case.pk}/")

    badge = shelter.locator('.bar [data-badge="inbox"]')
    expect(badge).to_have_text("1", timeout=5_000)
    shelter.locator(".bar a[href*='/referrals/received/']").first.click()
    hand = Hand(shelter)
    with live:
        enquiry = asked.in_order()[0]
    hand.follow(f"/received/{enquiry.pk}/")
    hand.submit()
    told = page.locator('.bell [data-badge="notifications"]')
    expect(told).to_have_text("1", timeout=2_000)
    referral = Referral.objects.get()
    assert (referral.service_id, referral.status) == (first.pk, "accepted")
    assert NAME in shelter.content()
    assert WORDS in shelter.content()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_screen_is_sound_on_a_phone_and_a_desk(
    officer: User, post: Post, look: Looks, watch: Watch, language: str
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    house, _host = a_house("Dar Amal")
    post.language = language
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    look(page, "meeting-ready")
    post.network(there=False)
    open_meeting(page)
    look(page, "meeting-start")
    act(page, "new")
    act(page, "emergency")
    look(page, "meeting-emergency")
    act(page, "go-on")
    look(page, "meeting-gate")
    answer_the_gate(page)
    look(page, "meeting-result")
    tell_the_needs(page)
    act(page, "back")
    look(page, "meeting-intake")
    act(page, "next")
    page.locator(f'[name=service][value="{house.pk}"]').check()
    look(page, "meeting-houses")
    act(page, "next")
    page.emulate_media(color_scheme="dark")
    look(page, "meeting-consent")

    page.reload()
    is_up(page)
    page.locator("#m_passphrase").fill("not this one")
    page.keyboard.press("Enter")
    expect(page.locator("#notices .notice")).to_be_visible()
    look(page, "meeting-unfinished")
    page.locator("#m_passphrase").fill(given.PASSPHRASE)
    page.keyboard.press("Enter")
    screen(page, "consent")
    page.locator("[name=understood]").check()
    act(page, "given")
    screen(page, "end")
    look(page, "meeting-end")


def test_a_meeting_of_more_than_72_hours_is_said_to_be_deleted(
    officer: User, post: Post, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)

    page.evaluate("Date.now = (now => () => now() + 73 * 36e5)(Date.now)")
    act(page, "back")

    screen(page, "start")
    expect(page.locator("#notices")).to_contain_text("72 hours have passed")
    assert page.evaluate(SEALED_ROWS) == []


def test_what_people_off_one_bus_have_in_common_and_no_more(
    officer: User, post: Post, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    act(page, "finish")
    screen(page, "end")
    act(page, "start")
    act(page, "new")
    answer_the_gate(page)
    act(page, "next")
    assert page.locator("[name=needs_area]").input_value() == ""
    act(page, "last")

    assert page.locator("[name=needs_area]").input_value() == PLACE
    for name in ("identity_name", "need-0-words", "need-0-type"):
        assert page.locator(f'[name="{name}"]').input_value() == ""
    page.locator('button.tile[value="need SH1"]').click()
    assert page.locator('[name="need-0-type"]').input_value() == "SH1"
    expect(page.locator('[name="need-0-words"]')).to_be_focused()


def test_a_meeting_that_is_ready_asks_the_network_for_nothing(
    officer: User, post: Post
) -> None:
    a_house("Dar Amal")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    assert post.context
    answered: list[bool] = []

    def heard(answer: Response) -> None:
        if not answer.url.endswith("/pass"):  # who is signed in
            answered.append(answer.from_service_worker)

    post.context.on("response", heard)

    begin_meeting(page)

    assert answered
    assert all(answered)


def test_a_page_of_yesterday_is_brought_anew(
    officer: User, post: Post, turns: Lock
) -> None:
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    with turns:
        a_house("Dar Amal")
    in_a_day = page.evaluate("Date.now() + 25 * 36e5")
    page.clock.install(time=in_a_day / 1000)
    open_meeting(page)
    assert "Dar Amal" not in page.content()

    for _again in range(50):
        if "Dar Amal" in str(page.evaluate(KEPT_PAGE)):
            break
        time.sleep(0.1)
    open_meeting(page)
    assert "Dar Amal" in page.content()
