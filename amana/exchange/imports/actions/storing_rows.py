"""Write many rows of an import with one statement.

Django's own ways build a statement for each hundred rows, which takes longer than all
else; on SQLite, no one else can write meanwhile (ADR 94)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field

from amana.exchange.imports.models import ImportRow

FIELDS: tuple[Field[Any, Any], ...] = tuple(
    f for f in ImportRow._meta.concrete_fields if not f.primary_key
)
BY_NAME = {f.name: f for f in FIELDS}
TABLE = ImportRow._meta.db_table

type Stored = tuple[Any, ...]
"""Values as the database driver takes them."""


def store(row: ImportRow, fields: Iterable[Field[Any, Any]] = FIELDS) -> Stored:
    """Convert a row to what the database stores."""
    return tuple(
        f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields
    )


def insert_rows(rows: Sequence[Stored]) -> None:
    """Insert rows that were converted by `store`."""
    names = ", ".join(connection.ops.quote_name(str(f.column)) for f in FIELDS)
    values = ", ".join(["%s"] * len(FIELDS))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} ({names}) VALUES ({values})",  # noqa: S608
            rows,
        )


def update_rows(rows: Iterable[ImportRow], *names: str) -> None:
    """Write these fields of rows."""
    fields = [BY_NAME[name] for name in names]
    said = ", ".join(f"{connection.ops.quote_name(str(f.column))} = %s" for f in fields)
    stored = [(*store(row, fields), row.pk) for row in rows]
    if stored:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {TABLE} SET {said} WHERE id = %s",  # noqa: S608
                stored,
            )
