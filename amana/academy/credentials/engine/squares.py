"""A certificate in a QR code: the whole of it, so that a phone without a network reads
it. Deflated, then base45 (RFC 9285), whose letters a QR code packs most densely."""

import json
import zlib

from amana.academy.credentials.engine.canonical import MOST_BYTES, Json
from amana.academy.credentials.engine.faults import UnreadableCertificate

PREFIX = "OB3:"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def encode_square(document: Json) -> str:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return PREFIX + encode_base45(zlib.compress(text.encode(), 9))


def decode_square(text: str) -> bytes:
    raw = decode_base45(text.strip().removeprefix(PREFIX))
    unpacking = zlib.decompressobj()
    try:
        # With a limit: a text can unpack to a thousand times its size.
        found = unpacking.decompress(raw, MOST_BYTES + 1)
    except zlib.error:
        raise UnreadableCertificate("a square that can't be unpacked") from None
    if len(found) > MOST_BYTES:
        raise UnreadableCertificate("larger than 64 kB")
    return found


def encode_base45(raw: bytes) -> str:
    found = []
    for at in range(0, len(raw), 2):
        two = raw[at : at + 2]
        number = int.from_bytes(two, "big")
        for _ in range(len(two) + 1):
            number, letter = divmod(number, 45)
            found.append(LETTERS[letter])
    return "".join(found)


def decode_base45(text: str) -> bytes:
    found = bytearray()
    for at in range(0, len(text), 3):
        three = text[at : at + 3]
        if len(three) == 1 or not set(three) <= set(LETTERS):
            raise UnreadableCertificate("not base45")
        number = sum(
            LETTERS.index(letter) * 45**nth for nth, letter in enumerate(three)
        )
        if number >= 256 ** (len(three) - 1):
            raise UnreadableCertificate("not base45")
        found += number.to_bytes(len(three) - 1, "big")
    return bytes(found)
