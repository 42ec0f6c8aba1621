"""What holds for every background task: it ends in time, and what is kept of its
mistake names nobody. And the process that does them, which ends when it is told to."""

from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

from django.db.models.signals import pre_save
from django.tasks.signals import task_finished, task_started
from django_tasks_db import DatabaseBackend
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from amana.unattended import begin_limit, end_limit, places

LONGEST = timedelta(minutes=15)
"""What hangs would hold up all others."""
FAREWELL = timedelta(seconds=10)
"""What a task has to end in once its process was told to; else it is kept as failed."""
ROUND = timedelta(minutes=2)
"""A look into the queue takes a second."""


def watch() -> None:
    """Set a limit to each task that the worker runs, and keep no word of its error."""
    task_started.connect(_begin, dispatch_uid="task_limit")
    task_finished.connect(_end, dispatch_uid="task_limit")
    pre_save.connect(_forget_words, sender=DBTaskResult, dispatch_uid="task_words")


def _begin(*, sender: object, **_signal: Any) -> None:
    if _is_by_worker(sender):
        begin_limit(LONGEST)


def _end(*, sender: object, **_signal: Any) -> None:
    if _is_by_worker(sender):
        end_limit()


def _is_by_worker(sender: object) -> bool:
    """django-tasks-db sends the backend now, and now its class."""
    return sender is DatabaseBackend or isinstance(sender, DatabaseBackend)


def _forget_words(*, instance: DBTaskResult[Any, Any], **_signal: Any) -> None:
    instance.traceback = places(instance.traceback)


class Worker(db_worker.Worker):
    """Does what waits in the queue, and comes back when nothing does."""

    def __init__(self, worker_id: str, alive: Callable[..., None]) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        self.alive = alive

    def run_task(self, row: DBTaskResult[Any, Any]) -> None:
        self.alive(within=LONGEST + ROUND)
        super().run_task(row)
        self.alive(within=ROUND)

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End at once, or after the task at hand, which has ten seconds."""
        super().shutdown(signum, frame)
        begin_limit(FAREWELL)
