"""A border post without a network: someone is met, agrees to two houses, and the
telephone dies twice. When the network returns it is sent, and the shelter accepts.

And what is left on the telephone meanwhile, read raw from its folder on the disk.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, BrowserType, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from amana import given
from amana.care.cases.models import Case
from amana.care.consent.models import Consent
from amana.care.meetings.models import Meeting
from amana.care.referrals.models import Referral
from amana.care.requests.models import HelpRequest
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Sphere, User
from amana.trust.vault import drafts
from amana.trust.vault.keys import Locked
from amana.trust.vault.models import DraftKey

from .conftest import Looks, SignsIn, Watch
from .hands import Hand
from .test_screening_offline import PHONE, Phone, found_in, found_on_disk

pytestmark = pytest.mark.django_db(transaction=True)

NAME, WORDS, PLACE = "Canarybird", "A canary door that I can lock", "Canary gate 3"
SAID = [NAME, WORDS, PLACE]


@pytest.fixture
def officer() -> User:
    border = given.make_organisation(name="Border Guard", sphere=Sphere.BORDER)
    post = given.make_team(
        of=border, name="Post at the bridge", phone="+999 20 555 0101"
    )
    return given.make_worker(of=post, role=Role.SCREENER, name="Karim Bensalah")


def a_house(name: str) -> tuple[Service, User]:
    of = given.make_organisation(name=name, sphere=Sphere.HUMANITARIAN)
    team = given.make_team(of=of, name=f"{name} team", phone="+999 20 555 0202")
    answers = given.make_worker(of=team, role=Role.FOCAL_POINT, name="Grace Achieng")
    usual = {"types": ["SH2"], "counts_places": True, "name": f"{name}: house"}
    return given.make_service(of=team, by=answers, **usual), answers


class Post:
    """The telephone of a post, whose folder stays when it is switched off."""

    def __init__(
        self,
        browser_type: BrowserType,
        args: dict[str, Any],
        folder: Path,
        home: str,
        watch: Watch,
    ) -> None:
        self.browser_type, self.args, self.folder = browser_type, args, folder
        self.home, self.watch = home, watch
        self.language = "en"
        self.context: BrowserContext | None = None

    def switch_on(self, *, offline: bool = False) -> Page:
        self.context = self.browser_type.launch_persistent_context(
            str(self.folder),
            **self.args,
            **PHONE,
            base_url=self.home,
            locale=self.language,
        )
        self.context.set_default_timeout(15_000)
        self.watch.over(self.context)
        if offline:
            self.context.set_offline(True)
        return self.context.pages[0]

    def new_page(self) -> Page:
        assert self.context
        return self.context.new_page()

    def sign_in(self, user: User) -> None:
        assert self.context
        cookies = given.sign_in(user).cookies
        self.context.add_cookies(
            [
                {"name": name, "value": cookie.value, "url": self.home}
                for name, cookie in cookies.items()
            ]
        )

    def network(self, *, there: bool) -> None:
        assert self.context
        self.context.set_offline(not there)

    def switch_off(self) -> None:
        if self.context:
            self.context.close()
        self.context = None

    def on_the_disk(self, secrets: list[str]) -> list[str]:
        assert self.context is None
        phone = Phone.__new__(Phone)
        phone.folder = self.folder
        return found_on_disk(phone, secrets)

    def dump(self) -> str:
        assert self.context
        return Phone(self.context, self.folder, self.home).dump()


@pytest.fixture
def post(
    browser_type_launch_args: dict[str, Any],
    browser_type: BrowserType,
    live_server: LiveServer,
    watch: Watch,
    tmp_path: Path,
) -> Iterator[Post]:
    phone = Post(
        browser_type,
        browser_type_launch_args,
        tmp_path / "phone",
        live_server.url,
        watch,
    )
    yield phone
    phone.switch_off()


def is_up(page: Page) -> None:
    expect(page.locator("html[data-ready]")).to_be_attached()


def make_ready(page: Page) -> None:
    page.goto("/cases/meet/ready/")
    is_up(page)
    page.locator("#passphrase").fill(given.PASSPHRASE)
    page.locator("main form button").click()
    expect(page.locator('[data-say="ready"]')).to_be_visible(timeout=30_000)


def act(page: Page, name: str) -> None:
    page.locator(f'[data-screen]:not([hidden]) [data-act="{name}"]').click()


def screen(page: Page, name: str) -> None:
    expect(page.locator(f'[data-screen="{name}"]')).to_be_visible()


def saved(page: Page) -> None:
    """What stands there now is on the disk."""
    times = "Number(document.querySelector('[data-saved]').dataset.saved)"
    page.wait_for_function(f"before => {times} > before", arg=page.evaluate(times))


def answer_the_gate(page: Page) -> None:
    for number in range(1, 5):
        screen(page, f"gate-{number}")
        for code, answer in given.SAFE_ANSWERS.items():
            asked = page.locator(f'[name="{code}"][value="{answer}"]:visible')
            if asked.count():
                page.locator("label").filter(has=asked).first.click()
        act(page, "next")


def tell_the_needs(page: Page) -> None:
    screen(page, "result")
    act(page, "next")
    screen(page, "intake")
    page.locator("[name=identity_name]").fill(NAME)
    sex = page.locator('[name=identity_sex][value="female"]')
    page.locator("label").filter(has=sex).first.click()
    page.locator('[name="need-0-type"]').select_option("SH2")
    page.locator('[name="need-0-words"]').fill(WORDS)
    page.locator("[name=needs_area]").fill(PLACE)
    act(page, "next")


def agree_to(page: Page, services: list[Service]) -> None:
    screen(page, "houses")
    for service in services:
        page.locator(f'[name=service][value="{service.pk}"]').check()
    act(page, "next")
    screen(page, "consent")
    page.locator("[name=understood]").check()
    act(page, "given")
    screen(page, "end")


def open_meeting(page: Page) -> None:
    page.goto("/cases/meet/")
    is_up(page)


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


def test_who_has_left_the_team_is_told_and_it_stays_on_the_device(
    officer: User, post: Post, watch: Watch, turns: Lock
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    watch.expect("403 (Forbidden)")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    act(page, "finish")
    screen(page, "end")
    with turns:
        officer.memberships.update(ended_at=timezone.now())

    post.network(there=True)

    expect(page.locator('[data-sending] [data-tone="late"]')).to_be_visible()
    assert [row[0][0] for row in page.evaluate(SEALED_ROWS)] == ["f"]
    assert not Meeting.objects.exists()


def test_a_second_worker_neither_works_nor_sends_under_the_keys_of_the_first(
    officer: User, post: Post, watch: Watch, turns: Lock
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    with turns:
        second = given.make_worker(
            of=officer.memberships.get().team, role=Role.SCREENER, name="Sara Haddad"
        )
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    expect(page.locator('[data-screen="start"]')).to_contain_text("Post at the bridge")
    post.sign_in(second)
    act(page, "finish")
    screen(page, "end")

    post.network(there=True)

    expect(page.locator("[data-sending]")).to_contain_text("A colleague recorded this")
    assert [row[0][0] for row in page.evaluate(SEALED_ROWS)] == ["f"]
    page.goto("/cases/meet/")
    page.wait_for_url("**/cases/meet/?online")
    assert not Meeting.objects.exists()
    post.sign_in(officer)
    open_meeting(page)
    expect(page.locator('[data-row="f"]')).to_have_count(0)
    assert Meeting.objects.get().met_by == officer


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


KEPT_PAGE = """async () =>
  (await (await caches.open('meeting')).match('/cases/meet/')).text()"""


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


# --- a copy of the telephone

SEALED_ROWS = """async () => {
  const { Shelf } = await import('/static/vault/sealing.js');
  const shelf = await Shelf.open();
  const rows = [...await shelf.rows('u'), ...await shelf.rows('f')];
  return rows.map(({ id, key, sealed }) => [id, key, [...sealed]]);
}"""

OPEN_WITH_ALL = """async passphrase => {
  const sealing = await import('/static/vault/sealing.js');
  const shelf = await sealing.Shelf.open();
  const [opener] = await new Promise(done => {
    const request = shelf.store('readonly', 'openers')[0].getAll();
    request.onsuccess = () => done(request.result);
  });
  const key = await new sealing.Opener(shelf, opener).unlock(passphrase);
  const opened = [];
  for (const kind of ['u', 'f'])
    for (const row of await shelf.rows(kind))
      for (const place of [
        sealing.place('unfinished', opener.id, row.id),
        sealing.place('draft', row.key, row.id.slice(1)),
      ])
        opened.push([kind, await sealing.open(key, place, row.sealed)]);
  return opened.filter(([, content]) => content).map(([kind]) => kind);
}"""


def begin_meeting(page: Page) -> None:
    open_meeting(page)
    act(page, "new")
    answer_the_gate(page)
    tell_the_needs(page)
    screen(page, "houses")
    saved(page)


def test_ten_wrong_tries_wipe_what_is_unfinished(
    officer: User, post: Post, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    a_house("Dar Amal")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    assert [row[0][0] for row in page.evaluate(SEALED_ROWS)] == ["u"]
    assert found_in(post.dump(), SAID) == []
    post.switch_off()
    assert post.on_the_disk(SAID) == []

    page = post.switch_on(offline=True)
    open_meeting(page)
    assert page.evaluate(OPEN_WITH_ALL, given.PASSPHRASE) == ["u"]
    for number in range(10):
        page.locator("#m_passphrase").fill(f"wrong {number}")
        page.locator("[data-opening] button").click()
        expect(page.locator("#notices .notice")).to_be_visible()
        if number < 9:
            expect(page.locator("#notices")).to_contain_text(f"{9 - number}")
            assert len(page.evaluate(SEALED_ROWS)) == 1
    expect(page.locator("[data-opening]")).to_be_hidden()
    expect(page.locator('[data-act="new"]')).to_be_hidden()
    assert page.evaluate(SEALED_ROWS) == []
    post.switch_off()
    assert post.on_the_disk(SAID) == []


def test_only_the_team_opens_what_is_finished(
    officer: User, post: Post, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    house, _host = a_house("Dar Amal")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    agree_to(page, [house])
    assert found_in(post.dump(), SAID) == []
    assert page.evaluate(OPEN_WITH_ALL, given.PASSPHRASE) == []
    [[pk, key, sealed]] = page.evaluate(SEALED_ROWS)
    post.switch_off()
    assert post.on_the_disk(SAID) == []

    draft_key = DraftKey.objects.get(pk=key)
    colleague = given.make_worker(of=draft_key.team, role=Role.CASE_WORKER)
    draft, blob = UUID(pk[1:]), bytes(sealed)
    content = drafts.open_finished(
        draft, blob, key=draft_key, sender=officer, by=colleague
    )
    assert ["identity_name", NAME] in content["fields"]
    stranger = given.make_worker()
    with pytest.raises(Locked):
        drafts.open_finished(draft, blob, key=draft_key, sender=officer, by=stranger)
    with pytest.raises(drafts.UnreadableDraft):
        drafts.open_finished(draft, blob, key=draft_key, sender=colleague, by=colleague)

    page = post.switch_on()
    post.sign_in(officer)
    open_meeting(page)
    expect(page.locator("#notices a[href*='/cases/']")).to_be_visible()
    assert page.evaluate(SEALED_ROWS) == []
    assert found_in(post.dump(), SAID) == []
    post.switch_off()
    assert post.on_the_disk(SAID) == []
    assert Referral.objects.get().service_id == house.pk


def test_any_page_sends_what_waits_and_says_how_much(
    officer: User, post: Post, watch: Watch, look: Looks, turns: Lock
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    page.goto("/directory/")
    expect(page.locator("[data-waits]")).to_be_hidden()
    other = post.new_page()
    post.network(there=False)
    begin_meeting(other)
    act(other, "finish")
    screen(other, "end")
    other.close()
    page.evaluate("dispatchEvent(new Event('online'))")
    waits = page.locator("[data-waits]")
    expect(waits).to_be_visible()
    expect(waits).to_contain_text("sent from this device: 1")
    look(page, "waits-to-be-sent")
    assert not Meeting.objects.exists()

    post.network(there=True)

    sent = page.locator('main [data-state="taken"]')
    expect(sent).to_contain_text("The case is open")
    expect(waits).to_be_hidden()
    with turns:
        case = Case.objects.get()
    expect(sent.locator(f"a[href*='{case.pk}']")).to_be_visible()
    look(page, "sent-by-any-page")


def test_any_page_of_a_colleague_sends_nothing(
    officer: User, post: Post, watch: Watch, turns: Lock
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    with turns:
        second = given.make_worker(
            of=officer.memberships.get().team, role=Role.SCREENER
        )
    page = post.switch_on()
    post.sign_in(officer)
    make_ready(page)
    post.network(there=False)
    begin_meeting(page)
    act(page, "finish")
    screen(page, "end")
    post.sign_in(second)
    post.network(there=True)
    page.goto("/directory/")

    expect(page.locator('main [data-state="others"]')).to_be_visible()
    expect(page.locator("[data-waits]")).to_contain_text("sent from this device: 1")
    assert not Meeting.objects.exists()
