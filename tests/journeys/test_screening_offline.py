"""On a phone without a network: a first responder asks, and hands it to a team.

And what is left on the device: everything that a browser keeps is read, through the
browser and from its folder on the disk, and no answer is found in it. The same search
is shown to find what is planted in the clear, in every place where it looks.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from amana import given
from amana.care.cases.models import Case
from amana.care.screening.models import Screening, Stage
from amana.design.mechanism import actions as mechanisms
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.vault.models import Parcel

from .conftest import AXE, SignsIn, Watch

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
SECRET = [CANARY, "papers_held", "wishes_help", "quick-screening", "evening prayer"]
"""Answers, and the words that would tell which questions they answer."""


@pytest.fixture
def officer() -> User:
    border = given.an_organisation(sphere=Sphere.BORDER, name="Border Guard North")
    post = given.a_team(of=border, name="Post at the bridge")
    return given.a_worker(of=post, role=Role.SCREENER)


@pytest.fixture
def shelter_worker() -> User:
    shelter = given.an_organisation(name="Lantern House")
    return given.a_worker(of=given.a_team(of=shelter, name="Arrivals"))


@pytest.fixture
def shelter(shelter_worker: User) -> Team:
    return shelter_worker.memberships.get().team


@pytest.fixture
def mechanism() -> None:
    coordinator = given.a_worker(role=Role.COORDINATOR)
    mechanisms.adopt_shipped(settings.ROOT / "mechanisms/example", by=coordinator)


class Phone:
    """A phone-sized Chromium whose folder is looked into when it is switched off."""

    def __init__(self, context: BrowserContext, folder: Path, home: str) -> None:
        self.context, self.folder, self.home = context, folder, home
        self.page = context.pages[0] if context.pages else context.new_page()

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

ASKS_TO_UNLOCK = "fetch('/forms/key').then(answer => answer.redirected)"
"""Also of somebody who is signed out."""

NAMES_KEPT = """async () => {
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    const opened = await new Promise(done => {
      const request = indexedDB.open(name);
      request.onsuccess = () => done(request.result);
    });
    for (const store of opened.objectStoreNames)
      found.push(...await new Promise(done => {
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


def expect_rows(page: Page, count: int) -> None:
    """At last: it is written when somebody has stopped typing."""
    for _once in range(40):
        if len(rows(page)) == count:
            return
        time.sleep(0.05)
    assert len(rows(page)) == count


def expect_sealed(page: Page) -> None:
    expect_rows(page, 1)
    time.sleep(0.5)  # and once more, after the last answer


def choose(page: Page, user: User, entry: str) -> None:
    """In the menu under one's name; on a phone that lies in another."""
    page.locator(".user-menu summary").click()
    page.locator(".user-menu").get_by_role("button", name=entry).click()


type TakesPhone = Callable[[User], Phone]


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
        context.set_default_timeout(30_000)
        watch.over(context)
        cookies = given.signed_in(user).cookies
        context.add_cookies(
            [
                {"name": name, "value": cookie.value, "url": live_server.url}
                for name, cookie in cookies.items()
            ]
        )
        phones.append(Phone(context, folder, live_server.url))
        return phones[-1]

    yield take
    for phone in phones:
        phone.context.close()


def found_in(text: str, secrets: list[str] = SECRET) -> list[str]:
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


def open_quick_screening(page: Page) -> None:
    page.goto("/screening/")
    accessible(page)
    page.locator('a[href*="/quick-screening/"]').first.click()
    expect(page.locator("html")).to_have_attribute("data-sheet", "ready")
    page.wait_for_load_state("networkidle")  # the key has come


def answer(page: Page) -> None:
    """Step by step, as people do, until nothing is left but to finish."""
    finish = page.locator('.actions button[value="finish"]')
    for _step in range(10):
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
    pytest.fail("The last step never came.")


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
    open_quick_screening(page)
    accessible(page)

    phone.context.set_offline(True)
    answer(page)
    page.locator('.actions button[value="finish"]').click()
    expect(page.locator('[data-drafts="kept"]')).to_be_visible()
    accessible(page)

    # Nothing has arrived, and what waits here nobody can read.
    assert not Screening.objects.exists()
    assert len(rows(page)) == 1
    assert found_in(phone.dump()) == []

    phone.context.set_offline(False)
    page.wait_for_url("**/screening/*/")
    screening = Screening.objects.get()
    assert rows(page) == []
    expect(page.locator("main")).to_contain_text("Asylum")
    expect(page.locator("main")).to_contain_text(TYPED["reach"])
    accessible(page)

    page.get_by_role("link", name="Hand it to a team").click()
    accessible(page)
    page.locator("select[name=to]").select_option(str(shelter.pk))
    page.locator("input[name=basis][value=agreed]").check()
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator("main")).to_contain_text("Handed over, not yet answered")
    screening.refresh_from_db()
    assert screening.stage is Stage.HANDED
    assert found_in(phone.dump()) == []

    phone.switch_off()
    assert found_on_disk(phone, [CANARY, "evening prayer"]) == []

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


def test_what_is_unfinished_lies_sealed_and_comes_back(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    phone = phone_of(officer)
    page = phone.page
    open_quick_screening(page)
    answer(page)
    expect_sealed(page)
    assert found_in(phone.dump()) == []

    page.reload()
    expect(page.locator('[data-drafts="back"]')).to_be_visible()
    assert page.locator("[name=reach]").input_value() == TYPED["reach"]

    phone.switch_off()
    assert found_on_disk(phone, [CANARY, "evening prayer"]) == []


def test_what_is_unfinished_is_closed_to_whoever_locked(
    mechanism: None, officer: User, phone_of: TakesPhone
) -> None:
    page = phone_of(officer).page
    open_quick_screening(page)
    answer(page)
    expect_sealed(page)
    form = page.url

    choose(page, officer, "Lock")
    page.wait_for_url("**/keys/unlock**")
    assert page.evaluate(ASKS_TO_UNLOCK)
    page.goto(form)
    assert TYPED["reach"] not in page.content()

    page.get_by_label("Passphrase").fill(given.PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator('[data-drafts="back"]')).to_be_visible()
    assert page.locator("#q-reach").input_value() == TYPED["reach"]


@pytest.mark.parametrize("how", ["sign out", "leave", "shift"])
def test_what_is_unfinished_is_gone_after_leaving(
    mechanism: None, officer: User, phone_of: TakesPhone, watch: Watch, how: str
) -> None:
    phone = phone_of(officer)
    page = phone.page
    open_quick_screening(page)
    answer(page)
    expect_sealed(page)

    page.context.route("https://**", lambda route: route.fulfill(body="the weather"))
    watch.expect("a request to ")  # where those go who leave in a hurry
    if how == "sign out":
        choose(page, officer, "Sign out")
        page.wait_for_url(lambda url: "/screening/" not in url)
    elif how == "leave":
        page.locator("[data-quick-exit]").click()
        page.wait_for_url("https://**")
    else:
        for _once in range(3):
            page.keyboard.press("Shift")
        page.wait_for_url("https://**")

    page.goto(phone.home)
    expect_rows(page, 0)
    assert page.evaluate(ASKS_TO_UNLOCK)
    page.go_back()
    assert CANARY not in page.content()


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
    expect_sealed(page)

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
