"""Seal what waits: put it in the tree and sign a checkpoint."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.audit import anchor, entries
from amana.trust.audit.anchor import DoubtKind, LogAnchor, LogDoubt, LogDoubted
from amana.trust.audit.events import log_doubted
from amana.trust.audit.models import AuditLeaf, AuditPending, Checkpoint
from amana.trust.audit.offline_verifier import (
    HashTree,
    LogBroken,
    SeenCheckpoint,
    hash_leaf,
    parse_head,
)
from amana.trust.audit.sealing.signed_checkpoints import (
    LAST_WORDS,
    PASSING,
    CannotSeal,
    find_starts,
    get_origin,
    get_own_log_number,
    read_signed_head,
    record_signed_checkpoint,
)
from amana.trust.audit.sealing.stored_tree import (
    compute_root,
    get_tree_size,
    load_right_edge,
    store_complete_nodes,
)

logger = logging.getLogger(__name__)


AT_MOST = 5_000


ONE_SEALER = 0x616D616E61  # "amana": the lock that only one sealer holds


def seal(at_most: int = AT_MOST) -> int:
    """Seal what waits, and sign a checkpoint; return how many events. Nothing is sealed
    while the log is in doubt; those responsible are notified when that begins. If the
    database is busy, or the disk full, that is raised, and what waits is sealed next
    time.
    """
    with anchor.hold_lock() as ours, _doubting():
        if not ours:
            return 0
        try:
            return _seal(at_most)
        except CannotSeal as error:  # named, and told of, by the page that reads it
            logger.critical("The log is not sealed: %s", error)
    return 0


@contextmanager
def _doubting() -> Iterator[None]:
    """Record why the log can't be believed, and continue: also after an unforeseen
    error, or one row that fits nothing would fail each act.
    """
    try:
        yield
    except LogDoubted as error:
        record_doubt(error.doubt)
    except PASSING:
        raise
    except Exception:
        logger.exception("The log can't be compared with what was signed")
        record_doubt(_unreadable(anchor.read()).doubt)


@transaction.atomic
def _seal(at_most: int) -> int:
    if not _alone():
        return 0
    before, edge = _last_known(anchor.read())
    waiting = _waiting(at_most)
    if not waiting:
        return 0
    note = _put_in_tree(
        waiting, edge, parse_head(before).origin if before else get_origin()
    )
    # Before the commit the file names both: after a crash the database is at one of
    # them.
    anchor.record_signed(before, note)
    transaction.on_commit(partial(anchor.record_committed, note))
    return len(waiting)


def _put_in_tree(events: Sequence[int], edge: HashTree, name: str) -> str:
    """Add these events, and the last words to them, to the tree with this right edge;
    return the new checkpoint's note, in the name that the log had when it was last
    signed: which can't be changed in the database.
    """
    waiting = [*events, *(pk for write in LAST_WORDS if (pk := write()) is not None)]
    size = edge.size
    leaves = [
        AuditLeaf(position=size + place, event_id=pk, hash=hash_leaf(text.encode()))
        for place, (pk, text) in enumerate(entries.iterate_entries(waiting))
    ]
    AuditLeaf.objects.bulk_create(leaves, batch_size=500)
    store_complete_nodes(size, size + len(leaves))
    AuditPending.objects.filter(pk__in=waiting).delete()
    for leaf in leaves:
        edge.add(bytes(leaf.hash))
    return record_signed_checkpoint(name, edge.size, edge.root)


def seal_first(event: int, name: str) -> str:
    """Seal one event before all that wait, as the first of a new log; its note."""
    return _put_in_tree([event], load_right_edge(get_tree_size()), name)


def require_whole() -> None:
    """Require that what is left of the log fits its own last checkpoint, which its key
    has signed. Raises `Refused`.
    """
    newest = Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()
    try:
        size = get_tree_size()
        seen = read_signed_head(newest) if newest is not None else None
        fits = (
            (size, compute_root(size)) == (seen.size, seen.root) if seen else size == 0
        )
    except (LogBroken, KeyError):
        fits = False
    if not fits:
        raise Refused(
            _(
                "What remains of the log doesn’t match its own last checkpoint. "
                "Restore a backup first."
            )
        )


def _last_known(known: LogAnchor) -> tuple[str, HashTree]:
    """Find the note of the checkpoint at which the tree is, and the tree's right edge.
    Raises `LogDoubted`. What can't be read, or lacks what was stored, isn't what was
    signed.
    """
    try:
        edge = load_right_edge(get_tree_size())
        return _require_known(known, edge), edge
    except (LogBroken, KeyError) as error:
        raise _unreadable(known) from error


def _unreadable(known: LogAnchor) -> LogDoubted:
    return LogDoubted(
        DoubtKind.FORK, known.notes[-1] if known.notes else "", get_tree_size()
    )


def _require_known(known: LogAnchor, edge: HashTree) -> str:
    """Find the note of the checkpoint at which the tree is. Raises `LogDoubted`."""
    size = edge.size
    newest = Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()

    def root_of(first: int) -> bytes:
        return edge.root if first == size else compute_root(first)

    last = parse_head(newest) if newest else None
    before = anchor.require_anchor(known.notes, last, size, root_of)
    by_device = (
        known.doubt if known.doubt and known.doubt.kind == DoubtKind.DEVICE else None
    )
    if by_device and not is_prefix(parse_head(by_device.seen)):
        raise LogDoubted(DoubtKind.DEVICE, by_device.seen, size)
    if known.doubt:  # the right database is back
        anchor.write(replace(known, doubt=None))
    return before


def compare_with_anchor() -> LogDoubt | None:
    """Compare the database with what was signed last, as at the start of a server;
    return what is wrong, if anything.
    """
    with anchor.hold_lock() as ours:
        if ours:
            with _doubting(), transaction.atomic():
                _last_known(anchor.read())
    return anchor.read().doubt


def record_doubt(doubt: LogDoubt) -> None:
    """Record, where no SQL reaches it, that the log is in doubt; notify once."""
    known = anchor.read()
    # A doubt that names less than the present one would hide entries from a
    # restoration.
    if known.doubt and _how_far(doubt.seen) <= _how_far(known.doubt.seen):
        return
    logger.critical("The log is in doubt: %s, %s entries.", doubt.kind, doubt.size)
    anchor.write(replace(known, doubt=doubt))
    log_doubted.send(LogDoubt, kind=doubt.kind)


def _how_far(note: str) -> int:
    return parse_head(note).size if note else 0


def is_prefix(seen: SeenCheckpoint) -> bool:
    """Return whether the log in the database began with what was seen of it. What two
    people declared lost is not missed; more than they knew of is.
    """
    end = next(
        (
            s
            for s in find_starts()
            if get_own_log_number(s.origin) > get_own_log_number(seen.origin)
        ),
        None,
    )
    size = get_tree_size()
    if end is not None and seen.size > end.position:
        return seen.size <= parse_head(end.seen).size
    return seen.size <= size and compute_root(seen.size) == seen.root


def record_device_doubt(note: str) -> None:
    """Record that a colleague's device has seen another log than this."""
    with anchor.hold_lock(wait=10) as ours:
        if ours:  # else at its next page
            record_doubt(LogDoubted(DoubtKind.DEVICE, note, get_tree_size()).doubt)


def seal_all() -> int:
    """Seal until nothing waits that is ready; return how many events."""
    total = 0
    while sealed := seal():
        total += sealed
    return total


def _alone() -> bool:
    """Return whether we are the one sealer; SQLite has one writer at any time."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_SEALER])
        return bool(cursor.fetchone()[0])


IN_ORDER = """
    SELECT event_id FROM audit_auditpending
    WHERE transaction < pg_snapshot_xmin(pg_current_snapshot())
       OR transaction >= pg_snapshot_xmax(pg_current_snapshot())
       OR transaction = pg_current_xact_id_if_assigned()
    ORDER BY transaction, event_id LIMIT %s
"""
"""What is before the horizon: no transaction that could still commit comes before it.
A row from after the snapshot that we see all the same came out of a backup, from a
server whose transactions were counted further than ours."""


def _waiting(at_most: int) -> list[int]:
    if connection.vendor != "postgresql":
        rows = AuditPending.objects.order_by("pk").values_list("pk", flat=True)
        return list(rows[:at_most])
    with connection.cursor() as cursor:
        cursor.execute(IN_ORDER, [at_most])
        return [pk for (pk,) in cursor.fetchall()]
