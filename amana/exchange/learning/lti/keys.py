"""The key with which we sign what we ask of other systems, in a file outside the
database and its backups; made at the first start."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from joserfc.jwk import KeySet, RSAKey

from amana import on_disk

BITS = 3072
"""As strong as 128 bits (NIST SP 800-57). RS256 is what LTI asks for."""


def get_own_key() -> RSAKey:
    path = Path(settings.LTI_KEY_FILE)
    if not path.exists():
        write(path)
    return read(path)


def write(path: Path) -> None:
    key = RSAKey.generate_key(BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    # Two processes that start at once must not make two keys: the first file counts.
    on_disk.write_secret_once(path, json.dumps(key.as_dict(private=True)))


@lru_cache(maxsize=2)
def read(path: Path) -> RSAKey:
    return RSAKey.import_key(json.loads(path.read_text()))


def get_public_half() -> str:
    return str(get_own_key().thumbprint())


def build_public_keyset() -> dict[str, object]:
    return dict(KeySet([get_own_key()]).as_dict(private=False))
