"""This instance as a witness of other organisations' logs (C2SP tlog-witness)."""

from datetime import UTC

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from amana.trust.audit import log, log_keys
from amana.trust.audit.offline_verifier import VerifierKey, split_note
from amana.trust.audit.offline_witness import (
    CosignRefusal,
    LogContradiction,
    check_request,
    read_request,
)
from amana.trust.witness import findings
from amana.trust.witness.models import Finding, WitnessedLog

MOST = 20
"""Of a log that goes on contradicting itself no more is kept: names, of which each
checkpoint has two."""


def add_checkpoint(text: str) -> str:
    """Cosign a log's new checkpoint, or raise `CosignRefusal` as the protocol has it.

    A log that contradicts itself is recorded with what it signed, and people are
    notified.
    """
    if log_keys.get_witness_key() is None:
        raise CosignRefusal(404)
    request = read_request(text)
    known = WitnessedLog.objects.in_force().filter(origin=request.seen.origin).first()
    if known is None:
        raise CosignRefusal(404)
    try:
        check_request(
            request, VerifierKey.read(known.key), known.size, bytes(known.root)
        )
    except LogContradiction:
        record_contradiction(known, request.note)
        raise
    # In the database before the signature leaves: a crash between the two must not make
    # us cosign another history of the same size.
    record_seen(known, request.seen.size, request.seen.root)
    now = timezone.now().astimezone(UTC)
    return log_keys.cosign(request.note, int(now.timestamp()))


def record_seen(known: WitnessedLog, size: int, root: bytes) -> None:
    """Record how far the log was seen; of two requests at once, the second finds
    another size. Raises `CosignRefusal`.
    """
    before = WitnessedLog.objects.in_force().filter(
        Q(size=known.size), pk=known.pk, root=known.root
    )
    if not before.update(size=size, root=root, seen_at=timezone.now()):
        now = WitnessedLog.objects.get(pk=known.pk)
        raise CosignRefusal(409, f"{now.size}\n")


@transaction.atomic
def record_contradiction(known: WitnessedLog, note: str) -> None:
    """Keep each checkpoint that shows a contradiction: with what we cosigned it is a
    proof.
    """
    found = WitnessedLog.objects.select_for_update(no_key=True).get(pk=known.pk)
    said = split_note(note)[0]  # under which anyone can put more lines
    if said in found.conflict or found.conflict.count(found.origin) >= MOST:
        return
    found.conflict += note
    found.conflict_at = found.conflict_at or timezone.now()
    found.save(update_fields=["conflict", "conflict_at"])
    log.record("caught log contradicting itself", known, by=None)
    findings.notify_finding(Finding.What.OTHER_LOG)
