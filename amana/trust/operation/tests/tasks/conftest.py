"""Tasks that fail, hang or succeed, and the queue that runs them."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django_tasks_db.management.commands import db_worker

from .invented_tasks import DONE


@pytest.fixture
def own_queue(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # A test may not end its own transaction.
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    DONE.clear()
    before = signal.getsignal(signal.SIGALRM)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
