"""What is erased needs proof from the log, not from a row alone.

A person who can write in the database can set a date or insert a request, and the timer
would destroy a living case because of it. The log's events are never changed, and each
is older than those that were sealed after it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from amana.trust.audit import sealing
from amana.trust.audit.models import AuditEvent
from amana.trust.retention.models import ErasureRequest
from amana.trust.retention.states import DELAY

ORDERLY = timedelta(days=1)
"""By so much may an event be dated before one that came earlier."""


def is_logged(
    record: UUID,
    did: str,
    *,
    until: datetime,
    unless: tuple[str, ...] = (),
    **filters: Any,
) -> bool:
    """Return whether the log's last entry on this is that it was done, by then."""
    words = AuditEvent.objects.about_case(record).filter(did__in=[did, *unless])
    last = words.filter(**filters).order_by("pk").last()
    return bool(last and last.did == did and last.at <= until and _is_orderly(last))


def is_decided(request: ErasureRequest, now: datetime) -> bool:
    """Return whether the log has that these two people decided it, and when."""
    # Each decision by the person whom the row names: anyone can change the row.
    granted = is_logged(
        request.record,
        "granted erasure request",
        until=now - DELAY,
        thing=_label(request),
        actor=request.decided_by.actor_id,
    )
    confirmed = is_logged(
        request.record,
        "confirmed erasure request",
        until=now - DELAY,
        unless=("refused erasure request", "withdrew erasure request"),
        thing=_label(request),
    )
    by_them = AuditEvent.objects.filter(
        case=request.record,
        did="confirmed erasure request",
        thing=_label(request),
        actor=request.confirmed_by.actor_id,
    )
    # An event that was only inserted is not proof: it has to be in the signed tree.
    sealed = any(
        sealing.find_proved_position(event.pk) is not None for event in by_them
    )
    return granted and confirmed and sealed


def _label(request: ErasureRequest) -> str:
    return f"{request._meta.label_lower}:{request.pk}"


def _is_orderly(event: AuditEvent) -> bool:
    """Return whether an event was sealed in order. One that was never sealed proves
    nothing; one that was inserted later, and dated back, comes after younger ones.
    """
    position = sealing.find_proved_position(event.pk)
    if position is None:
        return False
    earlier = AuditEvent.objects.filter(at__gt=event.at + ORDERLY)
    return not earlier.filter(leaf__position__lt=position).exists()
