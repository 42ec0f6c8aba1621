"""The two files of a backup, each sealed to a key of its own by age (C2SP age, v1):
what we write, `age` opens, and the other way round.

In each lies a tar with `about.json`, which says what it is a part of, and `dump`. The
server holds no key that opens them.
"""

import errno
import hashlib
import io
import json
import os
import tarfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from amana import on_disk
from amana.errors import Refused
from amana.trust.backup.parts import ArchivePart
from amana.ui.outages import is_disk_full

FORMAT = 1
ABOUT, DUMP, ERASED = "about.json", "dump", "erased.list"


class UnreadableArchive(Refused):
    """An archive doesn't open with this key, or isn't what its header claims."""


@dataclass(frozen=True)
class ArchiveHeader:
    """What an archive states about itself."""

    part: ArchivePart
    pair: str
    """Random; the two archives of one moment have it in common."""
    made_at: str
    database: str
    """sqlite or postgresql: one is not restored into the other."""
    migrations: dict[str, str]
    """The last migration of each room."""
    rows: dict[str, int]
    """How many rows each table of this part has."""
    log_size: int
    """Entries of the log under the last checkpoint."""
    log_root: str
    dump: str
    """SHA-256 of the dump."""
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def parse_recipient(text: str) -> Recipient:
    """Parse a public key of age. Raises `Refused` if it is none."""
    try:
        return Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise Refused(f"“{text}” is not a public key of age (age1…).") from error


def read_identity(path: Path) -> Identity:
    """Read the private key in a file as `age-keygen` writes it. Raises `Refused` if
    there is none."""
    lines = [line.strip() for line in path.read_text().splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    try:
        return Identity.from_str(found[0])
    except (IndexError, pyrage.IdentityError) as error:
        raise Refused(f"{path} contains no private key of age.") from error


def compute_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_archive(
    to: Path, about: ArchiveHeader, dump: Path, erased: Path, *, recipient: Recipient
) -> None:
    """Seal a dump with what it is, and make sure that all of it is on the disk."""
    tar = to.with_suffix(".tar")
    try:
        with tarfile.open(tar, "w") as archive:
            # Before anything is in it: this file is in the clear until it is sealed.
            tar.chmod(0o600)
            said = json.dumps(asdict(about), indent=1).encode()
            info = tarfile.TarInfo(ABOUT)
            info.size = len(said)
            archive.addfile(info, io.BytesIO(said))
            archive.add(dump, DUMP)
            if erased.exists():
                archive.add(erased, ERASED)
        pyrage.encrypt_file(str(tar), str(to), [recipient])
        require_whole(to, tar)
    finally:
        tar.unlink(missing_ok=True)
    to.chmod(0o600)
    on_disk.flush_to_disk(to)


CHUNK, TAG, NONCE = 65_536, 16, 16


def require_whole(sealed: Path, plain: Path) -> None:
    """Require that a sealed file is as long as its content needs. Raises `OSError` (no
    space left)."""
    size = plain.stat().st_size
    least = NONCE + size + TAG * max(1, -(-size // CHUNK))
    # Where the disk fills with the last few bytes, age reports no error: a backup would
    # look whole and open nothing.
    if sealed.stat().st_size <= least:  # before it comes a header
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read_archive(
    path: Path, folder: Path, *, identity: Identity
) -> tuple[ArchiveHeader, Path]:
    """Open an archive into `folder`: what it says, and where its files lie. Raises
    `UnreadableArchive` when it is damaged, sealed to another key, or of another
    format."""
    folder.mkdir(mode=0o700, parents=True)
    tar = folder / "tar"
    try:
        pyrage.decrypt_file(str(path), str(tar), [identity])
        with tarfile.open(tar) as archive:
            # The filter keeps everything inside the folder: an archive may have been
            # made to write elsewhere.
            archive.extractall(folder, filter="data")
        about = ArchiveHeader(**json.loads((folder / ABOUT).read_text()))
        right = compute_digest(folder / DUMP) == about.dump
    except (pyrage.DecryptError, tarfile.TarError, OSError, ValueError, TypeError) as e:
        # A full disk is no damaged archive, and the operator can mend it.
        if is_disk_full(e):
            raise
        raise UnreadableArchive(
            f"{path.name} can't be opened: it is damaged, or sealed to another key."
        ) from e
    finally:
        tar.unlink(missing_ok=True)
    if about.format != FORMAT or not right:
        raise UnreadableArchive(
            f"{path.name} is damaged, or of another version of Amana."
        )
    return about, folder
