"""What the server itself must open: seeds of second factors, and outer layers.

Sealed under the pepper, which lies outside the database and its backups: a copy of
the database alone yields none of them. Nothing of a case may ever be sealed this way
alone, because here no person's own secret is asked for: around what is already sealed
to a team, a *layer* only sets from when on that team may open it.
"""

import base64
import binascii
import hashlib

from django.conf import settings

from amana.trust.vault import crypto
from amana.trust.vault.crypto import Unopenable, bind_place


def seal_text(text: str, *place: object) -> str:
    """Seal `text` for the server, to be opened in the same `place` only."""
    sealed = crypto.seal(
        _key(settings.VAULT_PEPPERS[0]), text.encode(), at=bind_place("server", *place)
    )
    return base64.urlsafe_b64encode(sealed).decode()


def open_text(sealed: str, *place: object) -> str:
    """Open what `seal_text` sealed, under any pepper still in use. Raises
    `Unopenable`.
    """
    try:
        blob = base64.urlsafe_b64decode(sealed.encode())
    except (binascii.Error, ValueError) as error:
        raise Unopenable from error
    # While a pepper is being replaced, both are in the settings, the newest first.
    for pepper in settings.VAULT_PEPPERS:
        try:
            plain = crypto.unseal(_key(pepper), blob, at=bind_place("server", *place))
        except Unopenable:
            continue
        return plain.decode()
    raise Unopenable


def add_layer(sealed: bytes, *place: object) -> bytes:
    """Seal what is already sealed to a holder under the pepper as well."""
    key = _key(settings.VAULT_PEPPERS[0], "layer")
    return crypto.seal(key, sealed, at=bind_place("layer", *place))


def remove_layer(layered: bytes, *place: object) -> bytes:
    """Take the outer layer off, under any pepper still in use. Raises `Unopenable`."""
    for pepper in settings.VAULT_PEPPERS:
        try:
            return crypto.unseal(
                _key(pepper, "layer"), layered, at=bind_place("layer", *place)
            )
        except Unopenable:
            continue
    raise Unopenable


def _key(pepper: str, purpose: str = "server secrets") -> bytes:
    # A secret that a layer covers and one that the server may read have different keys:
    # one sealed text can't be passed off as the other kind.
    return crypto.derive(hashlib.sha256(pepper.encode()).digest(), purpose)
