"""Put committed events into the tree, in order, and sign what the tree then holds.

Writers never wait for the tree within their transaction: an event is sealed after its
commit, at the end of its request, by the first to `seal`. Which events wait is a
row written by a trigger, and never a cursor over ids, because a transaction that
commits late has lower ids than those that were sealed before it.

Nothing is signed unless the tree is the one that was signed last (`anchor`).
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache, partial
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.registry import Registry
from amana.trust.audit import anchor, entries, log_keys, tree
from amana.trust.audit.anchor import DoubtKind, LogAnchor, LogDoubt, LogDoubted
from amana.trust.audit.events import log_doubted
from amana.trust.audit.models import (
    AuditEvent,
    AuditLeaf,
    AuditNode,
    AuditPending,
    Checkpoint,
    LogStart,
)
from amana.trust.audit.offline_verifier import (
    RESTORED,
    HashTree,
    LogBroken,
    SeenCheckpoint,
    format_checkpoint_name,
    get_log_number,
    hash_leaf,
    hash_node,
    is_included,
    parse_head,
    read_checkpoint,
)

logger = logging.getLogger(__name__)

AT_MOST = 5_000
STORED = 8
"""Of each eighth level, the complete nodes are stored: one for every 256 leaves."""

LAST_WORDS: Registry[Callable[[], int | None]] = Registry()
"""Each writes an event that has to be sealed after all others, and gives its id."""


PASSING = (OperationalError, InterfaceError, OSError)
"""What says nothing of the log: the database is busy or away, or the disk is full."""


class CannotSeal(Exception):
    """Who writes last words found that what they stand on is not what was signed."""


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
    _store_nodes(size, size + len(leaves))
    AuditPending.objects.filter(pk__in=waiting).delete()
    for leaf in leaves:
        edge.add(bytes(leaf.hash))
    return _sign(name, edge.size, edge.root)


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


def get_tree_size() -> int:
    last = AuditLeaf.objects.order_by("-position").values_list("position").first()
    return last[0] + 1 if last else 0


# --- which events are next


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


# --- the tree, as it is stored


class StoredTree:
    """The hashes of the tree in the database, each read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], bytes] = {}

    def node(self, level: int, place: int) -> bytes:
        found = self._read.get((level, place))
        if found is None and level % STORED == 0:
            self._fetch(level, place)
            found = self._read[level, place]
        if found is None:
            found = self._read[level, place] = self.made(level, place)
        return found

    def made(self, level: int, place: int) -> bytes:
        left, right = place * 2, place * 2 + 1
        return hash_node(self.node(level - 1, left), self.node(level - 1, right))

    def _fetch(self, level: int, place: int) -> None:
        """Fetch this one and all next to it that have the same stored parent. One
        query.
        """
        start = place >> STORED << STORED
        beside = range(start, start + (1 << STORED))
        rows: Iterable[tuple[int, bytes | memoryview[int]]]
        if level == 0:
            rows = AuditLeaf.objects.filter(
                position__gte=beside.start, position__lt=beside.stop
            ).values_list("position", "hash")
        else:
            rows = AuditNode.objects.filter(
                level=level, place__gte=beside.start, place__lt=beside.stop
            ).values_list("place", "hash")
        self._read |= {(level, at): bytes(hash_) for at, hash_ in rows}


def _store_nodes(before: int, size: int) -> None:
    """Store the nodes of each eighth level that have become complete."""
    level = STORED
    while size >> level:
        stored = StoredTree()
        AuditNode.objects.bulk_create(
            [
                AuditNode(level=level, place=place, hash=stored.made(level, place))
                for place in range(before >> level, size >> level)
            ]
        )
        level += STORED


def compute_root(size: int) -> bytes:
    return tree.compute_root(size, StoredTree().node)


def load_right_edge(size: int) -> HashTree:
    """Load the complete parts of the stored tree, from which it grows without being
    read.
    """
    edge, stored = HashTree(), StoredTree()
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            edge.parts.append((1 << level, stored.node(level, edge.size >> level)))
            edge.size += 1 << level
    return edge


# --- the checkpoint


def _sign(name: str, size: int, head: bytes) -> str:
    note = log_keys.sign_checkpoint(name, size, head)
    Checkpoint.objects.create(size=size, root=head, at=timezone.now(), note=note)
    return note


def format_log_name(number: int) -> str:
    return f"{settings.AUDIT_ORIGIN}/{number}" if number > 1 else settings.AUDIT_ORIGIN


def get_own_log_number(origin: str) -> int:
    return get_log_number(origin, settings.AUDIT_ORIGIN) or 0


def require_ours(origin: str) -> None:
    """Require that the name is our log's, before or after a restoration. Raises
    `LogBroken`.
    """
    if get_log_number(origin, settings.AUDIT_ORIGIN) is None:
        raise LogBroken("it is of another log")


def find_starts() -> list[LogStart]:
    """Find the logs that restorations began. A row alone proves nothing: anyone who can
    write one would let every device and the file forget what they have seen.
    """
    database = str(connection.settings_dict["NAME"])
    return [
        start
        for start in LogStart.objects.order_by("position")
        if _is_declared(database, start)
    ]


def _is_declared(database: str, start: LogStart) -> bool:
    try:
        _require_declared(database, start.position, start.origin, start.seen)
    except (LogBroken, KeyError):
        return False
    return True


@lru_cache(maxsize=64)
def _require_declared(database: str, position: int, origin: str, seen: str) -> None:
    """Require that the log's key signed what the row has as seen and, in the new log's
    name, a tree whose entry at its beginning declares it. Proved once in the life of a
    process. Raises `LogBroken`.
    """
    require_ours(origin)
    head = read_signed_head(seen)
    covers = Checkpoint.objects.filter(size__gt=position).order_by("size")
    found = read_signed_head(covers.values_list("note", flat=True).first() or "")
    event = AuditEvent.objects.filter(leaf__position=position).first()
    if found.origin != origin or get_own_log_number(head.origin) >= get_own_log_number(
        origin
    ):
        raise LogBroken("no checkpoint in this name begins there")
    if event is None or (event.did, event.thing) != (
        RESTORED,
        format_checkpoint_name(head),
    ):
        raise LogBroken("no entry declares it")
    if not _is_in(found, position, event.pk):
        raise LogBroken("the entry that declares it is not in the log")


def _is_in(seen: SeenCheckpoint, position: int, event: int) -> bool:
    """Return whether the event as it is now is at this place of a tree that was
    signed.
    """
    if position >= seen.size:
        return False
    [(_pk, text)] = entries.iterate_entries([event])
    proof = tree.prove_inclusion(position, seen.size, StoredTree().node)
    leaf = hash_leaf(text.encode())
    return is_included(leaf, position, seen.size, proof, seen.root)


def find_proved_position(event: int) -> int | None:
    """Find the event's place in what was signed last, as the file knows; None: it has
    none, or is not what was sealed.
    """
    place = AuditLeaf.objects.filter(event=event).values_list("position", flat=True)
    position, seen = place.first(), anchor.read().seen
    newest = Checkpoint.objects.order_by("-size").values_list("note", flat=True).first()
    try:
        last = parse_head(newest or "")
        is_in = position is not None and last in seen and _is_in(last, position, event)
    except (LogBroken, KeyError):
        return None
    return position if is_in else None


def read_signed_head(note: str) -> SeenCheckpoint:
    """Read what a checkpoint of ours states. Raises `LogBroken` unless the log's key
    has
    signed it.
    """
    name = parse_head(note).origin
    require_ours(name)
    return SeenCheckpoint(*read_checkpoint(note, log_keys.get_public_key().named(name)))


def count_taken_over() -> int:
    """Count the entries that the running log took over from the one before a
    restoration.
    """
    return max((start.position for start in find_starts()), default=0)


def get_origin() -> str:
    """Get the log's name: as it is set, and after restorations with a number."""
    found = find_starts()
    return found[-1].origin if found else settings.AUDIT_ORIGIN


# --- at the end of each request


type Recorded = dict[int, bytes]
"""Committed events by id, each with the hash of what was written."""

_recorded: ContextVar[Recorded | None] = ContextVar("recorded", default=None)
_unsealed: Recorded = {}
"""What requests of this process recorded and could not see sealed yet."""
_last = time.monotonic()
EVERY = 1.0
"""Outside a request: seconds between two sealings of one process."""


@contextmanager
def collect_recorded() -> Iterator[Recorded]:
    """Collect what is recorded within, to be sealed at its end by `seal_recorded`."""
    recorded: Recorded = {}
    token = _recorded.set(recorded)
    try:
        yield recorded
    finally:
        _recorded.reset(token)


def seal_after_commit(event: AuditEvent, cases: Sequence[UUID]) -> None:
    """Have the event sealed after this commit: by its request or, where there is none,
    at once unless this process has just done so.
    """
    if settings.AUDIT_SEALS_AT_ONCE:
        transaction.on_commit(partial(_committed, event, cases), robust=True)


def _committed(event: AuditEvent, cases: Sequence[UUID]) -> None:
    global _last
    recorded = _recorded.get()
    if recorded is not None:
        recorded[event.pk] = hash_leaf(entries.format_entry(event, cases).encode())
    elif time.monotonic() - _last >= EVERY:
        _last = time.monotonic()
        seal()


def seal_recorded(recorded: Recorded) -> None:
    """Seal what a request recorded, and check that it is what is in the tree: what was
    taken away or changed in the database before it was sealed is noticed by the process
    that wrote it, and by no one else.

    The act itself is done: if the disk is full, or the database busy, the next sealing
    includes its events.
    """
    if not recorded:
        return
    recorded |= {pk: _unsealed.pop(pk) for pk in [*_unsealed][:AT_MOST]}
    try:
        seal()
        later, lost = _checked(recorded)
    except Exception as error:
        logger.error("What a request did is not sealed yet: %s", type(error).__name__)
        later, lost = recorded.keys(), []
    # A limit, because in a long outage the memory of what waits must not grow for ever.
    _unsealed.update({pk: recorded[pk] for pk in later if len(_unsealed) < AT_MOST})
    written = dict(recorded)
    recorded.clear()
    if lost and not record_lost(lost):
        _unsealed.update({pk: written[pk] for pk in lost})


def _checked(recorded: Recorded) -> tuple[Collection[int], list[int]]:
    """Find which of these still wait to be sealed, and which are not in the tree as
    written.

    What waits is read first: an event that is sealed meanwhile is found as a leaf.
    """
    waiting = AuditPending.objects.filter(event__in=recorded)
    later = set(waiting.values_list("event", flat=True))
    leaves = AuditLeaf.objects.filter(event__in=recorded)
    sealed = {pk: bytes(hash_) for pk, hash_ in leaves.values_list("event", "hash")}
    lost = [
        pk
        for pk, hash_ in recorded.items()
        if pk not in later and sealed.get(pk) != hash_
    ]
    return later, lost


def record_lost(events: list[int]) -> bool:
    """Record, outside the database, which events were taken away or changed, and
    notify. Returns False if another process holds the file.
    """
    with anchor.hold_lock(wait=10) as ours:
        if not ours:
            return False
        known = anchor.read()
        anchor.write(replace(known, lost=(*known.lost, *events)))
    logger.critical("Events were taken out of the log: %s.", events)
    log_doubted.send(LogDoubt, kind=DoubtKind.LOST)
    return True
