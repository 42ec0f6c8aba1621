"""Write and read the messages of a disclosure."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import crypto, erasure
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.disclosures.message_keys import (
    bind_letter_place,
    build_letter,
    build_letter_reader,
)
from amana.trust.vault.disclosures.resealing import renew_keys
from amana.trust.vault.disclosures.wraps import (
    encode_padded_content,
    find_disclosure_wraps,
    open_valid_secret,
)
from amana.trust.vault.models.shared_copies import Disclosure, DisclosureMessage


@transaction.atomic
def write_letter(
    disclosure: Disclosure,
    name: str,
    content: Mapping[str, Any],
    *,
    by: User,
    held_for: UUID | None = None,
) -> DisclosureMessage:
    """Seal a message for the two teams; the caller records the act. `held_for`: no one
    reads it before that decision takes effect (`release_letters`).

    The disclosure is locked first: what is sealed while another person renews its key
    would be lost.
    """
    locked = Disclosure.objects.select_for_update(no_key=True).filter(pk=disclosure.pk)
    current = locked.first()
    if current is None:
        raise Refused(_("The shared information is gone."))
    secret = open_valid_secret(current, by=by)
    wraps = find_disclosure_wraps(current)
    if current.exposed_at or any(w.team_key and w.team_key.retired_at for w in wraps):
        secret = renew_keys({current: secret})[current]
    letter = build_letter(current, name, content, secret)
    letter.held_for = held_for
    letter.save(force_insert=True)
    return letter


def release_letters(held_for: UUID) -> None:
    """Allow the two teams to read what was held back for a decision that takes
    effect.
    """
    DisclosureMessage.objects.filter(held_for=held_for).update(
        held_for=None, written_at=timezone.now()
    )


def destroy_held_letters(held_for: UUID) -> None:
    """Delete what was held back for a decision that was undone, or failed."""
    if DisclosureMessage.objects.filter(held_for=held_for).delete()[0]:
        erasure.clear_traces()


def delete_letters(*, consent: UUID, name: str) -> None:
    """Delete one kind of letter from all that was shared under a consent; the caller
    records the act."""
    DisclosureMessage.objects.filter(disclosure__consent=consent, name=name).delete()
    erasure.clear_traces()


def has_letter(disclosure: UUID, name: str) -> bool:
    """Return whether a letter of this kind goes with what was shared. Its name is in
    the clear.
    """
    letters = DisclosureMessage.objects.filter(
        disclosure=disclosure, name=name, held_for=None
    )
    return letters.exists()


@transaction.atomic
def open_letters(
    disclosure: Disclosure, *, by: User, purpose: str
) -> list[tuple[DisclosureMessage, dict[str, Any]]]:
    """Open every message of a disclosure, oldest first, with one audit event."""
    secret = open_valid_secret(disclosure, by=by)
    log.record(
        "opened letters", disclosure, by=by, case=disclosure.case, purpose=purpose
    )
    try:
        return read_letters(disclosure, secret)
    except Unopenable:  # resealed between our queries
        return read_letters(disclosure, open_valid_secret(disclosure, by=by))


def read_letters(
    disclosure: Disclosure, secret: bytes
) -> list[tuple[DisclosureMessage, dict[str, object]]]:
    """Read every message, with the key; the caller has recorded the access."""
    read = build_letter_reader(disclosure.pk, secret)
    return [
        (letter, json.loads(read(letter)))
        for letter in disclosure.letters.filter(held_for=None).order_by("pk")
    ]


def seal_letter_from_outside(
    disclosure: Disclosure, letterbox: bytes, name: str, content: Mapping[str, Any]
) -> DisclosureMessage:
    """Seal a letter to a letterbox, without the key of the disclosure. Raises `Refused`
    after the disclosure has expired.
    """
    if disclosure.expires_at <= timezone.now():
        raise Refused(_("The shared information has expired."))
    letter = DisclosureMessage(disclosure=disclosure, name=name)
    at = bind_letter_place(letter)
    letter.sealed = crypto.seal_to(letterbox, encode_padded_content(content), at=at)
    letter.save(force_insert=True)
    return letter
