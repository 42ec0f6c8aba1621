"""A certificate in a QR code, in a short form that is signed too: a phone checks it
without a network. It is what follows `#` in the address of the page that checks it:
a phone opens that page, and sends no server what follows. Deflated, as digits, which a
QR code packs most densely."""

import json
import re
import zlib

from amana.academy.credentials.engine.canonical import MOST_BYTES, Json
from amana.academy.credentials.engine.faults import UnreadableCertificate

WRITTEN = re.compile(r"(?:https?://[^\s#]+#)?([0-9]{1,4300})")
"""The address may be left out. No more digits than Python converts, which are more than
a code holds that can be read from paper."""


def encode_square(document: Json) -> str:
    """Return the digits; never with a zero in front, since a deflated text begins with
    the byte 0x78."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return str(int.from_bytes(zlib.compress(text.encode(), 9)))


def is_square(text: str) -> bool:
    return WRITTEN.fullmatch(text) is not None


def decode_square(text: str) -> bytes:
    """Return the document. Raises `UnreadableCertificate`."""
    said = WRITTEN.fullmatch(text)
    if said is None:
        raise UnreadableCertificate("no square")
    number = int(said[1])
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    unpacking = zlib.decompressobj()
    try:
        # With a limit: a text can unpack to a thousand times its size.
        found = unpacking.decompress(raw, MOST_BYTES + 1)
    except zlib.error:
        raise UnreadableCertificate("a square that can't be unpacked") from None
    if len(found) > MOST_BYTES:
        raise UnreadableCertificate("larger than 64 kB")
    return found
