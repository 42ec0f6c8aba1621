"""A border post's telephone, and the steps of a meeting on it."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from amana import given
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Sphere, User
from tests.journeys.conftest import Watch
from tests.journeys.offline.phones import PHONE, Phone, found_on_disk

NAME, WORDS, PLACE = "Canarybird", "A canary door that I can lock", "Canary gate 3"
SAID = [NAME, WORDS, PLACE]


def an_officer() -> User:
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


KEPT_PAGE = """async () =>
  (await (await caches.open('meeting')).match('/cases/meet/')).text()"""

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
