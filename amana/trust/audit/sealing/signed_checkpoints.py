"""Checkpoints that were signed: ours, where a log starts, what they prove."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from amana.registry import Registry
from amana.trust.audit import anchor, entries, log_keys, tree
from amana.trust.audit.models import AuditEvent, AuditLeaf, Checkpoint, LogStart
from amana.trust.audit.offline_verifier import (
    RESTORED,
    LogBroken,
    SeenCheckpoint,
    format_checkpoint_name,
    get_log_number,
    hash_leaf,
    is_included,
    parse_head,
    read_checkpoint,
)
from amana.trust.audit.sealing.stored_tree import StoredTree

LAST_WORDS: Registry[Callable[[], int | None]] = Registry()
"""Each writes an event that has to be sealed after all others, and gives its id."""


PASSING = (OperationalError, InterfaceError, OSError)
"""What says nothing of the log: the database is busy or away, or the disk is full."""


class CannotSeal(Exception):
    """Who writes last words found that what they stand on is not what was signed."""


def record_signed_checkpoint(name: str, size: int, head: bytes) -> str:
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
