"""A small world many times over, by SQL: what grows with its cases and its looks is
copied with new ids, people and teams a few times, what was agreed and published never.

The originals keep what they have: a person who signs in sees the small world, between
tables of a large one. Copies hold the same sealed bytes, which no key opens.
"""

from collections.abc import Iterator
from itertools import chain

from django.apps import apps
from django.db import connection, transaction
from django.db.models import (
    BinaryField,
    CharField,
    DateTimeField,
    Field,
    ForeignKey,
    Model,
    UniqueConstraint,
    UUIDField,
)
from django_tasks_db.models import DBTaskResult

from amana.care.cases.models import Case
from amana.care.meetings.models import Meeting
from amana.care.screening.models import Screening
from amana.insight.feedback.models import Voice
from amana.notifications.models import Notification
from amana.trust.access.models import Membership, Organisation, Session, Team, User
from amana.trust.audit.models import (
    AuditDetail,
    AuditEvent,
    AuditLeaf,
    AuditMention,
    AuditPending,
)
from amana.trust.vault.models import PersonKey, TeamKey
from amana.ui.models import Submission

type Kind = type[Model]

OFFICES = 40
"""So many times there are the people: beside 100,000 cases a country's few thousand."""

PEOPLE: tuple[Kind, ...] = (
    *(Organisation, Team, User, Membership),
    *(PersonKey, TeamKey),
)
LOGS: tuple[Kind, ...] = (
    *(AuditEvent, AuditMention, AuditDetail),
    *(Notification, Session, Submission, DBTaskResult),
    *(Screening, Meeting, Voice),
)
"""What grows with the cases, and no key says so."""

A_TENTH: tuple[Kind, ...] = LOGS[:7]
"""Logs are long anyway: so many times fewer copies."""

NOT_COPIED: tuple[Kind, ...] = (*PEOPLE, AuditPending, AuditLeaf)
"""Nor what the log has still to seal: that would be another log."""

OF_A_CASE = {"case", "chain"}
"""Columns that name a case by its id and no foreign key: the vault knows no cases."""


def growing() -> list[Kind]:
    """The tables that grow: of a case, of what is of a case, and the logs."""
    every = apps.get_models(include_auto_created=True)
    found: dict[Kind, None] = dict.fromkeys((Case, *LOGS))
    while True:
        more = [kind for kind in every if kind not in found and hangs_on(kind, found)]
        if not more:
            return [kind for kind in every if kind in found]
        found |= dict.fromkeys(more)


def hangs_on(kind: Kind, found: dict[Kind, None]) -> bool:
    if kind in NOT_COPIED or kind._meta.proxy or not kind._meta.managed:
        return False
    return any(
        target(column) in found
        or (isinstance(column, UUIDField) and column.name in OF_A_CASE)
        for column in kind._meta.local_concrete_fields
    )


def target(column: "Field[object, object]") -> Kind | None:
    return column.related_model if isinstance(column, ForeignKey) else None


def quoted(column: "Field[object, object]") -> str:
    return connection.ops.quote_name(str(column.column))


def multiply(times: int) -> None:
    """Have everything that grows so many times."""
    grows = growing()
    with transaction.atomic(), connection.cursor() as cursor:
        # No keys are checked, and no guard asked: what is copied was in order.
        cursor.execute("SET LOCAL session_replication_role = replica")
        strides = {kind: stride(kind) for kind in (*PEOPLE, *grows)}
        for kind in (*PEOPLE, *grows):
            to = min(OFFICES, times) if kind in PEOPLE else times
            to = max(to // 10, 2) if kind in A_TENTH else to
            cursor.execute(copying(kind, to, strides, grows))
        for kind in strides:
            count_on(kind)
        cursor.execute("SET LOCAL session_replication_role = origin")


def copying(kind: Kind, times: int, strides: dict[Kind, int], grows: list[Kind]) -> str:
    """The SQL that writes the copies of one table."""
    columns = kind._meta.local_concrete_fields
    alone = distinguishing(kind, grows)
    values = ", ".join(copied(c, strides, grows, c in alone) for c in columns)
    names = ", ".join(quoted(column) for column in columns)
    table = connection.ops.quote_name(kind._meta.db_table)
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS o, "
        f"generate_series(1, {times - 1}) AS k ON CONFLICT DO NOTHING"
    )


def copied(
    column: "Field[object, object]",
    strides: dict[Kind, int],
    grows: list[Kind],
    alone: bool,
) -> str:
    """What stands in this column of the k-th copy of the row o."""
    here = f"o.{quoted(column)}"
    to, own = target(column), column.model
    if to is None and column.primary_key:
        to = own
    office = f"((k - 1) % {OFFICES - 1} + 1)"
    shift = office if to in PEOPLE else "k"
    if to in strides and is_number(to):
        return f"{here} + {shift} * {strides[to]}"
    if (isinstance(column, UUIDField) and own in grows and to is None) or to in grows:
        return f"md5({here}::text || k)::uuid"
    if isinstance(column, DateTimeField) and own in grows:
        return f"{here} + ((k * 7919) % 2000 - 1000) * interval '1 minute'"
    if not alone:
        return here
    if isinstance(column, BinaryField):
        return f"decode(md5({here}::text || k), 'hex')"
    if isinstance(column, CharField):
        return f"left(md5({here} || k), {column.max_length or 32})"
    return f"{here} + k * {strides[own]}"


def distinguishing(kind: Kind, grows: list[Kind]) -> "set[Field[object, object]]":
    """Columns that have to differ, as no other one of what must be unique does."""
    columns = {column.name: column for column in kind._meta.local_concrete_fields}
    differing = {
        name
        for name, column in columns.items()
        if column.primary_key
        or target(column) in grows
        or target(column) in PEOPLE
        or (isinstance(column, UUIDField) and kind in grows)
    }
    return {
        columns[names[-1]]
        for names in unique_together(kind)
        if not differing & set(names)
        or (columns[names[0]].primary_key and not is_number(kind) and len(names) == 1)
    }


def unique_together(kind: Kind) -> Iterator[tuple[str, ...]]:
    single = (
        (column.name,) for column in kind._meta.local_concrete_fields if column.unique
    )
    return chain(
        single,
        (
            tuple(rule.fields)
            for rule in kind._meta.constraints
            if isinstance(rule, UniqueConstraint)
        ),
    )


def is_number(kind: Kind | None) -> bool:
    if kind is None:
        return False
    key = kind._meta.pk
    while isinstance(key, ForeignKey):
        key = key.target_field
    return not isinstance(key, UUIDField | CharField)


def stride(kind: Kind) -> int:
    """From one copy's ids to the next one's: as many as the originals take up."""
    if not is_number(kind):
        return 0
    column = quoted(kind._meta.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max({column}) - min({column}) FROM {kind._meta.db_table}"
        )
        return int(cursor.fetchone()[0] or 0) + 1


def count_on(kind: Kind) -> None:
    """The next id is beyond those of the copies."""
    key = kind._meta.pk
    if not is_number(kind) or isinstance(key, ForeignKey):
        return
    table, column = kind._meta.db_table, key.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max({column}) FROM {table}")
        last = cursor.fetchone()[0]
        cursor.execute(
            "SELECT setval(s, %s) FROM pg_get_serial_sequence(%s, %s) AS s "
            "WHERE s IS NOT NULL",
            [last or 1, table, column],
        )
