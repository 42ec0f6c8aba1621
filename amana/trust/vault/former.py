"""A key that is renewed keeps the one before, sealed under itself.

Whoever holds a key of today so opens what lay under it at any time, in an older copy of
the data too. It leads back only: who knows a key of yesterday learns nothing of the one
that came after it. What is erased takes all of its keys along."""

from collections.abc import Iterator, Mapping

from amana.trust.vault import crypto
from amana.trust.vault.crypto import Unopenable, bound
from amana.trust.vault.models import CompartmentKey, Disclosure, FormerKey

type Of = CompartmentKey | Disclosure
"""What a key opens, and names it in the database."""


def keep[T: (CompartmentKey, Disclosure)](
    before: Mapping[T, bytes], now: Mapping[T, bytes]
) -> None:
    """Seal each of these keys under the one that takes its place."""
    FormerKey.objects.bulk_create(
        [
            FormerKey(
                key=of if isinstance(of, CompartmentKey) else None,
                disclosure=of if isinstance(of, Disclosure) else None,
                sealed=crypto.seal(now[of], secret, at=_at(of)),
            )
            for of, secret in before.items()
        ],
        batch_size=100,
    )


def unseal(of: Of, secret: bytes, sealed: bytes, *, at: bytes) -> bytes:
    """Open what lies under this key, or under one that it took the place of.

    Only a restored copy of older data holds the latter: everywhere else nothing more is
    asked of the database."""
    try:
        return crypto.unseal(secret, sealed, at=at)
    except Unopenable:
        for before in _before(of, secret):
            try:
                return crypto.unseal(before, sealed, at=at)
            except Unopenable:
                continue
        raise


def _before(of: Of, secret: bytes) -> Iterator[bytes]:
    """The keys before this one, the latest first."""
    if isinstance(of, CompartmentKey):
        rows = FormerKey.objects.filter(key=of)
    else:
        rows = FormerKey.objects.filter(disclosure=of)
    for row in rows.order_by("-pk"):
        secret = crypto.unseal(secret, bytes(row.sealed), at=_at(of))
        yield secret


def _at(of: Of) -> bytes:
    return bound("former", of._meta.model_name, of.pk)
