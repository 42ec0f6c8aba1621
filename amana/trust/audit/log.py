"""Write one audit event, inside the transaction of the act that it records."""

import hashlib
import json
import os
from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from django.db import models

from amana.trust.audit import sealing
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditEventQuerySet,
    AuditMention,
)

SYSTEM = "system"
"""The actor of what the clock does: reminders, expiries."""


class Actor(Protocol):
    """Whoever acts: an id that means nothing outside, and the roles held."""

    @property
    def actor_id(self) -> str: ...
    @property
    def role_names(self) -> str: ...


def record(
    did: str,
    to: models.Model | None = None,
    /,
    *,
    by: Actor | None,
    case: UUID | None = None,
    cases: Iterable[UUID] = (),
    purpose: str = "",
    **details: Any,
) -> AuditEvent:
    """Record that `by` (None: the clock) did `did` to `to`; ids and codes only.

    `case` is whose case it was done to, `cases` those that a list or search showed."""
    salt, kept = os.urandom(16), plain(details)
    event = AuditEvent.objects.create(
        actor=by.actor_id if by else SYSTEM,
        role=by.role_names if by else "",
        did=did,
        thing=f"{to._meta.label_lower}:{to.pk}" if to else "",
        case=case,
        purpose=purpose,
        commitment=commitment(salt, kept),
    )
    if kept:
        AuditDetail.objects.create(event=event, salt=salt, details=kept)
    shown = [AuditMention(event=event, case=case) for case in dict.fromkeys(cases)]
    if shown:
        AuditMention.objects.bulk_create(shown)
    sealing.seal_before_long()
    return event


def plain(details: dict[str, Any]) -> dict[str, Any]:
    """The details as the database gives them back: ids as text, tuples as lists."""
    text = json.dumps(details, default=str)
    kept: dict[str, Any] = json.loads(text)
    return kept


def commitment(salt: bytes, details: dict[str, Any]) -> bytes:
    """32 bytes that bind the event to its details without showing them."""
    text = json.dumps(details, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + text.encode()).digest()


def events_about(case: UUID) -> AuditEventQuerySet:
    """The access list of a person's case: every act and every look, newest first."""
    return AuditEvent.objects.touching_case(case).order_by("-pk")


def shred(case: UUID) -> None:
    """Forget the details of what was done to a case; the events and proofs stay."""
    AuditDetail.objects.filter(event__case=case).delete()
