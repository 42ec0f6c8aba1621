"""The log's own key, and the one with which this instance cosigns other logs. Each lies
in a file outside the database and its backups: anyone who can rewrite the log from the
database alone can't sign what they have made of it."""

import base64
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from amana import on_disk
from amana.trust.audit import offline_witness
from amana.trust.audit.offline_verifier import (
    COSIGNATURE,
    VerifierKey,
    format_statement,
)


def sign_checkpoint(origin: str, size: int, root: bytes) -> str:
    """Sign a checkpoint of C2SP: origin, size, root, and our signature."""
    private, key = _private(), get_public_key().named(origin)
    text = format_statement(origin, size, root)
    signature = base64.b64encode(key.id + private.sign(text.encode())).decode()
    return f"{text}\n— {key.name} {signature}\n"


def sign_text(purpose: str, text: str) -> str:
    """Sign a text of another kind than checkpoints, which `purpose` keeps apart."""
    return _private().sign(f"{purpose}\n{text}".encode()).hex()


def is_signed(purpose: str, text: str, signature: str) -> bool:
    """Return whether the log's key signed this text for this purpose."""
    try:
        _private().public_key().verify(
            bytes.fromhex(signature), f"{purpose}\n{text}".encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def get_public_key() -> VerifierKey:
    """Get the key with which outsiders check the log; to be published, and noted by
    others.
    """
    return VerifierKey.of(
        settings.AUDIT_ORIGIN, _private().public_key().public_bytes_raw()
    )


def get_witness_key() -> VerifierKey | None:
    """Get the key with which this instance cosigns; None where it is no witness."""
    name = settings.WITNESS_NAME
    if not name:
        return None
    public = _read(Path(settings.WITNESS_KEY_FILE)).public_key().public_bytes_raw()
    return VerifierKey.of(name, public, COSIGNATURE)


def get_public_half(path: Path) -> str:
    """Get the public half of the key in a file, which is made where it is missing."""
    return _read(path).public_key().public_bytes_raw().hex()


def cosign(note: str, at: int) -> str:
    """Write our signature line as a witness, under another log's checkpoint."""
    private = _read(Path(settings.WITNESS_KEY_FILE))
    return offline_witness.cosign(private, settings.WITNESS_NAME, note, at)


def _private() -> Ed25519PrivateKey:
    return _read(Path(settings.AUDIT_LOG_KEY_FILE))


@lru_cache(maxsize=4)
def _read(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        key = Ed25519PrivateKey.generate().private_bytes_raw()
        # Two processes that start at once must not make two keys: the first file
        # counts.
        on_disk.write_secret_once(path, f"{key.hex()}\n")
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))
