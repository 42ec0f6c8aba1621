"""Keys and signatures as text: base58 (Bitcoin's alphabet) and Multikey.

Controlled Identifiers 1.0 (W3C), sections 2.4 and 4; the Multicodec table."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from amana.academy.credentials.engine.faults import UnreadableCertificate

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"
"""The prefix of a Multikey that holds an Ed25519 public key."""


def encode_base58(raw: bytes) -> str:
    number, digits = int.from_bytes(raw, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + digits


def decode_base58(text: str) -> bytes:
    if not set(text) <= set(ALPHABET):
        raise UnreadableCertificate("not base58")
    number = 0
    for digit in text:
        number = number * 58 + ALPHABET.index(digit)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_multikey(key: Ed25519PublicKey) -> str:
    return "z" + encode_base58(ED25519 + key.public_bytes_raw())


def decode_multikey(text: str) -> Ed25519PublicKey:
    raw = decode_base58(text[1:])
    if text[:1] != "z" or raw[:2] != ED25519 or len(raw) != 34:
        raise UnreadableCertificate("not an Ed25519 Multikey")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def encode_base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    try:
        return base64.b64decode(
            text + "=" * (-len(text) % 4), altchars="-_", validate=True
        )
    except ValueError:
        raise UnreadableCertificate("not base64url") from None
