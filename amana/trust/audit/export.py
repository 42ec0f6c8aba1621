"""The log as lines of text, which `offline_verifier.py` checks without us.

The log only grows: what was read of it stays as it was, and what is new comes after. So
it is read some entries at a time, as they are committed; those who write don't wait for
it, and it needs no snapshot."""

import json
from collections.abc import Iterator, Sequence

from django.conf import settings

from amana.trust.audit import entries
from amana.trust.audit.models import (
    AuditDetail,
    AuditLeaf,
    AuditPending,
    Checkpoint,
    Cosignature,
    LogStart,
)

AT_ONCE = 1_000

type Leaf = tuple[int, int, bytes]
"""Position, event and hash of an entry."""


def iterate_lines(*, details: bool = False) -> Iterator[str]:
    """Yield the log that was sealed when this began; `details` adds what has not been
    shredded.
    """
    yield f"log {settings.AUDIT_ORIGIN}"
    for some in iterate_pieces(0, find_end(), details=details):
        yield from some
    for pending in AuditPending.objects.order_by("pk").values_list("pk", flat=True):
        yield f"waiting {pending}"


def find_end() -> int:
    """Find the place before which all is that is sealed now, or claimed to be."""
    leaf = AuditLeaf.objects.order_by("-position").values_list("position").first()
    note = Checkpoint.objects.order_by("-size").values_list("size").first()
    start = LogStart.objects.order_by("-position").values_list("position").first()
    # The furthest of the three: rows that were cut off are found by what still refers
    # to them.
    return max(
        leaf[0] + 1 if leaf else 0,
        note[0] if note else 0,
        start[0] + 1 if start else 0,
    )


def iterate_pieces(
    start: int, before: int, *, details: bool = False
) -> Iterator[list[str]]:
    """Yield the lines of the entries of this stretch, with the checkpoints after each;
    some entries at a time, and their details after them.
    """
    at = start
    while leaves := _leaves(at, before):
        after = leaves[-1][0] + 1
        yield [
            *_lines(leaves, map_checkpoints(at, after), _restorations(at, after)),
            *(_details([event for _, event, _ in leaves]) if details else ()),
        ]
        at = after
    # A restoration or a checkpoint that no entry reaches: the end was cut off.
    cut_off = map(_checkpoint, map_checkpoints(at, before).values())
    yield [*_restorations(at, before).values(), *cut_off]


def _leaves(start: int, before: int) -> list[Leaf]:
    rows = AuditLeaf.objects.filter(position__gte=start, position__lt=before)
    some = rows.order_by("position").values_list("position", "event", "hash")[:AT_ONCE]
    return [(position, event, bytes(hash_)) for position, event, hash_ in some]


def _lines(
    leaves: Sequence[Leaf], notes: dict[int, str], restorations: dict[int, str]
) -> Iterator[str]:
    texts = dict(entries.iterate_entries([event for _, event, _ in leaves]))
    for position, event, hash_ in leaves:
        if restoration := restorations.get(position):
            yield restoration
        yield f"entry {position} {hash_.hex()} {texts[event] or 'null'}"
        if note := notes.get(position + 1):
            yield _checkpoint(note)


def map_checkpoints(start: int, end: int) -> dict[int, str]:
    """Map the checkpoints after the first of these places by size; each with the lines
    of those who have cosigned it.
    """
    rows = Checkpoint.objects.filter(size__gt=start, size__lte=end)
    found = dict(rows.order_by("size").values_list("size", "note"))
    lines = Cosignature.objects.filter(size__gt=start, size__lte=end)
    for size, line in lines.order_by("size", "name").values_list("size", "line"):
        if size in found:
            found[size] += f"{line}\n"
    return found


def _checkpoint(note: str) -> str:
    return f"checkpoint {json.dumps(note)}"


def _restorations(start: int, before: int) -> dict[int, str]:
    """Find restorations by the place at which the new log begins."""
    rows = LogStart.objects.filter(position__gte=start, position__lt=before)
    return {
        row.position: f"restoration {json.dumps(_said(row))}"
        for row in rows.order_by("position")
    }


def _said(start: LogStart) -> dict[str, str]:
    return {"origin": start.origin, "seen": start.seen}


def _details(events: Sequence[int]) -> Iterator[str]:
    for detail in AuditDetail.objects.filter(event__in=events).order_by("pk"):
        text = json.dumps(detail.details, sort_keys=True, separators=(",", ":"))
        yield f"detail {detail.pk} {bytes(detail.salt).hex()} {text}"
