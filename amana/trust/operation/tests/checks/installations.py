"""An installation in which all is well, and what its checks find wrong."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amana.trust.backup import archiving
from amana.trust.backup.archiving import ArchivingState
from amana.trust.operation import checks
from amana.trust.operation.checks import GIB, CheckFinding

DATA, KEYS = (f"amana-{part}-20261129T014000Z-a1b2c3.age" for part in ("data", "keys"))


class Post:
    """A mail server that answers."""

    def open(self) -> None: ...

    def close(self) -> None: ...


def disk(*, free: int, total: int = 100 * GIB) -> Any:
    return SimpleNamespace(free=free, total=total, used=total - free)


def make_backup(folder: Path) -> None:
    folder.mkdir()
    (folder / DATA).write_text("data")
    (folder / KEYS).write_text("keys")


def make_translations(folder: Path) -> None:
    for language in ("ar", "fr"):
        place = folder / language / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "django.po").touch()
        (place / "django.mo").touch()


def wrong() -> dict[str, CheckFinding]:
    return {
        r.check.name: r.finding for r in checks.run_checks() if r.finding is not None
    }


def enqueue() -> None:
    from django_tasks_db.models import get_date_max

    DBTaskResult.objects.create(
        task_path="amana.trust.access.tasks.notify_user",
        args_kwargs={"args": [1], "kwargs": {}},
        backend_name="default",
        run_after=get_date_max(),
    )


def kept(**otherwise: Any) -> ArchivingState:
    """Every moment of PostgreSQL is kept as it should be."""
    now = timezone.now()
    well = ArchivingState(True, True, now, now, waits_for=300, is_bounded=True)
    return replace(well, **otherwise)


def keep_moments(patch: pytest.MonkeyPatch, state: ArchivingState) -> None:
    patch.setattr(archiving, "is_wanted", lambda: True)
    patch.setattr(archiving, "read_state", lambda: state)
