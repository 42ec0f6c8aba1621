"""The keys that sign certificates. The secret halves are in files of their own, outside
the database and its backups: write access to the database is not enough to issue."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.credentials.engine import issuers, statuses
from amana.academy.credentials.engine.canonical import Json
from amana.academy.credentials.engine.multibase import encode_multikey
from amana.academy.credentials.engine.proofs import sign
from amana.academy.credentials.engine.tokens import encode_jwk, sign_token
from amana.academy.credentials.models import Certificate, IssuerKey
from amana.errors import Refused

LIST_HOLDS = timedelta(days=30)
"""How long others may use a list of revoked certificates that they fetched."""


@dataclass(frozen=True)
class IssuerKeyPair:
    proof: Ed25519PrivateKey
    token: EllipticCurvePrivateKey

    @property
    def public(self) -> issuers.PublicKeys:
        return issuers.PublicKeys(
            encode_multikey(self.proof.public_key()),
            encode_jwk(self.token.public_key()),
        )

    def sign(self, document: Json, at: datetime) -> Json:
        method = self.public.method(get_issuer())
        return sign(document, self.proof, method, format_time(at))

    def sign_token(self, document: Json) -> str:
        return sign_token(document, self.token, self.public.kid(get_issuer()))


# --- who we are


def get_issuer() -> str:
    return issuers.build_did(settings.ADDRESS)


def build_did_document() -> Json:
    keys = IssuerKey.objects.trusted().order_by("-made_at", "-pk")
    return issuers.build_did_document(get_issuer(), [key.public for key in keys])


def load_trusted() -> issuers.TrustedIssuers:
    return issuers.read_trusted(build_did_document())


# --- the files


def write_new_pair() -> IssuerKeyPair:
    """Write a new pair into a file for our eyes only."""
    pair = IssuerKeyPair(
        Ed25519PrivateKey.generate(), generate_private_key(SECP256R1())
    )
    path = build_key_path(pair.public.multikey)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = pair.token.private_numbers().private_value
    halves = [pair.proof.private_bytes_raw(), number.to_bytes(32, "big")]
    # Created with its mode, and only if it is new: there is no moment at which others
    # could read it, and no key is overwritten.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{half.hex()}\n" for half in halves)
    return pair


def can_sign() -> bool:
    key = IssuerKey.objects.signing().order_by("-made_at", "-pk").first()
    return key is not None and build_key_path(key.multikey).exists()


def has_all_that_sign() -> bool:
    """Ask whether each key that signs has its file here; true where there is none
    yet."""
    keys = IssuerKey.objects.signing().order_by("pk")
    return all(build_key_path(key.multikey).exists() for key in keys)


def load_pair(key: IssuerKey) -> IssuerKeyPair:
    path = build_key_path(key.multikey)
    if not path.exists():
        raise Refused(
            _(
                "The key that signs certificates is not on this server. Contact your "
                "administrator."
            )
        )
    return read_pair(path)


@lru_cache(maxsize=4)
def read_pair(path: Path) -> IssuerKeyPair:
    first, second = (bytes.fromhex(line) for line in path.read_text().split())
    return IssuerKeyPair(
        Ed25519PrivateKey.from_private_bytes(first),
        derive_private_key(int.from_bytes(second, "big"), SECP256R1()),
    )


def build_key_path(multikey: str) -> Path:
    return Path(settings.CERTIFICATE_KEYS) / f"{multikey}.key"


# --- the list of revoked certificates


def build_list_address(number: int) -> str:
    return f"{settings.ADDRESS}/certificates/revoked/{number}"


def get_signed_list(number: int) -> Json:
    """Return the list of now, signed again each day and whenever one is revoked."""
    key = IssuerKey.objects.signing().latest("made_at", "pk")
    found = Certificate.objects.revoked().filter(listed_in=number).order_by("place")
    revoked = found.values_list("place", "revoked_at")
    # Dated at midnight or at the last revocation, so that it is signed once and then
    # found in the cache: anyone may request it.
    midnight = datetime.combine(timezone.now().astimezone(UTC), time.min, UTC)
    at = max([midnight, *(moment for _place, moment in revoked if moment)])
    return sign_list(load_pair(key), number, tuple(place for place, _at in revoked), at)


@lru_cache(maxsize=8)
def sign_list(
    pair: IssuerKeyPair, number: int, places: tuple[int, ...], at: datetime
) -> Json:
    whole = statuses.build_status_list(
        build_list_address(number),
        get_issuer(),
        places,
        format_time(at),
        format_time(at + LIST_HOLDS),
    )
    return pair.sign(whole, at)


def sign_list_token(signed: Json) -> str:
    """Sign the same list for what reads tokens alone."""
    key = IssuerKey.objects.signing().latest("made_at", "pk")
    return load_pair(key).sign_token(signed)


def format_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
