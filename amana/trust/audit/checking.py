"""Check the log in the database, while people work.

It is read some entries at a time, outside any transaction: entries and checkpoints
never change, and each new one has to fit those before it. A check continues from the
last checkpoint up to which all was found right, unless it is to begin at the first
entry.

How far that is, for whom and when, is kept in a file next to the anchor's, out of reach
of a person who can only write in the database. So a check that was killed continues,
too.
"""

import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amana import on_disk
from amana.errors import Refused
from amana.trust.audit import anchor, export, log_keys, sealing
from amana.trust.audit.anchor import DoubtKind, LogAnchor
from amana.trust.audit.models import AuditEvent, AuditPending
from amana.trust.audit.offline_verifier import (
    LogBroken,
    LogReport,
    SeenCheckpoint,
    VerifiedLog,
    VerifierKey,
    parse_head,
)

WAIT = 30.0
"""Seconds for which a check waits until no one seals."""
EVERY = 1.0
"""Seconds between two notes of how far a check has come."""
STOPPED = timedelta(minutes=2)
"""After so long without a note no one is at it any more."""


@dataclass(frozen=True)
class LogCheck:
    """The last check of the log, under way or over."""

    note: str = ""
    """The last checkpoint up to which all was read and found right."""
    by: str = ""
    """Who asked for it, as the log names them; "" on the command line."""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    start: int = 0
    """The first entry that it read."""
    before: int = 0
    """Up to which entry it goes, as far as is known."""
    wrong: str = ""
    """The first thing that it found wrong."""
    whole_at: datetime | None = None
    """When the last check began that read all entries and found them right."""
    whole_by: str = ""

    @property
    def done(self) -> int:
        """How many entries were found right."""
        return parse_head(self.note).size if self.note else 0

    @property
    def is_under_way(self) -> bool:
        return self.began_at is not None and self.ended_at is None

    @property
    def has_stopped(self) -> bool:
        """Whether it is not over, and no one is at it."""
        return self.is_under_way and time.time() - get_path().stat().st_mtime > (
            STOPPED / timedelta(seconds=1)
        )

    @property
    def is_whole(self) -> bool:
        return self.start == 0


# --- the file


def get_path() -> Path:
    return anchor.get_path().with_name(f"{anchor.get_path().name}.checked")


def read() -> LogCheck:
    """Read the state of the last check. A damaged file counts as none: all is read
    again.
    """
    try:
        said: dict[str, Any] = json.loads(get_path().read_text(encoding="utf-8"))
        times = [name for name in said if name.endswith("_at") and said[name]]
        return LogCheck(
            **said | {name: datetime.fromisoformat(said[name]) for name in times}
        )
    except (FileNotFoundError, ValueError, TypeError):
        return LogCheck()


def _write(checked: LogCheck) -> LogCheck:
    text = json.dumps(asdict(checked), default=datetime.isoformat)
    on_disk.replace_file(get_path(), text, durable=not checked.is_under_way)
    return checked


# --- a check of what is new, or of all


def begin_check(*, by: str = "", whole: bool = False) -> LogCheck:
    """Begin a check, which `continue_check` carries out; one that is under way is not
    disturbed, unless all is to be read and no one is at it.
    """
    with anchor.hold_lock(what="checked") as ours:
        last = read()
        if not ours or (last.is_under_way and not whole):
            return last
        if whole:
            last = replace(last, note="")
        return _write(
            replace(
                last,
                by=by,
                began_at=timezone.now(),
                ended_at=None,
                start=last.done,
                before=max(last.done, export.find_end()),
                wrong="",
            )
        )


def continue_check(seconds: float = math.inf) -> LogCheck | None:
    """Continue reading for so long, and to the next checkpoint; return the check as it
    is then. None: another process is at it.
    """
    with anchor.hold_lock(what="checked") as ours:
        checked = read()
        if not ours:
            return None
        if not checked.is_under_way:
            return checked
        try:
            return _read_on(checked, time.monotonic() + seconds)
        except LogBroken as wrong:
            now = timezone.now()
            return _write(replace(read(), wrong=str(wrong), ended_at=now))


def _read_on(checked: LogCheck, until: float) -> LogCheck:
    known, before = _now()
    log = VerifiedLog(log_keys.get_public_key(), kept=list_required(known))
    if not _resumed(log, checked.note):
        checked = replace(checked, note="", start=0)
    checked = _write(replace(checked, before=before))
    noted, began = time.monotonic(), checked.note
    for _some in _reading(log, before):
        checked, now = replace(checked, note=log.note), time.monotonic()
        # A step that is too short for one checkpoint would begin at the same place for
        # ever.
        if now >= until and checked.note != began:  # each step comes a little further
            return _write(checked)
        if now - noted >= EVERY:
            noted = now
            _write(checked)
    # Only of a log that was read to its end can it be known what is missing.
    _end(log, known)
    return _write(_ended(checked))


def _resumed(log: VerifiedLog, note: str) -> bool:
    """Resume after this checkpoint, if the log in the database still has it, and what
    is known of the log elsewhere.
    """
    if not note:
        return False
    try:
        seen = sealing.read_signed_head(note)
        edge = sealing.load_right_edge(seen.size)
        earlier = [other for other in log.kept if other.size <= seen.size]
        fits = edge.root == seen.root and all(map(sealing.is_prefix, earlier))
    except (LogBroken, KeyError):
        return False
    if fits:
        log.go_on(note, edge)
    return fits


def _ended(checked: LogCheck) -> LogCheck:
    ended = replace(checked, ended_at=timezone.now())
    if not checked.is_whole:
        return ended
    return replace(ended, whole_at=checked.began_at, whole_by=checked.by)


# --- all of it, believing nothing that was noted here


def check_whole_log(key: str = "") -> LogReport:
    """Check the log from its first entry, and what only we can see. Raises `LogBroken`.

    `key`: the public key to check with, noted elsewhere; else our own.
    """
    known, before = _now()
    log = VerifiedLog(
        VerifierKey.read(key) if key else log_keys.get_public_key(),
        kept=list_required(known),
    )
    for _some in _reading(log, before):
        pass
    return _end(log, known)


# --- reading


def _now() -> tuple[LogAnchor, int]:
    """Read what the anchor knows, and how far the log goes at this moment. Raises
    `Refused`.
    """
    with anchor.hold_lock(wait=WAIT) as ours:
        if not ours:
            raise Refused(_("The log is being sealed. Try again in a moment."))
        return anchor.read(), export.find_end()


def _reading(log: VerifiedLog, before: int) -> Iterator[None]:
    for some in export.iterate_pieces(log.tree.size, before, details=True):
        for line in some:
            log.read(line)
        # Otherwise a check of millions of entries would keep all commitments in memory.
        log.commitments.clear()  # their details have been read, too
        yield


def _end(log: VerifiedLog, known: LogAnchor) -> LogReport:
    """Require what only we can see of a log that was read to its end."""
    for pending in AuditPending.objects.values_list("pk", flat=True):
        log.read(f"waiting {pending}")
    report = log.end()
    if report.covered and not known.notes:
        raise LogBroken("the file with what was signed last is missing (AUDIT_ANCHOR)")
    signed = {parse_head(note).size if note else 0 for note in known.notes}
    if known.notes and report.covered not in signed:
        raise LogBroken(
            f"the log has {report.covered} entries, more than were signed here"
        )
    # One statement: who is sealed meanwhile is seen before it or after it.
    stray = AuditEvent.objects.filter(leaf=None, auditpending=None)
    if (event := stray.order_by("pk").first()) is not None:
        raise LogBroken(f"event {event.pk} was slipped in: it was never to be sealed")
    if known.lost:
        raise LogBroken(
            f"event {known.lost[0]} was taken away or changed before it was sealed"
        )
    return report


def list_required(known: LogAnchor) -> list[SeenCheckpoint]:
    """List what has to be in the log: the last checkpoint that was signed for certain,
    and one that a colleague's device has seen.
    """
    seen = [parse_head(note) for note in known.notes[:1] if note]
    if known.doubt and known.doubt.kind == DoubtKind.DEVICE:
        seen.append(parse_head(known.doubt.seen))
    return seen
