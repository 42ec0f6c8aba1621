"""A share of a recovery key: how it is printed and typed, and how a wrong one is known.

What is shared are 32 random bytes, from which the key pair is derived."""

import hashlib

from amana.trust.access import codes
from amana.trust.recovery import shamir
from amana.trust.vault import crypto
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.statements import CUSTODIANS, ENOUGH

BYTES = crypto.KEY_BYTES + 1
SIGNS = -(-BYTES * 8 // 5)
"""Of a share, in an alphabet of 32."""


def make_secret() -> tuple[KeyPair, list[bytes]]:
    """Make a recovery key, and a share of it for each custodian; the secret itself is
    kept nowhere.
    """
    secret = crypto.generate_key()
    return derive_pair(secret), shamir.split(secret, shares=CUSTODIANS, needed=ENOUGH)


def derive_pair(secret: bytes) -> KeyPair:
    """Derive the key pair of a secret."""
    # Derived, because 32 bytes can be shared, printed and typed again; a pair is four
    # times as long.
    parts = ("seed", "more seed", "curve", "symmetric")
    derived = [crypto.derive(secret, "recovery", part) for part in parts]
    return KeyPair.load(b"".join(derived))


def compute_hash(share: bytes) -> str:
    """Compute the hash of a share for the roster: it identifies a wrong one, and
    reveals nothing else.
    """
    return hashlib.sha256(crypto.bind_place("share", share.hex())).hexdigest()


def format_share(share: bytes) -> str:
    """Format a share as the code that a custodian has on paper, in groups of four."""
    number = int.from_bytes(share, "big")
    places = reversed(range(SIGNS))
    body = "".join(codes.ALPHABET[number >> 5 * place & 31] for place in places)
    return codes.format_grouped(body + codes.compute_check(body))


def parse_share(typed: str) -> bytes:
    """Parse the share that a custodian typed. Raises `codes.MisreadCode`."""
    body = codes.parse_code(typed)[: -codes.CHECK]
    number = 0
    for sign in body:
        number = number << 5 | codes.ALPHABET.index(sign)
    # The last sign holds spare bits: they must be 0, so that a share has one code only.
    if len(body) != SIGNS or number >> BYTES * 8:
        raise codes.MisreadCode
    return number.to_bytes(BYTES, "big")
