"""The log says that a backup was made when it is there, and not before."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from amana.trust.backup import archives
from amana.trust.backup.tests.test_room import keys, make, migrated, on_disk

__all__ = ["keys", "migrated", "on_disk"]

pytestmark = pytest.mark.django_db


def said() -> int:
    return AuditEvent.objects.filter(did="made backup").count()


def test_the_log_says_so_once_both_archives_are_there(
    tmp_path: Path, keys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, there = log.record, []

    def look(did: str, *about: Any, **more: Any) -> Any:
        there.extend(sorted(path.name[:10] for path in tmp_path.glob("b/*.age")))
        return record(did, *about, **more)

    monkeypatch.setattr(log, "record", look)
    make(tmp_path / "b", keys)
    assert there == ["amana-data", "amana-keys"]
    assert said() == 1


@pytest.mark.parametrize("error", [OSError(28, "full"), OperationalError("away")])
def test_the_log_says_nothing_of_one_that_failed(
    tmp_path: Path, keys: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(sealed: Path, plain: Path) -> None:
        raise error

    monkeypatch.setattr(archives, "require_whole", fail)
    with pytest.raises(type(error)):
        make(tmp_path / "b", keys)
    assert said() == 0
