"""The keys of messages, and of the letterbox of those without the system."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from amana.trust.vault import crypto
from amana.trust.vault.crypto import KeyPair, bind_place
from amana.trust.vault.disclosures.wraps import encode_padded_content
from amana.trust.vault.models.shared_copies import (
    Disclosure,
    DisclosureMessage,
    Letterbox,
)


def build_letter(
    disclosure: Disclosure, name: str, content: Mapping[str, Any], secret: bytes
) -> DisclosureMessage:
    letter = DisclosureMessage(disclosure=disclosure, name=name)
    letter.sealed = crypto.seal(
        derive_letter_key(secret),
        encode_padded_content(content),
        at=bind_letter_place(letter),
    )
    return letter


def build_letter_reader(
    disclosure: UUID, secret: bytes
) -> Callable[[DisclosureMessage], bytes]:
    """Build what opens a letter, also one from outside, through the letterbox: its
    first byte shows which it is.
    """
    key = derive_letter_key(secret)

    def read(letter: DisclosureMessage) -> bytes:
        sealed, at = bytes(letter.sealed), bind_letter_place(letter)
        if sealed[:1] != crypto.TO_PUBLIC:
            return crypto.unseal(key, sealed, at=at)
        box = Letterbox.objects.get(disclosure=disclosure)
        return open_letterbox_key_pair(box, secret).open(sealed, at=at)

    return read


def get_letterbox(disclosure: Disclosure, secret: bytes) -> bytes:
    """Get the public key to which letters from outside are sealed; made when first
    needed. Its private half is sealed under the key of the disclosure.
    """
    box = Letterbox.objects.filter(disclosure=disclosure).first()
    if box is None:
        pair = KeyPair.new()
        sealed = crypto.seal(
            derive_letterbox_key(secret),
            pair.dump(),
            at=bind_letterbox_place(disclosure.pk),
        )
        # Two may open the first slip at once: the first letterbox counts, and both read
        # it.
        Letterbox.objects.bulk_create(
            [Letterbox(disclosure=disclosure, sealed=sealed)], ignore_conflicts=True
        )
        box = Letterbox.objects.get(disclosure=disclosure)
    return open_letterbox_key_pair(box, secret).public


def open_letterbox_key_pair(box: Letterbox, secret: bytes) -> KeyPair:
    at = bind_letterbox_place(box.disclosure_id)
    return KeyPair.load(
        crypto.unseal(derive_letterbox_key(secret), bytes(box.sealed), at=at)
    )


def derive_letterbox_key(secret: bytes) -> bytes:
    return crypto.derive(secret, "letterbox")


def bind_letterbox_place(disclosure: UUID) -> bytes:
    return bind_place("letterbox", disclosure)


def derive_letter_key(secret: bytes) -> bytes:
    return crypto.derive(secret, "letter")


def bind_letter_place(letter: DisclosureMessage) -> bytes:
    return bind_place("letter", letter.disclosure_id, letter.pk, letter.name)
