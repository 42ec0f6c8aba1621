"""Rules for every background task: it ends in time, and what is stored of its error
names no person. And the process that runs them, which ends when it is stopped."""

import time
from collections.abc import Callable
from datetime import timedelta
from types import FrameType
from typing import Any

from django.db.models.signals import pre_save
from django.tasks.signals import task_finished, task_started
from django_tasks_db import DatabaseBackend
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from amana.unattended import begin_limit, end_limit, list_places

LONGEST = timedelta(minutes=15)
"""What hangs would hold up all others."""
FAREWELL = timedelta(seconds=10)
"""The time a task has to end once its process is stopped; else it is stored as
failed."""
ROUND = timedelta(minutes=2)
"""A look into the queue takes a second."""
RESTS = 2
"""How many times as long as a task that can wait the worker then rests: on SQLite one
writes at a time, and a row of such tasks would leave no one else their turn."""
LONGEST_REST = 1.0
"""Seconds."""


def limit_tasks() -> None:
    """Limit the time of each task that the worker runs, and remove all text from its
    error."""
    task_started.connect(_begin, dispatch_uid="task_limit")
    task_finished.connect(_end, dispatch_uid="task_limit")
    # Before the row is saved: a traceback holds people's addresses, and once it is in
    # the database it is in every backup too (ADR 69).
    pre_save.connect(_forget_words, sender=DBTaskResult, dispatch_uid="task_words")


def _begin(*, sender: object, **_signal: object) -> None:
    if _is_by_worker(sender):
        begin_limit(LONGEST)


def _end(*, sender: object, **_signal: object) -> None:
    if _is_by_worker(sender):
        end_limit()


def _is_by_worker(sender: object) -> bool:
    """Check that the signal is the worker's: django-tasks-db sends the backend at one
    time, and its class at another."""
    return sender is DatabaseBackend or isinstance(sender, DatabaseBackend)


def _forget_words(*, instance: DBTaskResult[Any, Any], **_signal: object) -> None:
    instance.traceback = list_places(instance.traceback)


class Worker(db_worker.Worker):
    """Does what waits in the queue, and comes back when nothing does."""

    def __init__(self, worker_id: str, alive: Callable[..., None]) -> None:
        super().__init__(
            queue_names=["*"],
            # In a batch the worker returns when the queue is empty, so that the loop
            # around it can report to the watchdog between two rounds.
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
        began = time.monotonic()
        super().run_task(row)
        self.alive(within=ROUND)
        if row.priority < 0 and self.running:
            time.sleep(min(RESTS * (time.monotonic() - began), LONGEST_REST))

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """End at once, or after the current task, which has ten seconds."""
        super().shutdown(signum, frame)
        # systemd kills the process after 20 seconds. What is cut off here before that
        # is stored as failed, with its reason, and can be run again.
        begin_limit(FAREWELL)
