"""A box into which anyone may put something, and which a command opens now and then.

Its key lies in a file outside the database and its backups. Each time that the box is
emptied there is a fresh key, and the one before is overwritten: an old copy of the
database then holds ciphertexts that no key opens any more.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from amana import on_disk
from amana.trust.vault.crypto import KeyPair, Unopenable, bind_place, seal_to

TRIES = 3


@dataclass(frozen=True)
class SealedBox:
    """`size`: everything that is put in is made as long as this, so that a length says
    nothing."""

    name: str
    file: Path
    size: int

    def put(self, text: bytes) -> bytes:
        """Seal for the box; needs no secret."""
        if len(text) > self.size:
            raise ValueError("too long for this box")
        current = _read(self.file)[0]
        return seal_to(current.public, text.ljust(self.size), at=self._at)

    def make_key(self) -> None:
        """Make the first key, where there is none."""
        _read(self.file)

    def opens(self, sealed: bytes) -> bool:
        """Return whether a key in the box's file opens this; makes none."""
        if not self.file.exists():
            return False
        return EmptiedBox(self, _read(self.file)).opened(sealed) is not None

    @contextmanager
    def emptied(
        self, within: AbstractContextManager[object] | None = None
    ) -> Iterator["EmptiedBox"]:
        """Open what is in it. What is added from here on is under a fresh key; the one
        before is gone when this ends well, and kept for another try when not.

        `within`: a lock and a transaction, in which nothing is added. It is entered
        before a key is touched, and over (committed) before the old one goes. No other
        process empties the same box meanwhile.
        """
        with _alone(self.file):
            with within or nullcontext():
                keys = _read(self.file)
                fresh = KeyPair.new()
                # The old keys stay in the file until the caller's transaction is
                # committed: a process that is killed here loses nothing.
                _write(self.file, [fresh, *keys])
                yield EmptiedBox(self, keys)
            _write(self.file, [fresh])

    @property
    def _at(self) -> bytes:
        return bind_place("box", self.name)


@dataclass(frozen=True)
class EmptiedBox:
    box: SealedBox
    keys: tuple[KeyPair, ...]

    def opened(self, sealed: bytes) -> bytes | None:
        """Open what was added; None if its key is no longer there."""
        for key in self.keys:
            try:
                return key.open(sealed, at=self.box._at)
            except Unopenable:
                continue
        return None


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Work alone, in whatever process: by a lock on a file next to it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # A file of its own: the box's file is replaced, and a lock on it with it.
    beside = file.with_name(f"{file.name}.lock")
    beside.touch(mode=0o600)
    with beside.open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _read(file: Path) -> tuple[KeyPair, ...]:
    """Read the current key, and those before it that a night left unfinished.

    Raises `OSError` if there is none to be read, so that the caller can try later.
    """
    if not file.exists():
        _make(file)
    for _try in range(TRIES):
        state = file.stat()
        try:
            return _parsed(file, state.st_mtime_ns, state.st_ino)
        except (ValueError, Unopenable):
            continue  # it was put aside, and overwritten, while it was read
    raise OSError("no key can be read from the file of this box")


@lru_cache(maxsize=1)
def _parsed(file: Path, _changed: int, _inode: int) -> tuple[KeyPair, ...]:
    with file.open() as opened:
        lines = opened.read().split()
        # A file without a name was replaced after it was opened: its keys are the old
        # ones.
        if not os.fstat(opened.fileno()).st_nlink or not lines:
            raise ValueError("not the file of today")
    return tuple(KeyPair.load(bytes.fromhex(line)) for line in lines)


def _make(file: Path) -> None:
    """Write a first key; a second process finds the first one's."""
    on_disk.write_secret_once(file, _lines([KeyPair.new()]))


def _write(file: Path, keys: Iterable[KeyPair]) -> None:
    """Replace the file, whole or not at all, and overwrite the old one as far as a disk
    allows.

    Under one name, so that a night that was killed leaves no copy of a key for longer
    than to the next.
    """
    unfinished = file.with_name(f"{file.name}.new")
    # What a killed process left unfinished holds keys: it is overwritten first.
    unfinished.touch(mode=0o600)
    with unfinished.open("r+b") as left:
        _clear(left)
    unfinished.write_text(_lines(keys))
    on_disk.flush_to_disk(unfinished)
    with file.open("r+b") as before:
        unfinished.replace(file)
        _clear(before)
    _parsed.cache_clear()


def _clear(file: IO[bytes]) -> None:
    file.write(b"0" * os.fstat(file.fileno()).st_size)
    file.flush()
    os.fsync(file.fileno())


def _lines(keys: Iterable[KeyPair]) -> str:
    return "".join(f"{key.dump().hex()}\n" for key in keys)
