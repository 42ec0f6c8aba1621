"""A drill: a backup made, restored into a scratch place, and checked. What is in use is
only read."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from urllib.parse import quote, urlencode

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pyrage.x25519 import Identity

from amana import on_disk
from amana.errors import Refused
from amana.trust.backup import databases, making
from amana.trust.backup.parts import ArchivePart


@dataclass(frozen=True)
class DrillReport:
    """What a drill found; seconds by the clock."""

    making: float
    restoring: float
    bytes: dict[ArchivePart, int]
    restored: dict[str, object]
    """What the restoration in the scratch place reported."""


def run_drill() -> DrillReport:
    """Make a backup under temporary keys, and restore it into a scratch place."""
    keys = {part: Identity.generate() for part in ArchivePart}
    with on_disk.make_scratch_folder(Path(settings.VAR, ".drill"), busy=BUSY) as folder:
        began = monotonic()
        made = making.make_backup(
            folder / "backup",
            sealed_to={part: key.to_public() for part, key in keys.items()},
        )
        between = monotonic()
        for part, key in keys.items():
            path = folder / f"{part}.key"
            path.touch(mode=0o600)
            path.write_text(str(key))
        with create_scratch_database(folder) as at:
            said = restore_scratch(folder, made, at)
        return DrillReport(
            making=between - began,
            restoring=monotonic() - between,
            bytes={
                ArchivePart.DATA: made.data.stat().st_size,
                ArchivePart.KEYS: made.keys.stat().st_size,
            },
            restored=said,
        )


BUSY = "Another drill is under way here. Wait until it is over."


def restore_scratch(
    folder: Path, made: making.BackupFiles, at: dict[str, str]
) -> dict[str, object]:
    """Restore in the scratch place by the operator's own command, and return what it
    reports."""
    beside = {
        "AMANA_VAR": str(folder / "var"),
        "AUDIT_LOG_KEY_FILE": str(settings.AUDIT_LOG_KEY_FILE),
        # Not ours, which the copy would carry on from: then it signs nothing.
        "AUDIT_ANCHOR": str(folder / "audit.anchor"),
        "ERASED_LIST": str(folder / "erased.list"),
    }
    words = [str(made.data), str(made.keys), "--json"]
    for part in ArchivePart:
        words += [f"--{part}-key", str(folder / f"{part}.key")]
    done = subprocess.run(  # noqa: S603 — words of our own
        [sys.executable, "manage.py", "restore", *words],
        cwd=settings.ROOT,
        env=os.environ | beside | at,
        capture_output=True,
        text=True,
        close_fds=False,  # so that it holds the scratch place, should we be killed
    )
    if done.returncode:
        raise Refused(f"The restoration failed: {done.stderr.strip()[-800:]}")
    said: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return said


@contextmanager
def create_scratch_database(folder: Path) -> Iterator[dict[str, str]]:
    """Create an empty database on the server in use, and drop it afterwards."""
    if connection.vendor == "sqlite":
        yield {"DATABASE_URL": ""}
        return
    ours = databases.get_address()
    # Always the same name, so that a drill that was killed leaves a database behind
    # only until the next one.
    name = f"amana_drill_{hashlib.sha256(ours['dbname'].encode()).hexdigest()[:12]}"
    with psycopg.connect(make_conninfo(**ours), autocommit=True) as server:
        # PostgreSQL releases this lock with the connection, also when this process is
        # killed.
        alone = server.execute(LOCK, [ONE_DRILL]).fetchone()
        if alone != (True,):
            raise Refused("Another server is running a drill. Wait until it ends.")
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        server.execute(drop.format(sql.Identifier(name)))
        collation = server.execute(COLLATION).fetchone()
        assert collation is not None
        server.execute(CREATE.format(sql.Identifier(name), *collation))
        try:
            yield {"DATABASE_URL": build_url(name)}
        finally:
            server.execute(drop.format(sql.Identifier(name)))


LOCK = "SELECT pg_try_advisory_lock(%s)"
ONE_DRILL = 0x6472696C6C
"""“drill”: the lock that one alone holds on this database."""
COLLATION = """
SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()
"""
CREATE = sql.SQL(
    "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}"
)
"""Like ours, whatever a new database of this server would be."""


def build_url(name: str) -> str:
    """Build the address of another database on the same server."""
    at = databases.get_address() | {"dbname": name}
    who = quote(at.pop("user", ""), safe="")
    if "password" in at:
        who += f":{quote(at.pop('password'), safe='')}"
    return f"postgresql://{who}@/{at.pop('dbname')}?{urlencode(at)}"
