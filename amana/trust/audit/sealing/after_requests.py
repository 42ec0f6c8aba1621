"""Seal at the end of each request."""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction

from amana.trust.audit import anchor, entries
from amana.trust.audit.anchor import DoubtKind, LogDoubt
from amana.trust.audit.events import log_doubted
from amana.trust.audit.models import AuditEvent, AuditLeaf, AuditPending
from amana.trust.audit.offline_verifier import hash_leaf
from amana.trust.audit.sealing.sealer import AT_MOST, logger, seal

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
