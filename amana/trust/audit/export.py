"""The log as lines of text, which `offline_verifier.py` checks without us."""

import json
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import transaction

from amana.trust.audit import anchor, entries, signing
from amana.trust.audit.anchor import Anchor, Kind
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    AuditPending,
    Checkpoint,
    Cosignature,
    LogStart,
)
from amana.trust.audit.offline_verifier import Key, Report, Seen, Wrong, check, head_of

AT_ONCE = 1_000


def lines(*, details: bool = False) -> Iterator[str]:
    """The sealed log, as it stands; `details` adds what has not been shredded."""
    yield f"log {settings.AUDIT_ORIGIN}"
    checkpoints = _checkpoints()
    starts = {start.position: start for start in LogStart.objects.all()}
    size = 0
    for leaves in _leaves():
        texts = dict(entries.texts([event for _, event, _ in leaves]))
        for position, event, hash_ in leaves:
            if start := starts.pop(position, None):
                yield _restoration(start)
            yield f"entry {position} {hash_.hex()} {texts[event] or 'null'}"
            size = position + 1
            if note := checkpoints.pop(size, None):
                yield _checkpoint(note)
    # A restoration or a checkpoint that no entry reaches: the end was cut off.
    yield from map(_restoration, starts.values())
    yield from map(_checkpoint, checkpoints.values())
    for pending in AuditPending.objects.order_by("pk").values_list("pk", flat=True):
        yield f"waiting {pending}"
    if details:
        yield from _details()


def _checkpoints() -> dict[int, str]:
    """By size; each with the lines of those who have cosigned it."""
    notes = dict(Checkpoint.objects.order_by("size").values_list("size", "note"))
    found = Cosignature.objects.order_by("size", "name").values_list("size", "line")
    for size, line in found:
        if size in notes:
            notes[size] += f"{line}\n"
    return notes


def _checkpoint(note: str) -> str:
    return f"checkpoint {json.dumps(note)}"


def _restoration(start: LogStart) -> str:
    said = {"origin": start.origin, "seen": start.seen}
    return f"restoration {json.dumps(said)}"


def _leaves() -> Iterator[Sequence[tuple[int, int, bytes]]]:
    """Position, event and hash of each leaf, in order, some at a time."""
    rows = AuditLeaf.objects.order_by("position")
    after = -1
    while some := list(
        rows.filter(position__gt=after).values_list("position", "event", "hash")[
            :AT_ONCE
        ]
    ):
        yield [(position, event, bytes(hash_)) for position, event, hash_ in some]
        after = some[-1][0]


def _details() -> Iterator[str]:
    """No `iterator()`: a server's cursor that is left half-read, as when something is
    found wrong, is closed by the garbage collector, which has hung psycopg."""
    sealed = AuditDetail.objects.filter(event__leaf__isnull=False).order_by("pk")
    after = 0
    while some := list(sealed.filter(pk__gt=after)[:AT_ONCE]):
        for detail in some:
            text = json.dumps(detail.details, sort_keys=True, separators=(",", ":"))
            yield f"detail {detail.pk} {bytes(detail.salt).hex()} {text}"
        after = some[-1].pk


@transaction.atomic
def check_here(key: str = "") -> Report:
    """Check the log in the database, and what only we can see; Wrong if it is not.

    `key`: the public key to check with, noted elsewhere; else our own."""
    with_key = Key.read(key) if key else signing.public_key()
    known = anchor.read()
    report = check(lines(details=True), with_key, kept=kept(known))
    if report.checkpoints and not known.notes:
        raise Wrong("the file with what was signed last is missing (AUDIT_ANCHOR)")
    if known.notes and report.covered not in {seen.size for seen in known.seen}:
        raise Wrong(f"the log has {report.covered} entries, more than were signed here")
    stray = AuditEvent.objects.filter(leaf=None, auditpending=None).order_by("pk")
    if (event := stray.first()) is not None:
        raise Wrong(f"event {event.pk} was slipped in: it was never to be sealed")
    if known.lost:
        raise Wrong(
            f"event {known.lost[0]} was taken away or changed before it was sealed"
        )
    return report


def kept(known: Anchor) -> list[Seen]:
    """What has to be in the log: the last checkpoint that was signed for certain, and
    one that a colleague's device has seen."""
    seen = [head_of(note) for note in known.notes[:1] if note]
    if known.doubt and known.doubt.kind == Kind.DEVICE:
        seen.append(head_of(known.doubt.seen))
    return seen
