"""Somebody who holds a copy of the whole database, and tries to say which fact is of
which case by every order, number and time that is in it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from amana.insight.facts.models import Observation

ORDERS = {
    "sqlite": ("rowid", "id", "rowid DESC", "corrects, rowid"),
    "postgresql": ("ctid", "id", "ctid DESC", "xmin::text::bigint, ctid", "xmin::text"),
}
CASES = {
    "cases_case": ("opened_at", "id", "reference", "version, id"),
    "audit_auditevent": ("id", "at"),
    "vault_compartmentkey": ("id",),
}
"""Tables that name cases, and the orders in which they came to be."""


def guesses(kind: str) -> Iterator[dict[UUID, UUID]]:
    """Fact to case, by each order of the one beside each order of the other."""
    for facts in orders_of_facts(kind):
        for cases in orders_of_cases():
            if len(facts) == len(cases):
                yield dict(zip(facts, cases, strict=True))


def orders_of_facts(kind: str) -> Iterator[list[UUID]]:
    table = Observation._meta.db_table
    for order in ORDERS[connection.vendor]:
        yield ids(f"SELECT id FROM {table} WHERE kind = %s ORDER BY {order}", kind)


def orders_of_cases() -> Iterator[list[UUID]]:
    for table, orders in CASES.items():
        column = "id" if table == "cases_case" else '"case"'
        for order in orders:
            sql = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
            found = list(dict.fromkeys(ids(f"{sql} ORDER BY {order}")))
            yield found
            yield found[::-1]


def transactions_of_facts() -> int:
    """How many the facts came in: one of its own would lead to its case."""
    if connection.vendor != "postgresql":
        return 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM facts_observation")
        return int(cursor.fetchone()[0])


def ids(sql: str, *said: Any) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql, said)
        rows = cursor.fetchall()
    return [value if isinstance(value, UUID) else UUID(str(value)) for (value,) in rows]


def best(kind: str, truth: dict[UUID, UUID]) -> int:
    """How many facts the best of all guesses puts to their case."""
    return max(
        sum(truth[fact] == case for fact, case in guess.items())
        for guess in guesses(kind)
    )
