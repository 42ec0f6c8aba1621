"""This instance as a witness of other organisations' logs (C2SP tlog-witness)."""

from datetime import UTC

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from amana.trust.audit import log, signing
from amana.trust.audit.offline_verifier import Key
from amana.trust.audit.offline_witness import (
    Contradiction,
    Refusal,
    judge,
    read_request,
)
from amana.trust.witness import findings
from amana.trust.witness.models import Finding, WitnessedLog


def add_checkpoint(text: str) -> str:
    """Our cosignature under a log's new checkpoint, or Refusal as the protocol has it.

    How far the log was seen is in the database before the signature leaves. A log that
    contradicts itself is noted with what it signed, and told."""
    if signing.witness_key() is None:
        raise Refusal(404)
    request = read_request(text)
    known = WitnessedLog.objects.in_force().filter(origin=request.seen.origin).first()
    if known is None:
        raise Refusal(404)
    try:
        judge(request, Key.read(known.key), known.size, bytes(known.root))
    except Contradiction:
        note_contradiction(known, request.note)
        raise
    note_seen(known, request.seen.size, request.seen.root)
    now = timezone.now().astimezone(UTC)
    return signing.cosign(request.note, int(now.timestamp()))


def note_seen(known: WitnessedLog, size: int, root: bytes) -> None:
    """Compare and set: of two requests at once, the second finds another size."""
    before = WitnessedLog.objects.in_force().filter(
        Q(size=known.size), pk=known.pk, root=known.root
    )
    if not before.update(size=size, root=root, seen_at=timezone.now()):
        now = WitnessedLog.objects.get(pk=known.pk)
        raise Refusal(409, f"{now.size}\n")


@transaction.atomic
def note_contradiction(known: WitnessedLog, note: str) -> None:
    """Keep the first checkpoint that shows it: with what we cosigned it is a proof."""
    free = WitnessedLog.objects.filter(pk=known.pk, conflict="")
    if free.update(conflict=note, conflict_at=timezone.now()):
        log.record("caught log contradicting itself", known, by=None)
        findings.tell(Finding.What.OTHER_LOG)
