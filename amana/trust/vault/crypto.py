"""Primitives: one suite, one way to bind, one way to seal. Nothing here knows Django.

HPKE (RFC 9180) with the hybrid ML-KEM-768 + X25519, HKDF-SHA256 and AES-256-GCM,
because files live long and "harvest now, decrypt later" is a real plan of others.
Every blob starts with a format byte, so that the algorithms can change one day.
What a browser seals comes in what every browser can do (P-256, also on old phones), and
is sealed again to the hybrid key when it arrives.

What every blob is bound to, its *place*, is written by `bind_place`. A key seals far
fewer than 2³² blobs, so random nonces of 96 bits don't meet (NIST SP 800-38D, 8.3).
"""

import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import BoundedSemaphore
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke, serialization
from cryptography.hazmat.primitives.asymmetric import ec, mlkem, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

FORMAT = b"\x01"
"""AES-256-GCM under a symmetric key: nonce, ciphertext, tag."""
TO_PUBLIC = b"\x02"
"""HPKE to a public key."""
SUITE = hpke.Suite(
    hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM
)
FROM_BROWSER = b"\x03"
"""HPKE to a public key, as `static/vault/sealing.js` does it."""
BROWSER_SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
X25519_BYTES = 32
SEED_BYTES = 64
KEY_BYTES = 32
PRIVATE_BYTES = SEED_BYTES + X25519_BYTES + KEY_BYTES
SHORTEST = 1 + 12 + 16
"""Format, nonce and tag, around nothing."""

STRETCHING = BoundedSemaphore(2)
"""Two at a time in a process: signing in may not take all memory from those at work."""


class Unopenable(Exception):
    """A blob doesn't open with this key in this place: altered, moved, or not ours."""


def bind_place(*place: object) -> bytes:
    """Bind a blob to its place, with each part's length before it: no two places
    alike.
    """
    # Lengths, because without them ("ab", "c") and ("a", "bc") would be one place.
    parts = [str(part).encode() for part in place]
    return b"amana" + b"".join(len(p).to_bytes(4, "big") + p for p in parts)


def generate_key() -> bytes:
    """Generate a random key of 32 bytes."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, *, at: bytes) -> bytes:
    nonce = os.urandom(12)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, at)


def unseal(key: bytes, sealed: bytes, *, at: bytes) -> bytes:
    return build_unsealer(key)(sealed, at)


def build_unsealer(key: bytes) -> Callable[[bytes, bytes], bytes]:
    """Build what opens many blobs under one key: from `(sealed, at)` to the plain
    bytes.
    """
    # The cipher is set up once: a search opens twenty thousand blobs under one key.
    decrypt = AESGCM(key).decrypt

    def unseal(sealed: bytes, at: bytes) -> bytes:
        if sealed[:1] != FORMAT or len(sealed) < SHORTEST:
            raise Unopenable
        try:
            return decrypt(sealed[1:13], sealed[13:], at)
        except InvalidTag as error:
            raise Unopenable from error

    return unseal


def fill_with_spaces(text: bytes, to: int) -> bytes:
    """Fill JSON up with spaces, so that its size reveals little of what is in it."""
    return text + b" " * (-len(text) % to)


def derive(key: bytes, *purpose: object) -> bytes:
    """Derive a key of 32 bytes for one purpose (HKDF-Expand, RFC 5869)."""
    # Without HKDF's first half (extract): every key that comes here is random already.
    return HKDFExpand(hashes.SHA256(), KEY_BYTES, bind_place(*purpose)).derive(key)


def is_vouched(key: bytes, voucher: bytes, *statement: object) -> bool:
    """Return whether a holder of `key` made `voucher`, by `derive`, for this
    statement.
    """
    # In constant time: the time of a plain comparison would show how far a guess is
    # right.
    return hmac.compare_digest(derive(key, *statement), voucher)


def stretch(
    secret: str, salt: bytes, *, pepper: str, iterations: int, lanes: int, memory: int
) -> bytes:
    """Stretch what a person knows into a key (Argon2id, RFC 9106; memory in KiB).

    The pepper is Argon2's own secret value K; empty, there is none.
    """
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=iterations,
        lanes=lanes,
        memory_cost=memory,
        secret=pepper.encode() or None,
    )
    with STRETCHING:
        return kdf.derive(secret.encode())


@dataclass(frozen=True)
class KeyPair:
    """Something that can open what was sealed to its public half."""

    seed: bytes = field(repr=False)
    curve: bytes = field(repr=False)
    symmetric: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        return cls(os.urandom(SEED_BYTES), os.urandom(X25519_BYTES), generate_key())

    @classmethod
    def load(cls, secret: bytes) -> Self:
        if len(secret) != PRIVATE_BYTES:
            raise Unopenable
        return cls(
            secret[:SEED_BYTES],
            secret[SEED_BYTES : SEED_BYTES + X25519_BYTES],
            secret[SEED_BYTES + X25519_BYTES :],
        )

    def dump(self) -> bytes:
        """Dump the 128 bytes that must never be stored unsealed."""
        return self.seed + self.curve + self.symmetric

    @cached_property
    def _mlkem(self) -> mlkem.MLKEM768PrivateKey:
        return mlkem.MLKEM768PrivateKey.from_seed_bytes(self.seed)

    @cached_property
    def _x25519(self) -> x25519.X25519PrivateKey:
        return x25519.X25519PrivateKey.from_private_bytes(self.curve)

    @cached_property
    def public(self) -> bytes:
        return (
            self._mlkem.public_key().public_bytes_raw()
            + self._x25519.public_key().public_bytes_raw()
        )

    def open(self, sealed: bytes, *, at: bytes) -> bytes:
        """Open what `seal_to` sealed to our public half in this place."""
        if sealed[:1] != TO_PUBLIC:
            raise Unopenable
        private = hpke.MLKEM768X25519PrivateKey(self._mlkem, self._x25519)
        try:
            return SUITE.decrypt(sealed[1:], private, at)
        # A damaged encapsulated key raises ValueError, a damaged text InvalidTag: to
        # the caller both are one.
        except (InvalidTag, ValueError) as error:
            raise Unopenable from error


def seal_to(public: bytes, plain: bytes, *, at: bytes) -> bytes:
    """Seal to the holder of the private half; needs no secret."""
    key = hpke.MLKEM768X25519PublicKey(
        mlkem.MLKEM768PublicKey.from_public_bytes(public[:-X25519_BYTES]),
        x25519.X25519PublicKey.from_public_bytes(public[-X25519_BYTES:]),
    )
    return TO_PUBLIC + SUITE.encrypt(plain, key, at)


@dataclass(frozen=True)
class BrowserPair:
    """Something that can open what a browser sealed to its public half (P-256)."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        return cls(number.to_bytes(KEY_BYTES, "big"))

    @cached_property
    def _private(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(self.secret, "big"), ec.SECP256R1())

    @cached_property
    def public(self) -> bytes:
        """The uncompressed point, 65 bytes."""
        return self._private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def open(self, sealed: bytes, *, at: bytes) -> bytes:
        """Open what was sealed to our public half in this place."""
        if sealed[:1] != FROM_BROWSER:
            raise Unopenable
        try:
            return BROWSER_SUITE.decrypt(sealed[1:], self._private, at)
        except (InvalidTag, ValueError) as error:
            raise Unopenable from error


def compute_fingerprint(public: bytes) -> str:
    """Compute eight groups of four digits, to be compared aloud by two people."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public)
    number = int.from_bytes(digest.finalize()[:16], "big") % 10**32
    return " ".join(f"{number:032}"[i : i + 4] for i in range(0, 32, 4))
