"""What a database leaves behind of deleted keys, and how it is cleared away."""

from django.db import connection, transaction

PATIENCE = 250
"""Milliseconds that clearing waits for readers; the next clearing gets what is left."""


def clear_traces() -> None:
    """Leave no deleted key in SQLite's write-ahead log, once the transaction is
    committed.

    In the database file, `secure_delete` overwrites it. PostgreSQL keeps the deleted
    rows until its next vacuum; docs/operations/keys.md has how soon that is.
    """
    if connection.vendor == "sqlite":
        transaction.on_commit(_truncate_log, robust=True)


def _truncate_log() -> None:
    if connection.in_atomic_block:
        return  # in a test that only plays the commit
    with connection.cursor() as cursor:
        # A reader that is still at an earlier state would hold up this request: we wait
        # a quarter of a second and leave the rest to the next clearing.
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
        cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
