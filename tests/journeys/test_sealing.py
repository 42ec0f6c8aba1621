"""What a browser seals the server opens, and the other way round (RFC 9180); and the
time that a draft has, by a clock that anyone can set."""

import base64
import json
import os
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from amana import given
from amana.trust.vault.crypto import BrowserPair, Unopenable, bind_place
from amana.trust.vault.tests.conftest import seal_as_browser

from .conftest import SignsIn

pytestmark = pytest.mark.django_db(transaction=True)

IMPORT = "const sealing = await import('/static/vault/sealing.js');"
HOUR = 3_600_000


@pytest.fixture
def page(sign_in: SignsIn) -> Page:
    page = sign_in(given.make_worker())
    page.goto("/cases/meet/ready/")
    return page


def run(page: Page, script: str, arg: Any = None) -> Any:
    return page.evaluate(f"async arg => {{ {IMPORT} {script} }}", arg)


def b64(blob: bytes) -> str:
    return base64.b64encode(blob).decode()


def test_the_server_opens_what_a_browser_sealed(page: Page) -> None:
    pair, words = BrowserPair.new(), {"said": "Ā ب 𝄞", "long": "x" * 5_000}
    key, draft = str(uuid4()), str(uuid4())

    sealed = base64.b64decode(
        run(
            page,
            """const at = sealing.place('draft', arg.key, arg.draft);
            const to = sealing.fromBase64(arg.to);
            return sealing.toBase64(await sealing.sealTo(to, at, arg.words, 4096));""",
            {"to": b64(pair.public), "key": key, "draft": draft, "words": words},
        )
    )

    place = bind_place("draft", key, draft)
    assert json.loads(pair.open(sealed, at=place)) == words
    assert len(sealed) == 1 + 65 + 2 * 4096 + 16
    for wrong in (
        bind_place("draft", draft, key),
        bind_place("unfinished", key, draft),
    ):
        with pytest.raises(Unopenable):
            pair.open(sealed, at=wrong)
    with pytest.raises(Unopenable):
        BrowserPair.new().open(sealed, at=place)
    for at in (1, 70, len(sealed) - 1):
        torn = bytearray(sealed)
        torn[at] ^= 1
        with pytest.raises(Unopenable):
            pair.open(bytes(torn), at=place)


def test_a_browser_opens_what_the_server_sealed(page: Page) -> None:
    """With a key of its own; in another place, or altered, it opens nothing."""
    point = run(
        page,
        """globalThis.pair = await crypto.subtle.generateKey(
          { name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
        const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
        return sealing.toBase64(new Uint8Array(raw));""",
    )
    plain = json.dumps({"words": os.urandom(300).hex()}).encode()
    at = bind_place("a place", 1)
    sealed = seal_as_browser(base64.b64decode(point), plain, at=at)

    opened = run(
        page,
        """const point = sealing.fromBase64(arg.point);
        const key = { secret: pair.privateKey, point };
        const sealed = sealing.fromBase64(arg.sealed);
        const torn = Uint8Array.from(sealed);
        torn[80] ^= 1;
        const here = sealing.place('a place', 1);
        return [await sealing.open(key, here, sealed),
                await sealing.open(key, sealing.place('a place', 2), sealed),
                await sealing.open(key, here, torn)];""",
        {"point": point, "sealed": b64(sealed)},
    )

    assert opened == [json.loads(plain), None, None]


def test_two_places_are_never_alike(page: Page) -> None:
    parts: list[list[object]] = [["a", "bc"], ["ab", "c"], ["abc"], ["", "abc"]]
    parts += [[1, 23], ["é", "ب"]]

    written = run(
        page, "return arg.map(one => sealing.hex(sealing.place(...one)));", parts
    )

    assert written == [bind_place(*some).hex() for some in parts]
    assert len(set(written)) == len(parts)


def left(page: Page, *hours: float) -> list[float]:
    """The hours that a draft has left, opened at these hours of the device's clock."""
    found: list[float] = run(
        page,
        """const found = [];
        let row = { seen: 0, left: 72 * arg.hour };
        for (const at of arg.hours) {
          row = sealing.aged(row, at * arg.hour);
          found.push(row.left / arg.hour);
        }
        return found;""",
        {"hours": list(hours), "hour": HOUR},
    )
    return found


def test_a_clock_that_is_set_back_gives_no_time(page: Page) -> None:
    assert left(page, 1, 24, 71) == [71, 48, 1]
    assert left(page, 73) == [-1]
    back = left(page, 10, 0, 1, 0, 1, 0)
    assert back == [62, 38, 37, 13, 12, -12]
    assert left(page, 10, 10 - 0.05) == [62, 62]  # a clock that is put right a little
