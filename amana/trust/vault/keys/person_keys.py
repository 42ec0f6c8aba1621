"""A person's secrets and what they open."""

import hashlib
import os
import unicodedata
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from amana.trust.access.models.organisations import User
from amana.trust.vault import crypto, roster
from amana.trust.vault.altered import build_key_tampered
from amana.trust.vault.crypto import KeyPair, Unopenable, bind_place
from amana.trust.vault.keys.keyring import (
    Keyring,
    WrongSecret,
    require_own,
)
from amana.trust.vault.models.team_keys import PersonKey, PersonWrap
from amana.trust.vault.signing import SigningKey


def make_person_key(user: User, *, passphrase: str) -> Keyring:
    """Make the key of a new colleague; no one else can ever open it."""
    pair = KeyPair.new()
    key = PersonKey.objects.create(
        user=user, public=pair.public, verify_key=SigningKey.of(pair).public
    )
    keyring = Keyring(key.pk, pair)
    roster.pin(keyring, key)
    wrap_person_key(keyring, secret=passphrase, method=PersonWrap.Method.PASSPHRASE)
    return keyring


def wrap_person_key(
    keyring: Keyring, *, secret: str, method: PersonWrap.Method
) -> None:
    """Seal the person's key under `secret`, replacing the earlier secret of this
    kind.
    """
    salt, cost = os.urandom(16), get_current_cost()
    if method == PersonWrap.Method.RECOVERY:
        cost |= {"pepper": ""}  # opens although the pepper may be lost
    key = derive_secret_key(secret, salt, cost)
    sealed = crypto.seal(
        key, keyring.dump(), at=bind_place("person", keyring.person_key_id, method)
    )
    PersonWrap.objects.update_or_create(
        person_key_id=keyring.person_key_id,
        method=method,
        defaults={
            "salt": salt,
            "cost": cost,
            "sealed": sealed,
            "seen": _seal_seen(keyring, roster.read_last_statement()),
        },
    )


def _seal_seen(keyring: Keyring, last: tuple[int, bytes]) -> bytes:
    place, hash_ = last
    text = place.to_bytes(8, "big", signed=True) + hash_
    return crypto.seal(
        _seen(keyring), text, at=bind_place("seen", keyring.person_key_id)
    )


def _remember_roster(keyring: Keyring, wrap: PersonWrap) -> None:
    """Check that the roster still has what the person saw when they last unlocked, and
    record how far it has come.
    """
    at = bind_place("seen", keyring.person_key_id)
    try:
        text = crypto.unseal(_seen(keyring), bytes(wrap.seen), at=at)
    except Unopenable as error:
        raise build_key_tampered() from error
    before = int.from_bytes(text[:8], "big", signed=True), text[8:]
    # A chain that was cut back is still valid: only a reader's memory shows it (ADR
    # 58).
    roster.require_statement(*before)
    if (last := roster.read_last_statement()) != before:
        mine = PersonWrap.objects.filter(pk=wrap.pk)
        mine.update(seen=_seal_seen(keyring, last))


def _seen(keyring: Keyring) -> bytes:
    return crypto.derive(keyring.person.symmetric, "roster seen")


def unlock(
    user: User,
    secret: str,
    *,
    method: PersonWrap.Method = PersonWrap.Method.PASSPHRASE,
) -> Keyring:
    """Open the keyring with `secret`. Raises `WrongSecret`."""
    wraps = PersonWrap.objects.filter(person_key__user=user, method=method)
    wrap = wraps.select_related("person_key").first()
    if wrap is None:
        open_nothing(secret)
        raise WrongSecret(_("This doesn’t open your keys. Nothing was changed."))
    keyring = unlock_wrap(wrap, secret)
    # The secret is at hand only now: an old cost, or a pepper that is being replaced,
    # can't be renewed at any other time.
    if _is_dated(wrap) or (not keyring.founding and roster.sign_founding(keyring)):
        wrap_person_key(keyring, secret=secret, method=method)
    return keyring


def unlock_wrap(wrap: PersonWrap, secret: str) -> Keyring:
    """Open the keyring in this wrap, also one that isn't in its table. Raises
    `WrongSecret`.
    """
    try:
        keyring = _opened(wrap, secret)
    except Unopenable as error:
        raise WrongSecret(
            _("This doesn’t open your keys. Nothing was changed.")
        ) from error
    require_own(keyring.person, bytes(wrap.person_key.public))
    _remember_roster(keyring, wrap)
    return keyring


def _opened(wrap: PersonWrap, secret: str) -> Keyring:
    key = derive_secret_key(secret, bytes(wrap.salt), wrap.cost)
    place = bind_place("person", wrap.person_key_id, wrap.method)
    kept = crypto.unseal(key, bytes(wrap.sealed), at=place)
    return Keyring.load(wrap.person_key_id, kept)


def _is_dated(wrap: PersonWrap) -> bool:
    """Return whether it is sealed under an old pepper or cost, and so has to be sealed
    again when it opens.
    """
    if wrap.method == PersonWrap.Method.RECOVERY:
        return False  # 128 random bits need neither
    return bool(wrap.cost != get_current_cost())


def open_nothing(secret: str) -> None:
    """Take as long as `unlock` with a wrong secret: no one learns who exists."""
    derive_secret_key(secret, bytes(16), get_current_cost())


def compute_pepper_id(pepper: str) -> str:
    """Compute a name for a pepper that doesn't reveal it; empty for none."""
    if not pepper:
        return ""
    digest = hashlib.sha256(pepper.encode()).digest()
    return crypto.derive(digest, "name of a pepper")[:4].hex()


def get_current_cost() -> dict[str, object]:
    """Get what a secret costs to try today, and the pepper that goes with it."""
    return settings.VAULT_ARGON2 | {
        "pepper": compute_pepper_id(settings.VAULT_PEPPERS[0])
    }


def derive_secret_key(secret: str, salt: bytes, cost: dict[str, Any]) -> bytes:
    """Derive the key that a secret yields. Raises `Unopenable` if its pepper is no
    longer there.
    """
    peppers = {
        compute_pepper_id(pepper): pepper for pepper in ["", *settings.VAULT_PEPPERS]
    }
    if cost["pepper"] not in peppers:
        raise Unopenable  # its pepper has been thrown away
    return crypto.stretch(
        unicodedata.normalize("NFKC", secret),  # the same on every keyboard
        salt,
        pepper=peppers[cost["pepper"]],
        iterations=cost["iterations"],
        lanes=cost["lanes"],
        memory=cost["memory_cost"],
    )
