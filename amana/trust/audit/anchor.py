"""What the log's process has signed last, in a file outside the database.

Who writes in the database can cut the log back to an earlier checkpoint, which is
signed and fits. So the process keeps its last checkpoint in a file, and signs only what
extends it. While it seals, the file holds the one that is about to be as well:
whichever of the two the database has after a crash is right.

The file also holds why the log is in doubt, where a rewritten database can't take it
away. Until two people have declared a restoration, or the right database is back, no
page of a colleague is shown.
"""

import fcntl
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from amana import on_disk
from amana.trust.audit.offline_verifier import SeenCheckpoint, parse_head

WAIT = 1.0
"""Seconds for which a sealer waits for another, who seals its events too."""
PAUSE = 0.002


class DoubtKind(StrEnum):
    """What is wrong with the log in the database."""

    CUT = "cut"
    """It is shorter than what was signed last: a restoration, or someone cut it."""
    FORK = "fork"
    """It is another one than what was signed."""
    AHEAD = "ahead"
    """It has a checkpoint that this process did not make, or the file is an old one."""
    MISSING = "missing"
    """The file is gone."""
    DEVICE = "device"
    """A colleague's device has seen more, or something else."""
    LOST = "lost"
    """An event was taken away or changed before it was sealed. Told; no page stops."""


@dataclass(frozen=True)
class LogDoubt:
    """Why the log can't be believed, since when."""

    kind: DoubtKind
    at: str
    seen: str = ""
    """The last checkpoint that is known of, as its signed note."""
    size: int = 0
    """How many entries the database had when that was found."""


@dataclass(frozen=True)
class LogAnchor:
    """What the file says."""

    notes: tuple[str, ...] = ()
    """The last checkpoint, "" where nothing was signed yet; and, while sealing, the
    next."""
    doubt: LogDoubt | None = None
    lost: tuple[int, ...] = ()
    """Events that were taken away or changed before they were sealed."""

    @property
    def seen(self) -> list[SeenCheckpoint]:
        return [parse_head(note) for note in self.notes if note]


class LogDoubted(Exception):
    """The log in the database is not the one that was signed last."""

    def __init__(self, kind: DoubtKind, seen: str, size: int) -> None:
        super().__init__(kind)
        self.doubt = LogDoubt(kind, timezone.now().isoformat(), seen, size)


# --- the file


def get_path() -> Path:
    return Path(settings.AUDIT_ANCHOR)


def read() -> LogAnchor:
    """Read the anchor, as it was when the file last changed."""
    try:
        about = get_path().stat()
    except FileNotFoundError:
        # A lost file is found by `require_anchor`, not here: pages read this often.
        return LogAnchor()
    return _read(get_path(), about.st_ino, about.st_mtime_ns)


@lru_cache(maxsize=2)
def _read(file: Path, inode: int, changed: int) -> LogAnchor:
    said = json.loads(file.read_text(encoding="utf-8"))
    doubt = said["doubt"]
    return LogAnchor(
        tuple(said["notes"]),
        LogDoubt(**doubt | {"kind": DoubtKind(doubt["kind"])}) if doubt else None,
        tuple(said["lost"]),
    )


def write(anchor: LogAnchor, *, durable: bool = True) -> None:
    on_disk.replace_file(get_path(), json.dumps(asdict(anchor)), durable=durable)
    _read.cache_clear()


def record_signed(*notes: str) -> None:
    """Record what was signed last, and what is about to be."""
    write(replace(read(), notes=notes))


def record_committed(note: str) -> None:
    """Record, after the commit, the checkpoint alone. It needn't be on the disk at
    once: if a power failure undoes it, the file still names both.
    """
    write(replace(read(), notes=(note,)), durable=False)


@contextmanager
def hold_lock(wait: float = WAIT, what: str = "") -> Iterator[bool]:
    """Hold the lock under which one process on this machine seals, or does `what`;
    yield False if another still does.
    """
    get_path().parent.mkdir(parents=True, exist_ok=True)
    # A file of its own: the anchor is replaced at each sealing, and a lock with it.
    with (
        get_path()
        .with_name(f"{get_path().name}{what and f'.{what}'}.lock")
        .open("a") as file
    ):
        until = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    yield False
                    return
                time.sleep(PAUSE)
            else:
                _read.cache_clear()  # its time may be that of what another wrote since
                yield True
                return


# --- held to


def require_anchor(
    notes: Sequence[str],
    newest: SeenCheckpoint | None,
    size: int,
    root: Callable[[int], bytes],
) -> str:
    """Find the note among these at which the database is. Raises `LogDoubted` if it is
    at
    none.

    `newest` is the database's last checkpoint, `size` how many entries it has, `root`
    gives the hash over the first of them as they are stored now.
    """
    if not notes:
        if newest is None and size == 0:
            return ""
        raise LogDoubted(DoubtKind.MISSING, "", size)
    # Both notes are tried, the last and the next: a crash may have left the database at
    # either.
    for note in notes:
        if not note:
            if newest is None and size == 0:
                return ""
            continue
        seen = parse_head(note)
        if newest == seen and size == seen.size and root(size) == seen.root:
            return note
    if not notes[0]:
        raise LogDoubted(DoubtKind.AHEAD, notes[-1], size)
    last = parse_head(notes[0])
    if newest is None or size < last.size or newest.size < last.size:
        raise LogDoubted(DoubtKind.CUT, notes[-1], size)
    # Our own log, only longer: a thief of the key may have signed what this process did
    # not (ADR 60).
    if newest.origin == last.origin and root(last.size) == last.root:
        raise LogDoubted(DoubtKind.AHEAD, notes[-1], size)
    raise LogDoubted(DoubtKind.FORK, notes[-1], size)
