"""Write one audit event, inside the transaction of the act that it records."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import batched, chain
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, models
from django.db.models import Q

from amana.trust.audit import sealing
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditEventQuerySet,
    AuditMention,
)

SYSTEM = "system"
"""The actor of what the clock does: reminders, expiries."""


MENTION = 'INSERT INTO audit_auditmention (event_id, "case") VALUES'


class Actor(Protocol):
    """The person who acts: an id that means nothing outside, and the roles held."""

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
    thing: str = "",
    **details: object,
) -> AuditEvent:
    """Record that `by` (None: a timer) did `did` to `to`; ids and codes only.

    `case` is whose case it was done to, `cases` those that a list or search showed;
    `thing` names what is no row.
    """
    # A salt for each event: without it a guessed code could be tried against the
    # commitment after the details were shredded.
    salt, kept = os.urandom(16), convert_details(details)
    event = write(
        actor=by.actor_id if by else SYSTEM,
        role=by.role_names if by else "",
        did=did,
        thing=format_thing(type(to), to.pk) if to else thing,
        case=case,
        purpose=purpose,
        commitment=compute_commitment(salt, kept),
    )
    if kept:
        AuditDetail.objects.create(event=event, salt=salt, details=kept)
    shown = tuple(dict.fromkeys(cases))
    mention(event, shown)
    sealing.seal_after_commit(event, shown)
    return event


def write(**said: Any) -> AuditEvent:
    """Write an event. Every page does, and Django takes longer to build the same insert
    again than the database to do it.
    """
    event = AuditEvent(**said)
    sql, fields = _insert()
    stored = [f.get_db_prep_save(getattr(event, f.attname), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, stored)
        (event.pk,) = cursor.fetchone()
    # As after `save`, so that a later save of this event would be an update, which the
    # database refuses.
    event._state.adding, event._state.db = False, connection.alias
    return event


@cache
def _insert() -> tuple[str, list[models.Field[object, object]]]:
    fields = [f for f in AuditEvent._meta.concrete_fields if not f.primary_key]
    names = ",".join(connection.ops.quote_name(str(f.column)) for f in fields)
    values = ",".join(["%s"] * len(fields))
    table = AuditEvent._meta.db_table
    sql = f"INSERT INTO {table} ({names}) VALUES ({values}) RETURNING id"  # noqa: S608
    return sql, fields


def mention(event: AuditEvent, cases: Iterable[UUID]) -> None:
    """Add the event to each of these cases' access list.

    A page of every list does so for each of its rows, and Django takes much longer to
    build such an insert than the database to do it.
    """
    stored = AuditMention._meta.get_field("case").get_db_prep_value
    # SQLite had a limit of 999 parameters; each row has two.
    for some in batched(dict.fromkeys(cases), 400, strict=False):
        rows = ",".join(["(%s, %s)"] * len(some))
        given = [(event.pk, stored(case, connection)) for case in some]
        with connection.cursor() as cursor:
            cursor.execute(f"{MENTION} {rows}", list(chain.from_iterable(given)))


def convert_details(details: dict[str, object]) -> dict[str, object]:
    """Convert the details to what the database gives back: ids as text, tuples as
    lists.
    """
    text = json.dumps(details, default=str)
    kept: dict[str, Any] = json.loads(text)
    return kept


def compute_commitment(salt: bytes, details: dict[str, object]) -> bytes:
    """Compute 32 bytes that bind the event to its details without showing them."""
    text = json.dumps(details, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + text.encode()).digest()


def find_events_about(case: UUID) -> AuditEventQuerySet:
    """Find the access list of a person's case: every act and every access, newest
    first.
    """
    return AuditEvent.objects.touching_case(case).order_by("-pk")


def format_thing(model: type[models.Model], pk: object) -> str:
    """Format the name that an event has for the thing to which something was done."""
    return f"{model._meta.label_lower}:{pk}"


def shred_about(things: Mapping[UUID, str]) -> None:
    """Delete the details of what was done to these before there was a case: a
    screening, and the parcel that holds its answers.
    """
    named = Q(event__thing__in=list(things.values()))
    about = Q(details__about__in=[str(pk) for pk in things])
    AuditDetail.objects.filter(named | about, event__case=None).delete()


def shred(case: UUID) -> None:
    """Delete the details of what was done to a case; the events and proofs stay."""
    AuditDetail.objects.filter(event__case=case).delete()
