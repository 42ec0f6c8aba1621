"""SQLite by default, PostgreSQL by DATABASE_URL; one code path for both."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE: dict[str, Any] = {
    # IMMEDIATE: a writer waits for its turn at the start, and never fails half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # WAL with FULL loses no acknowledged write on power loss (Django's default may).
    "init_command": "; ".join(
        f"PRAGMA {pragma}"
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
            "recursive_triggers=ON",  # REPLACE may not get round the log's guards
            "cache_size=-64000",
            "mmap_size=536870912",
            "temp_store=MEMORY",
            "journal_size_limit=67108864",
        )
    ),
}

PLANNING = "--random_page_cost=1.1"
"""PostgreSQL reckons with disks that turn, on which a whole table is soon cheaper than
four hundred rows by an index; the tables here lie in memory or on flash. In one word:
some programs read no space in an address."""


def parse_database_url(url: str, var: Path) -> dict[str, object]:
    """Build Django's settings for `url`: postgresql://…, sqlite:///path, or empty."""
    parts = urlsplit(url)
    if parts.scheme in ("postgres", "postgresql"):
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", None) or parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            # A connection that PostgreSQL closed meanwhile is opened again, not an
            # error page.
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"options": PLANNING, **query},
        }
    path = Path(unquote(parts.path)) if url else var / "amana.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "amana.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": 60,  # to open it costs more than a page
        "OPTIONS": SQLITE,
        "TEST": {"NAME": ":memory:"},  # said, because pytest knows Django's name alone
    }


def recreate_without_rowid(*tables: str) -> Callable[[Any, Any], None]:
    """Recreate tables in a migration: on SQLite empty, and without the row numbers,
    which show which row came first (ADR 26)."""

    def make(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor != "sqlite":
            return
        with editor.connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    "SELECT type, sql FROM sqlite_master"
                    " WHERE tbl_name = %s AND sql > ''",
                    [table],
                )
                found = cursor.fetchall()
                cursor.execute(f"DROP TABLE {table}")
                # The table first: its indexes and triggers can't be made before it.
                for kind, sql in sorted(found, key=lambda one: one[0] != "table"):
                    cursor.execute(f"{sql} WITHOUT ROWID" if kind == "table" else sql)

    return make
