"""On a phone without a network: a first responder asks, and hands it to a team (P11).

And what is left on the device: everything that a browser keeps is read, through the
browser and from its folder on the disk, and no answer is found in it. The same search
is shown to find what is planted in the clear, in every place where it looks.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import BrowserContext, BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from amana import given
from amana.care.cases.models import Assignment, Case
from amana.care.screening.models import Screening, ScreeningStage
from amana.design.mechanism import actions as mechanisms
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.vault.models import Parcel

from .conftest import AXE, Looks, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",
}
CANARY = "canary"
TYPED = {
    "language": f"{CANARY} Tigrinya",
    "reach": f"{CANARY}: at the mosque, after the evening prayer",
}
CHOSEN = {
    "private": "yes",
    "urgent": "none",
    "age_group": "adult",
    "controlled": "yes",
    "papers_held": "yes",
    "forced": "yes",
    "pay_debt": "yes",
    "threatened": "unsure",
    "fear_return": "yes",
    "wishes_help": "yes",
}
TOLD = [CANARY, "evening prayer", '"private","yes"', '"age_group","adult"']
"""Answers, and how they stand in a draft. The questions themselves are no secret: the
device keeps every screening that can be begun, begun or not."""


@pytest.fixture
def officer() -> User:
    border = given.make_organisation(sphere=Sphere.BORDER, name="Border Guard North")
    post = given.make_team(of=border, name="Post at the bridge")
    return given.make_worker(of=post, role=Role.SCREENER)


@pytest.fixture
def shelter_worker() -> User:
    shelter = given.make_organisation(name="Lantern House")
    return given.make_worker(of=given.make_team(of=shelter, name="Arrivals"))


@pytest.fixture
def shelter(shelter_worker: User) -> Team:
    return shelter_worker.memberships.get().team


@pytest.fixture
def mechanism() -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    mechanisms.adopt_shipped(settings.ROOT / "mechanisms/example", by=coordinator)


class Phone:
    """A phone-sized Chromium whose folder is looked into when it is switched off."""

    def __init__(self, context: BrowserContext, folder: Path, home: str) -> None:
        self.context, self.folder, self.home = context, folder, home
        self.page = context.pages[0] if context.pages else context.new_page()

    def sign_in(self, user: User) -> None:
        cookies = given.sign_in(user).cookies
        self.context.add_cookies(
            [
                {"name": name, "value": cookie.value, "url": self.home}
                for name, cookie in cookies.items()
            ]
        )

    def dump(self) -> str:
        """All that the browser keeps for this site, as its own scripts can read it."""
        state = self.context.storage_state(indexed_db=True)
        return json.dumps(state) + str(self.page.evaluate(EVERYTHING_KEPT))

    def switch_off(self) -> None:
        self.context.close()

    def on_the_disk(self) -> dict[str, bytes]:
        """Every file of the browser's folder, when it has been closed."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and not path.is_symlink()
        }


EVERYTHING_KEPT = """async () => {
  const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), name];
  const text = bytes => new TextDecoder('latin1').decode(bytes);
  for (const cache of await caches.keys())
    for (const request of await (await caches.open(cache)).keys())
      kept.push(request.url, await (await caches.match(request)).text());
  const pairs = value => Object.entries(value).map(([k, v]) => k + '=' + plain(v));
  const plain = value => value instanceof ArrayBuffer ? text(value)
    : ArrayBuffer.isView(value) ? text(value.buffer)
    : value && typeof value === 'object' ? pairs(value).join(' ')
    : String(value);
  for (const { name } of await indexedDB.databases()) {
    const opened = await new Promise(done => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
    });
    for (const store of opened.objectStoreNames) {
      const rows = await new Promise(done => {
        const request = opened.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => done(request.result);
      });
      kept.push(name, store, ...rows.map(plain));
    }
    opened.close();
  }
  for (const worker of await navigator.serviceWorker?.getRegistrations() ?? [])
    kept.push(worker.scope);
  return kept.join('\\n');
}"""

ASKS_TO_UNLOCK = "fetch('/cases/meet/kit/').then(answer => answer.redirected)"
"""Also of somebody who is signed out."""

NAMES_KEPT = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const opened = await new Promise(done => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
    });
    for (const store of opened.objectStoreNames)
      if (store === 'sealed') found.push(...await new Promise(done => {
        const request = opened.transaction(store).objectStore(store).getAllKeys();
        request.onsuccess = () => done(request.result);
      }));
    opened.close();
  }
  return found.map(String);
}"""


def rows(page: Page) -> list[str]:
    """The names of what lies sealed on the device."""
    found: list[str] = page.evaluate(NAMES_KEPT)
    return found


def expect_rows(page: Page, *kinds: str) -> None:
    """At last: it is written when somebody has stopped typing."""
    found: list[str] = []
    for _once in range(60):
        found = [name[0] for name in rows(page)]
        if found == [*kinds]:
            return
        time.sleep(0.05)
    assert found == [*kinds]


def expect_sealed(page: Page) -> None:
    expect_rows(page, "u")
    time.sleep(0.6)  # and once more, after the last answer


def make_ready(page: Page) -> None:
    page.goto("/cases/meet/ready/")
    expect(page.locator("html[data-ready]")).to_be_attached()
    page.locator("#passphrase").fill(given.PASSPHRASE)
    page.locator("main form button").click()
    expect(page.locator('[data-say="ready"]')).to_be_visible(timeout=30_000)


def unlock_kept(page: Page, passphrase: str = given.PASSPHRASE) -> None:
    expect(page.locator("[data-opening]")).to_be_visible()
    page.locator("#m_passphrase").fill(passphrase)
    page.locator("[data-opening] button").click()


def state(page: Page, named: str) -> None:
    expect(page.locator(f'[data-drafts="{named}"]')).to_be_visible()


def choose(page: Page, user: User, entry: str) -> None:
    """In the menu under one's name; on a phone that lies in another."""
    page.locator(".user-menu summary").click()
    page.locator(".user-menu").get_by_role("button", name=entry).click()


type TakesPhone = Callable[..., Phone]


@pytest.fixture
def phone_of(
    browser_type_launch_args: dict[str, Any],
    browser_type: BrowserType,
    live_server: LiveServer,
    watch: Watch,
    tmp_path: Path,
) -> Iterator[TakesPhone]:
    phones: list[Phone] = []

    def take(user: User, language: str = "en") -> Phone:
        folder = tmp_path / f"phone{len(phones)}"
        context = browser_type.launch_persistent_context(
            str(folder),
            **browser_type_launch_args,
            **PHONE,
            base_url=live_server.url,
            locale=language,
        )
        context.set_default_timeout(15_000)
        watch.over(context)
        phones.append(Phone(context, folder, live_server.url))
        phones[-1].sign_in(user)
        return phones[-1]

    yield take
    for phone in phones:
        phone.context.close()


def found_in(text: str, secrets: list[str] = TOLD) -> list[str]:
    return [secret for secret in secrets if secret in text]


def found_on_disk(phone: Phone, secrets: list[str]) -> list[str]:
    return [
        f"{secret} in {name}"
        for name, content in phone.on_the_disk().items()
        for secret in secrets
        if any(secret.encode(code) in content for code in ("utf-8", "utf-16-le"))
    ]


def accessible(page: Page) -> None:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [rule["help"] for rule in found["violations"]] == []


def is_drawn(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-sheet", "ready")
    page.wait_for_load_state("networkidle")


def open_quick_screening(page: Page) -> None:
    page.goto("/screening/")
    accessible(page)
    page.locator('a[href*="/quick-screening/"]').first.click()
    is_drawn(page)


def open_kept_screening(page: Page) -> None:
    """As somebody does who has no network: from the first page of Meet."""
    page.goto("/cases/meet/")
    page.locator('a[data-kept][href*="/quick-screening/"]').click()
    is_drawn(page)


def answer(page: Page, *, steps: int = 10) -> None:
    """Step by step, as people do, until nothing is left but to finish."""
    finish = page.locator('.actions button[value="finish"]')
    for _step in range(steps):
        for name, value in CHOSEN.items():
            choice = page.locator(f'input[name="{name}"][value="{value}"]')
            if choice.is_visible():
                choice.check()
        for name, text in TYPED.items():
            line = page.locator(f"#q-{name}")
            if line.is_visible():
                line.fill(text)
        if finish.is_visible():
            return
        page.locator('.actions button[value="next"]').click()
    assert steps < 10, "The last step never came."


def finish(page: Page) -> None:
    page.locator('.actions button[value="finish"]').click()


@pytest.mark.parametrize(
    ("language", "in_case"), [("en", False), ("ar", False), ("en", True), ("ar", True)]
)
def test_a_screening_survives_a_killed_tab_and_is_finished_without_a_network(
    mechanism: None,
    officer: User,
    phone_of: TakesPhone,
    look: Looks,
    watch: Watch,
    turns: Lock,
    language: str,
    in_case: bool,
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    with turns:
        case = given.make_case(worked_on_by=officer)
    phone = phone_of(officer, language)
    page = phone.page
    make_ready(page)
    if in_case:
        page.goto(f"/cases/{case.pk}/")
        address = page.locator('a[href*="/quick-screening/"]').first
        page.goto(str(address.get_attribute("href")))
        is_drawn(page)
    else:
        open_quick_screening(page)
    phone.context.set_offline(True)
    answer(page, steps=2)
    expect_sealed(page)
    assert found_in(phone.dump()) == []

    page.close()
    page = phone.page = phone.context.new_page()
    open_kept_screening(page)
    look(page, f"screening-unfinished-{in_case}")
    unlock_kept(page)
    state(page, "back")
    assert page.locator('[name="private"][value="yes"]').is_checked()
    answer(page)
    look(page, f"screening-kept-{in_case}")
    finish(page)
    state(page, "kept")
    look(page, f"screening-finished-{in_case}")
    with turns:
        assert not Screening.objects.exists()
    expect_rows(page, "f")
    assert found_in(phone.dump()) == []

    # The session has ended with the tab: first someone signs in.
    with turns:
        phone.sign_in(officer)
    phone.context.set_offline(False)
    page.wait_for_url("**/screening/*/")
    with turns:
        made = Screening.objects.get()
    assert made.case == (case if in_case else None)
    assert made.screened_by == officer
    assert rows(page) == []
    expect(page.locator("main")).to_contain_text(TYPED["reach"])
    phone.switch_off()
    assert found_on_disk(phone, [CANARY, "evening prayer"]) == []


def test_a_first_responder_screens_without_a_network_and_hands_it_over(
    mechanism: None,
    officer: User,
    shelter: Team,
    shelter_worker: User,
    phone_of: TakesPhone,
    sign_in: SignsIn,
    watch: Watch,
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    phone = phone_of(officer)
    page = phone.page
    make_ready(page)
    phone.context.set_offline(True)
    open_kept_screening(page)
    answer(page)
    finish(page)
    state(page, "kept")

    phone.context.set_offline(False)
    page.wait_for_url("**/screening/*/")
    screening = Screening.objects.get()
    expect(page.locator("main")).to_contain_text("Asylum")
    page.get_by_role("link", name="Hand over to a team").click()
    accessible(page)
    page.locator("select[name=to]").select_option(str(shelter.pk))
    page.locator("input[name=basis][value=agreed]").check()
    page.get_by_role("button", name="Hand over").click()
    expect(page.locator("main")).to_contain_text("Handed over, not yet answered")
    screening.refresh_from_db()
    assert screening.stage is ScreeningStage.HANDED

    # The team finds it waiting, and goes on.
    desk = sign_in(shelter_worker)
    desk.goto("/today")
    desk.get_by_role("link", name="Continue a screening you received").click()
    expect(desk.locator("main")).to_contain_text(TYPED["reach"])
    desk.get_by_role("link", name="Open a case").first.click()
    desk.locator("[name=identity_name]").fill("Amal")
    desk.get_by_role("button", name="Open the case", exact=True).click()
    desk.wait_for_url("**/cases/*/")
    screening.refresh_from_db()
    assert screening.case == Case.objects.get()
    assert not Parcel.objects.exists()


def test_a_device_that_is_not_ready_says_so_and_keeps_nothing(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    page = phone_of(officer).page
    open_quick_screening(page)
    state(page, "unready")
    accessible(page)
    answer(page)
    assert rows(page) == []
    finish(page)
    page.wait_for_url("**/screening/*/")
    assert Screening.objects.count() == 1


@pytest.mark.parametrize("how", ["lock", "sign out", "leave"])
def test_what_is_unfinished_opens_by_the_passphrase_alone(
    mechanism: None, officer: User, phone_of: TakesPhone, watch: Watch, how: str
) -> None:
    phone = phone_of(officer)
    page = phone.page
    make_ready(page)
    open_quick_screening(page)
    form = page.url
    answer(page)
    expect_sealed(page)
    page.context.route("https://**", lambda route: route.fulfill(body="the weather"))
    watch.expect("a request to ")  # where those go who leave in a hurry
    if how == "lock":
        choose(page, officer, "Lock")
        page.wait_for_url("**/keys/unlock**")
    elif how == "sign out":
        choose(page, officer, "Sign out")
        page.wait_for_url(lambda url: "/screening/" not in url)
    else:
        page.locator("[data-quick-exit]").first.click()
        page.wait_for_url("https://**")
    page.goto(phone.home)
    assert page.evaluate(ASKS_TO_UNLOCK)
    assert found_in(phone.dump()) == []
    page.goto(form)
    assert TYPED["reach"] not in page.content()

    phone.sign_in(officer)
    page.goto(form)
    is_drawn(page)
    assert page.locator("#q-reach").input_value() == ""
    unlock_kept(page, "not this one")
    state(page, "wrong")
    assert page.locator("#q-reach").input_value() == ""
    unlock_kept(page)
    state(page, "back")
    assert page.locator("#q-reach").input_value() == TYPED["reach"]


LAST = 'input[name="wishes_help"]'


def change(page: Page, to: str) -> None:
    """One answer, on the step before the last."""
    if not page.locator(LAST).first.is_visible():
        page.locator('.actions button[value="back"]').click()
    page.locator(f'{LAST}[value="{to}"]').check()


def test_a_draft_in_two_tabs_is_kept_twice(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    phone = phone_of(officer)
    first = phone.page
    make_ready(first)
    open_quick_screening(first)
    answer(first)
    expect_sealed(first)
    second = phone.context.new_page()
    open_quick_screening(second)
    unlock_kept(second)
    state(second, "back")

    change(first, "yes")
    expect_rows(first, "u")
    time.sleep(0.6)
    change(second, "no")
    state(second, "another")
    expect_rows(second, "u", "u")

    third = phone.context.new_page()
    open_quick_screening(third)
    unlock_kept(third)
    kept = third.locator("[data-kept] button")
    expect(kept).to_have_count(2)
    said = set()
    for number in range(2):
        third.reload()
        is_drawn(third)
        unlock_kept(third)
        kept.nth(number).click()
        said.add(third.locator(f"{LAST}:checked").input_value())
    assert said == {"yes", "no"}


def test_a_draft_of_an_older_form_opens_and_says_what_has_no_place(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    phone = phone_of(officer)
    page = phone.page
    make_ready(page)
    open_quick_screening(page)
    page.evaluate(
        """async () => {
          const { Opener, Shelf, fresh } = await import('/static/vault/sealing.js');
          const plan = document.getElementById('form-plan').textContent;
          const { drafts } = JSON.parse(plan);
          const shelf = await Shelf.open();
          const opener = await Opener.of(shelf, drafts.whose);
          const draft = { id: crypto.randomUUID(), time: fresh() };
          const fields = [['private', 'yes'], ['age_group', 'elder'], ['x', 'so']];
          const content = { ...drafts.about, version: 0, to: drafts.to, fields };
          await opener.keep(draft, content);
        }"""
    )
    page.reload()
    is_drawn(page)
    unlock_kept(page)

    state(page, "changed")
    told = page.locator('[data-drafts="changed"]')
    expect(told).to_contain_text("age_group: elder")
    expect(told).to_contain_text("x: so")
    expect(told).not_to_contain_text("private")
    assert page.locator('[name="private"][value="yes"]').is_checked()
    accessible(page)


def test_what_the_server_refuses_is_unfinished_again(
    mechanism: None, officer: User, phone_of: TakesPhone, turns: Lock
) -> None:
    with turns:
        case = given.make_case(worked_on_by=officer)
    phone = phone_of(officer)
    page = phone.page
    make_ready(page)
    page.goto(f"/cases/{case.pk}/")
    address = page.locator('a[href*="/quick-screening/"]').first
    page.goto(str(address.get_attribute("href")))
    is_drawn(page)
    answer(page)
    with turns:
        Assignment.objects.update(ended_at=timezone.now())

    finish(page)

    state(page, "refused")
    expect(page.locator("[data-drafts]")).to_contain_text("no longer work on the case")
    expect(page.locator("form[data-sheet]")).to_be_visible()
    expect_rows(page, "u")
    assert not Screening.objects.exists()


def test_a_screen_left_alone_without_a_network_is_covered_and_comes_back(
    mechanism: None, officer: User, phone_of: TakesPhone, watch: Watch
) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    phone = phone_of(officer)
    page = phone.page
    page.clock.install()
    open_quick_screening(page)
    answer(page)
    page.clock.fast_forward(1_000)

    phone.context.set_offline(True)
    page.clock.fast_forward("10:01")
    expect(page.locator("dialog")).to_contain_text("You are offline")
    expect(page.locator("main")).to_be_hidden()

    phone.context.set_offline(False)
    page.clock.fast_forward("00:06")
    page.locator("dialog input[type=password]").fill(given.PASSPHRASE)
    page.click("dialog button")
    expect(page.locator("main")).to_be_visible()
    assert page.locator("#q-reach").input_value() == TYPED["reach"]


def test_the_search_finds_what_lies_in_the_clear(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    """A search that can't find anything would find nothing on the phone, too."""
    phone = phone_of(officer)
    phone.page.goto("/screening/")
    phone.page.evaluate(
        """async () => {
          localStorage.setItem('kept', 'planted-local');
          sessionStorage.setItem('kept', 'planted-session');
          const cache = await caches.open('kept');
          await cache.put('/planted', new Response('planted-cache'));
          const request = indexedDB.open('planted', 1);
          request.onupgradeneeded = () =>
            request.result.createObjectStore('s', { keyPath: 'id' });
          const database = await new Promise(done => {
            request.onsuccess = () => done(request.result);
          });
          const transaction = database.transaction('s', 'readwrite');
          const bytes = new TextEncoder().encode('planted-bytes');
          transaction.objectStore('s').put({ id: 1, words: 'planted-text', bytes });
          await new Promise(done => { transaction.oncomplete = done; });
          database.close();
        }"""
    )
    planted = ["local", "session", "cache", "text", "bytes"]
    dumped = phone.dump()
    assert [p for p in planted if f"planted-{p}" not in dumped] == []

    phone.switch_off()
    lying = found_on_disk(phone, [f"planted-{p}" for p in ("local", "cache", "text")])
    assert {found.split(" in ")[0] for found in lying} == {
        "planted-local",
        "planted-cache",
        "planted-text",
    }
