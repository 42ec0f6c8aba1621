"""Compute the fingerprint of a pack's files, which is what organisations sign."""

from collections.abc import Iterable
from hashlib import sha256


def compute_digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def compute_fingerprint(files: Iterable[tuple[str, str]]) -> str:
    """Compute the SHA-256 of a list of files, each with its own, sorted by path.

    Anyone can compute it in the folder of the unpacked files: `find * -type f |
    LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum`
    """
    # The format is that of `sha256sum`, so an organisation can check what it signed
    # with a tool that Amana did not write.
    lines = (f"{checksum}  {path}\n" for path, checksum in sorted(files))
    return compute_digest("".join(lines).encode())
