"""Signatures of a person (Ed25519, RFC 8032). Nothing here knows Django.

The signing key is derived from the person's own key and never stored: who can open
the person's keyring can sign as them, and no one else can, the server included.
Everyone can check a signature, without any key that opens something."""

from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from amana.trust.vault.crypto import KeyPair, bind_place, derive

PUBLIC_BYTES = 32


@dataclass(frozen=True)
class SigningKey:
    """What one person signs with."""

    _secret: bytes = field(repr=False)

    @classmethod
    def of(cls, person: KeyPair) -> "SigningKey":
        return cls(derive(person.symmetric, "signs"))

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._secret)

    @cached_property
    def public(self) -> bytes:
        """32 bytes with which everyone checks what was signed."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, statement: bytes, *, purpose: str) -> bytes:
        """Sign a statement for one purpose; for another the signature is worth
        nothing."""
        return self._private.sign(_signed(statement, purpose))


def is_signed(statement: bytes, signature: bytes, *, by: bytes, purpose: str) -> bool:
    """Return whether the holder of the signing key `by` signed this statement for this
    purpose.
    """
    if len(by) != PUBLIC_BYTES:
        return False
    try:
        public = Ed25519PublicKey.from_public_bytes(by)
        public.verify(signature, _signed(statement, purpose))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(statement: bytes, purpose: str) -> bytes:
    # The purpose is signed as well: no signature can be passed off as one for another
    # act.
    return bind_place("signed", purpose, statement.hex())
