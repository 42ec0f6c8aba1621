"""The files that any moment of PostgreSQL is made of: copies of the whole server, and
the segments of its log of changes (WAL) since.

Both hold keys and contents together, which the two archives of a backup keep apart
(ADR 77). So each is sealed to both people, one seal inside the other: neither opens it
alone. And none is kept for longer than an archive of keys is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
from django.utils import timezone
from pyrage.x25519 import Identity, Recipient

from amana import on_disk
from amana.errors import Refused
from amana.trust.backup.archives import UnreadableArchive, require_whole
from amana.trust.backup.parts import ArchivePart
from amana.ui.outages import is_disk_full

KEPT = timedelta(days=14) - timedelta(hours=2)
"""None is older than 14 days where they are looked through each hour."""
SEGMENT = 16 * 1024**2
"""How much of the log of changes is in one file: what PostgreSQL takes by itself."""
A_LOG = 0x100000000 // SEGMENT
"""How many of them have the same middle of their name."""


@dataclass(frozen=True)
class BaseCopy:
    """A copy of the whole server, from between two moments."""

    path: Path
    system: str
    """PostgreSQL's number of this server, another for each that was ever made."""
    segment: str
    """With which segment begins what has to be read after it."""
    begun_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class LogSegment:
    """A piece of the log of changes, or the history of its branches."""

    path: Path
    system: str
    name: str
    """As PostgreSQL calls it."""
    kept_at: datetime
    """When it was sealed: nothing in it is younger."""
    digest: str
    """Of what is in it: how SHA-256 of it begins."""

    @property
    def number(self) -> int:
        return get_segment_number(self.name)

    @property
    def is_history(self) -> bool:
        return self.name.endswith(".history")


# --- names

STAMP = "%Y%m%dT%H%M%SZ"
NAMED = r"[0-9A-F]{24}"
HISTORY = r"[0-9A-F]{8}\.history"
MOMENT = r"\d{8}T\d{6}Z"
BASE = re.compile(rf"amana-base-(\d+)-({NAMED})-({MOMENT})-({MOMENT})\.age")
CHANGES = re.compile(
    rf"amana-wal-(\d+)-({NAMED}|{HISTORY})-({MOMENT})-([0-9a-f]{{12}})\.age"
)


def get_segment_number(name: str) -> int:
    """Get the number of the segment of this name, whatever branch (timeline) it is
    of."""
    return int(name[8:16], 16) * A_LOG + int(name[16:24], 16)


def format_segment_number(number: int) -> str:
    """Format the name of a segment without its branch, as one finds it in a listing."""
    return f"{number // A_LOG:08X}{number % A_LOG:08X}"


def build_base_name(
    system: str, segment: str, begun_at: datetime, ended_at: datetime
) -> str:
    return f"amana-base-{system}-{segment}-{begun_at:{STAMP}}-{ended_at:{STAMP}}.age"


def build_segment_name(system: str, name: str, kept_at: datetime, digest: str) -> str:
    return f"amana-wal-{system}-{name}-{kept_at:{STAMP}}-{digest}.age"


def list_bases(folder: Path) -> list[BaseCopy]:
    """List the copies in a folder, the oldest first."""
    found = [
        BaseCopy(
            path, named[1], named[2], parse_moment(named[3]), parse_moment(named[4])
        )
        for path, named in _listed(folder, BASE)
    ]
    return sorted(found, key=lambda base: base.begun_at)


def list_segments(folder: Path) -> list[LogSegment]:
    """List the segments in a folder, as they were written."""
    found = [
        LogSegment(path, named[1], named[2], parse_moment(named[3]), named[4])
        for path, named in _listed(folder, CHANGES)
    ]
    return sorted(found, key=lambda segment: segment.name)


def _listed(folder: Path, pattern: re.Pattern[str]) -> list[tuple[Path, re.Match[str]]]:
    if not folder.is_dir():
        return []
    found = ((path, pattern.fullmatch(path.name)) for path in folder.iterdir())
    return [(path, named) for path, named in found if named]


def parse_moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


# --- sealed to both


def seal(plain: Path, to: Path, *, sealed_to: Mapping[ArchivePart, Recipient]) -> None:
    """Seal a file to both people; it has its name only when all of it is on the disk.
    The plain one is used up."""
    # One seal inside the other, so that neither person opens it alone: a copy of the
    # server holds keys and contents together (ADR 77).
    inner, outer = plain.with_name("inner"), plain.with_name("outer")
    pyrage.encrypt_file(str(plain), str(inner), [sealed_to[ArchivePart.KEYS]])
    require_whole(inner, plain)
    pyrage.encrypt_file(str(inner), str(outer), [sealed_to[ArchivePart.DATA]])
    require_whole(outer, inner)
    inner.unlink()
    outer.chmod(0o600)
    on_disk.flush_to_disk(outer)
    # Renamed when its bytes are on the disk, and the folder after that: a machine that
    # loses power leaves no file of this name that is not whole.
    outer.rename(to)
    on_disk.flush_to_disk(to.parent)
    plain.unlink()


def unseal(path: Path, to: Path, *, opened_by: Mapping[ArchivePart, Identity]) -> None:
    """Open a file with both keys. Raises `UnreadableArchive` when it is damaged, or
    sealed to
    other keys."""
    inner = to.with_name("inner")
    try:
        pyrage.decrypt_file(str(path), str(inner), [opened_by[ArchivePart.DATA]])
        pyrage.decrypt_file(str(inner), str(to), [opened_by[ArchivePart.KEYS]])
    except (pyrage.DecryptError, OSError, ValueError) as error:
        if is_disk_full(error):
            raise
        raise UnreadableArchive(
            f"{path.name} can't be opened: it is damaged, or sealed to other keys."
        ) from error
    finally:
        inner.unlink(missing_ok=True)


# --- which of them a moment needs


def choose_base(bases: list[BaseCopy], at: datetime | None) -> BaseCopy:
    """Choose the last copy that was complete by a moment; of None, the newest. Raises
    `Refused` when there is none."""
    if not bases:
        raise Refused("There is no copy of the database here (amana-base-….age).")
    before = [base for base in bases if at is None or base.ended_at <= at]
    if not before:
        oldest = min(base.ended_at for base in bases)
        raise Refused(
            f"No copy of the database here is that old. The earliest possible time is "
            f"{format_moment(oldest)}."
        )
    return max(before, key=lambda base: base.ended_at)


def choose_segments(
    base: BaseCopy, segments: list[LogSegment], at: datetime | None
) -> list[LogSegment]:
    """Choose what follows a copy without a gap, as far as it goes.

    Raises `Refused` where that ends before the moment, or, of None, before the end:
    what is missing is named.
    """
    ours = [segment for segment in segments if segment.system == base.system]
    histories = [segment for segment in ours if segment.is_history]
    first = get_segment_number(base.segment)
    after = [s for s in ours if not s.is_history and s.number >= first]
    numbers = {segment.number for segment in after}
    end = first
    # The changes are read one after the other: what comes after a gap is of no use.
    while end in numbers:
        end += 1
    whole = [segment for segment in after if segment.number < end]
    reached = max((segment.kept_at for segment in whole), default=base.ended_at)
    is_torn = len(whole) < len(after)
    if is_torn and (at is None or reached < at):
        raise Refused(
            f"One segment is missing: "
            f"amana-wal-{base.system}-…{format_segment_number(end)}-….age. "
            f"Put it in the same folder. Without it, the latest possible time is about "
            f"{format_moment(reached)}."
        )
    if not whole:
        raise Refused(
            "Nothing was kept since that copy (amana-wal-….age), so it can't be used."
        )
    if at is not None and reached < at:
        raise Refused(NOT_SO_FAR.format(format_moment(reached)))
    return histories + whole


NOT_SO_FAR = (
    "What was kept ends before that time, at {}. Choose an earlier time, or all that "
    "there is: --at newest."
)


def format_moment(moment: datetime) -> str:
    """Format a moment as an operator gives it back to us."""
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d %H:%M:%S} ({local.tzinfo})"


# --- how long they are kept


def delete_old_copies(folder: Path, now: datetime) -> int:
    """Delete what is too old, and what no copy needs any more; return how many
    files."""
    bases = list_bases(folder)
    # An older copy would bring back people who were erased since, which is why archives
    # of keys aren't kept for longer either (ADR 65).
    old = [base for base in bases if base.begun_at < now - KEPT]
    first: dict[str, int] = {}
    for base in bases:
        if base not in old:
            number = get_segment_number(base.segment)
            first[base.system] = min(number, first.get(base.system, number))
    idle = [s for s in list_segments(folder) if is_idle(s, first)]
    for path in [*(base.path for base in old), *(segment.path for segment in idle)]:
        path.unlink(missing_ok=True)
    return len(old) + len(idle)


def is_idle(segment: LogSegment, first: dict[str, int]) -> bool:
    """Check whether no copy that is kept begins with it or before it."""
    if segment.system not in first:
        return True
    # Small, and needed by every later copy of this server.
    if segment.is_history:
        return False
    return segment.number < first[segment.system]
