"""A browser without scripts, as someone's telephone may be: cookies, links, forms.

It speaks to the web server as the proxy does, which has taken HTTPS away.
"""

import base64
import hmac
import http.client
import re
import struct
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

HOST = "amana.example.org"
REDIRECTS = {301, 302, 303, 307}


class Lost(Exception):
    """The page is another one than the story expects."""


@dataclass
class Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    """What would be sent: what is hidden, filled in or chosen already."""
    names: set[str] = field(default_factory=set)


class Reader(HTMLParser):
    """Finds the forms of a page, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._select = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name = said.get("name", "")
        if tag == "form":
            self._inside = said.get("method", "").lower() == "post"
            if self._inside:
                self.forms.append(Form(said.get("action", "")))
        elif self._inside and tag in ("input", "textarea", "button") and name:
            self._field(tag, name, said)
        elif self._inside and tag == "select":
            self._select = name
            self.forms[-1].names.add(name)
        elif tag == "option" and self._select and "selected" in said:
            self.forms[-1].fields[self._select] = said.get("value", "")

    def _field(self, tag: str, name: str, said: dict[str, str]) -> None:
        form = self.forms[-1]
        form.names.add(name)
        kind = said.get("type", "text")
        is_chosen = kind not in ("radio", "checkbox") or "checked" in said
        if tag == "input" and is_chosen and kind not in ("submit", "file"):
            form.fields[name] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)


class Browser:
    def __init__(self, port: int = 8000) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.address = "/"
        self.status = 0
        self.page = ""

    def go(self, address: str) -> Self:
        return self._ask("GET", address, None)

    def send(self, /, *, of: str, **values: str) -> Self:
        """Send the form that has a field called `of`, with these values in it."""
        forms = [form for form in self._read().forms if of in form.names]
        if not forms:
            raise Lost(f"No form with “{of}” on {self}.")
        to = urljoin(self.address, forms[0].action or self.address)
        return self._ask("POST", to, forms[0].fields | values)

    def words(self) -> str:
        return " ".join(" ".join(self._read().words).split())

    def find(self, pattern: str) -> str:
        """The first group of a pattern in the page's markup."""
        found = re.search(pattern, self.page, re.S)
        if not found:
            raise Lost(f"“{pattern}” isn't on {self}.")
        return found[1]

    def has(self, name: str) -> bool:
        return any(name in form.names for form in self._read().forms)

    def expect(self, words: str) -> Self:
        if words not in self.words():
            raise Lost(f"“{words}” isn't on {self}.")
        return self

    def __str__(self) -> str:
        return f"{self.address} ({self.status}): {self.words()[:1500]}"

    def _read(self) -> Reader:
        reader = Reader()
        reader.feed(self.page)
        return reader

    def _ask(self, method: str, address: str, values: dict[str, str] | None) -> Self:
        for _redirect in range(8):
            parts = urlsplit(urljoin(self.address, address))
            address = f"{parts.path}?{parts.query}" if parts.query else parts.path
            answer = self._answer(method, address, values)
            self.address = address
            if answer is None:
                return self
            method, address, values = "GET", answer, None
        raise Lost(f"{self} leads round in a circle.")

    def _answer(
        self, method: str, address: str, values: dict[str, str] | None
    ) -> str | None:
        """Where to go on, if the answer says so."""
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
            "Referer": f"https://{HOST}{self.address}",
            "Origin": f"https://{HOST}",
            "Accept-Language": "en",
            "Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        server = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        server.request(method, address, urlencode(values) if values else None, headers)
        answer = server.getresponse()
        self.status, self.page = answer.status, answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        server.close()
        if self.status >= 500:
            raise Lost(str(self))
        return answer.headers["Location"] if self.status in REDIRECTS else None


@dataclass
class Person:
    """Someone with a passphrase, an authenticator app and a browser."""

    email: str
    passphrase: str
    seed: str = ""
    browser: Browser = field(default_factory=Browser)
    last: int = 0

    def join(self, code: str) -> None:
        """Enter the code that was handed over, set a passphrase and a second step."""
        page = self.browser.go("/keys/join").send(of="code", code=code)
        page.send(of="passphrase", passphrase=self.passphrase, again=self.passphrase)
        page.go("/account/app")
        self.seed = page.find(r'class="secret-code"><bdi[^>]*>([A-Z2-7 ]+)<')
        page.send(of="code", code=self.code())

    def sign_in(self) -> None:
        self.browser = Browser(self.browser.port)
        page = self.browser.go("/account/sign-in")
        page.send(of="login", login=self.email, password=self.passphrase)
        page.send(of="code", code=self.code())
        if page.has("passphrase"):
            page.send(of="passphrase", passphrase=self.passphrase)

    def open(self, address: str) -> Browser:
        """Go to a page, unlocking the keys where that is asked."""
        page = self.browser.go(address)
        if page.has("passphrase"):
            page.send(of="passphrase", passphrase=self.passphrase)
        return page

    def code(self) -> str:
        """What the app shows (RFC 6238). A code counts once, so wait for the next."""
        while int(time.time()) // 30 <= self.last:
            time.sleep(0.5)
        self.last = int(time.time()) // 30
        key = base64.b32decode(self.seed.replace(" ", ""))
        digest = hmac.digest(key, struct.pack(">Q", self.last), "sha1")
        [number] = struct.unpack_from(">I", digest, digest[-1] & 15)
        return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"
