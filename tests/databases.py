"""What the migrations make is kept, and copied while they stay as they are.

To migrate takes seconds, for each process of each run. Of PostgreSQL a dump is
kept, because its server is thrown away after the run.
"""

import fcntl
import functools
import gc
import hashlib
import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core import management
from django.db import connection
from django.db.migrations.state import ModelState, ProjectState

from tests.worlds import WORLD
from tools.postgres import installed

ROOT = Path(__file__).resolve().parents[1]
DECIDE = [
    "*/migrations/*.py",
    "*/models.py",
    "*/models/**/*.py",
    "settings.py",
    "installed.py",
]
"""Which files say what lies in an empty database."""


def save(to: Path) -> None:
    """Put an empty database, migrated, into a file."""
    WORLD.end()
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        talk("pg_dump", "--no-owner", "-f", str(to))
        return
    with sqlite3.connect(to) as file:
        connection.connection.backup(file)
    file.close()


def load(kept: Path) -> None:
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        talk("psql", "-q", "-X", "-1", "-v", "ON_ERROR_STOP=1", "-f", str(kept))
        return
    with sqlite3.connect(kept) as file:
        file.backup(connection.connection)
    file.close()


def talk(program: str, *words: str) -> None:
    """Have one of PostgreSQL's own programs do something with the database."""
    said = {name: str(value) for name, value in connection.settings_dict.items()}
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGDATABASE": "NAME"}
    at = {name: said[key] for name, key in names.items() if said[key]}
    subprocess.run(
        [installed() / "bin" / program, *words],
        env=os.environ | at | {"PGPASSWORD": said["PASSWORD"]},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def add_alone(self: ProjectState, model_state: ModelState) -> None:
    """Add a model to those that migrations know, and render it alone.

    Django renders all models again that are related to it, and nearly all are, by way
    of the colleague who did something: half a minute for the whole house. What comes
    out is the same, as `test_worlds.py` sees each night.
    """
    key = model_state.app_label, model_state.name_lower
    self.models[key] = model_state
    if vars(self).get("_relations") is not None:
        self.resolve_model_relations(key)
    if "apps" in vars(self):
        self.apps.render_multiple([model_state])


def migrate() -> None:
    """Migrate the database, which is empty."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProjectState, "add_model", add_alone)
        # Nor are all rendered for each function of a migration: ours run SQL alone.
        patch.setattr(ProjectState, "clear_delayed_apps_cache", lambda self: None)
        gc.disable()  # it would search all that the tests have loaded, many times
        try:
            management.call_command("migrate", verbosity=0, run_syncdb=True)
        finally:
            gc.enable()


@functools.cache
def fingerprint() -> str:
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted({p for glob in DECIDE for p in (ROOT / "amana").rglob(glob)}):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def migrated(folder: Path) -> None:
    """Migrate the database, which is empty; one process at a time."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = folder / f"{fingerprint()}.{connection.vendor}"
        if kept.exists():
            load(kept)
            return
        migrate()
        for old in folder.glob(f"*.{connection.vendor}"):
            old.unlink()
        unfinished = folder / "unfinished"
        unfinished.unlink(missing_ok=True)
        save(unfinished)
        unfinished.rename(kept)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None
) -> None:
    """Django asks for `migrate` once it has made the database for tests."""
    cache = getattr(request.config, "cache", None)
    if cache is None:
        return
    patch = pytest.MonkeyPatch()

    def instead(name: str, **options: Any) -> None:
        patch.undo()
        if name == "migrate":
            migrated(cache.mkdir("migrated"))
        else:
            management.call_command(name, **options)

    patch.setattr(management, "call_command", instead)
