"""What holds for every background task: it ends in time, and what is kept of its
mistake names nobody."""

from datetime import timedelta
from typing import Any

from django.db.models.signals import pre_save
from django.tasks.signals import task_finished, task_started
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from amana.unattended import begin_limit, end_limit, places

LONGEST = timedelta(minutes=15)
"""The check of a long log takes some minutes; what hangs would hold up all others."""


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
