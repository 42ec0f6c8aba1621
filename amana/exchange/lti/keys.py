"""The key with which we sign what we ask of other systems, in a file outside the
database and its backups; made at the first start."""

import json
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from joserfc.jwk import KeySet, RSAKey

BITS = 3072
"""As strong as 128 bits (NIST SP 800-57). RS256 is what LTI asks for."""


def own() -> RSAKey:
    path = Path(settings.LTI_KEY_FILE)
    if not path.exists():
        write(path)
    return read(path)


def write(path: Path) -> None:
    """For our eyes only; whoever comes second takes what the first has written."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = RSAKey.generate_key(BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    new = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(key.as_dict(private=True), file)
    try:
        os.link(new, path)
    except FileExistsError:
        return
    finally:
        new.unlink()


@lru_cache(maxsize=2)
def read(path: Path) -> RSAKey:
    return RSAKey.import_key(json.loads(path.read_text()))


def public_half() -> str:
    return str(own().thumbprint())


def published() -> dict[str, object]:
    return dict(KeySet([own()]).as_dict(private=False))
