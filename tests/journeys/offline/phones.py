"""A phone-sized Chromium, and what lies on its disk once it is switched off."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from amana import given
from amana.trust.access.models import User

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "reduced_motion": "reduce",
}
CANARY = "canary"

TOLD = [CANARY, "evening prayer", '"private","yes"', '"age_group","adult"']
"""Answers, and how they stand in a draft. The questions themselves are no secret: the
device keeps every screening that can be begun, begun or not."""


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


def state(page: Page, named: str) -> None:
    expect(page.locator(f'[data-drafts="{named}"]')).to_be_visible()


type TakesPhone = Callable[..., Phone]


def found_in(text: str, secrets: list[str] = TOLD) -> list[str]:
    return [secret for secret in secrets if secret in text]


def found_on_disk(phone: Phone, secrets: list[str]) -> list[str]:
    return [
        f"{secret} in {name}"
        for name, content in phone.on_the_disk().items()
        for secret in secrets
        if any(secret.encode(code) in content for code in ("utf-8", "utf-16-le"))
    ]
