"""Put committed events into the tree, in order, and sign what the tree then holds.

Writers never wait for the tree: an event is sealed a moment after its commit, by
whoever calls `seal` first. Which events wait is a row written by a trigger, and never
a cursor over ids, because a transaction that commits late has lower ids than those
that were sealed before it.
"""

import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from amana.registry import Registry
from amana.trust.audit import entries, signing, tree
from amana.trust.audit.models import (
    AuditLeaf,
    AuditNode,
    AuditPending,
    Checkpoint,
)
from amana.trust.audit.offline_verifier import leaf_hash, node_hash

AT_MOST = 5_000
STORED = 8
"""Of each eighth level, the complete nodes are stored: one for every 256 leaves."""

LAST_WORDS: Registry[Callable[[], int | None]] = Registry()
"""Each writes an event that has to be sealed after all others, and gives its id."""

ONE_SEALER = 0x616D616E61  # "amana": the lock that only one sealer holds


@transaction.atomic
def seal(at_most: int = AT_MOST) -> int:
    """Seal what waits, and sign a checkpoint; how many events."""
    if not _alone():
        return 0
    waiting = _waiting(at_most)
    if not waiting:
        return 0
    waiting += [pk for write in LAST_WORDS if (pk := write()) is not None]
    size = tree_size()
    leaves = [
        AuditLeaf(position=size + place, event_id=pk, hash=leaf_hash(text.encode()))
        for place, (pk, text) in enumerate(entries.texts(waiting))
    ]
    AuditLeaf.objects.bulk_create(leaves, batch_size=500)
    _store_nodes(size, size + len(leaves))
    AuditPending.objects.filter(pk__in=waiting).delete()
    _sign(size + len(leaves))
    return len(leaves)


def seal_all() -> int:
    """Seal until nothing waits that is ready; how many events."""
    total = 0
    while sealed := seal():
        total += sealed
    return total


def tree_size() -> int:
    last = AuditLeaf.objects.order_by("-position").values_list("position").first()
    return last[0] + 1 if last else 0


# --- which events are next


def _alone() -> bool:
    """Whether we are the one sealer; on SQLite there is one writer at any time."""
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
        return node_hash(self.node(level - 1, left), self.node(level - 1, right))

    def _fetch(self, level: int, place: int) -> None:
        """This one and all beside it that have the same stored parent. One query."""
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


def root(size: int) -> bytes:
    return tree.root(size, StoredTree().node)


# --- the checkpoint


def _sign(size: int) -> None:
    now, head = timezone.now(), root(size)
    Checkpoint.objects.create(
        size=size, root=head, at=now, note=signing.sign_checkpoint(size, head)
    )


# --- now and then, without being asked


_last = time.monotonic()


def seal_before_long() -> None:
    """Seal after this commit, if nobody in this process has for a while.

    So that a small installation without a sealer of its own has a sealed log too."""
    global _last
    every, now = settings.AUDIT_SEAL_SECONDS, time.monotonic()
    if every and now - _last >= every:
        _last = now
        transaction.on_commit(seal, robust=True)
