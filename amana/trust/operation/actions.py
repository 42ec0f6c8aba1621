"""Run background tasks that failed once more, or give them up."""

from django.db import transaction
from django.tasks import TaskResultStatus
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from amana.errors import Changed
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.operation import queue
from amana.trust.operation.queue import Task
from amana.trust.operation.rules import tend_task

FRESH = {
    "status": TaskResultStatus.READY,
    "started_at": None,
    "finished_at": None,
    "exception_class_path": "",
    "traceback": "",
}


@transaction.atomic
def run_task_again(task: Task, *, by: User) -> None:
    """Queue a failed task once more. Raises `Changed` where a colleague has already
    dealt with it."""
    tend_task.require(by, task)
    # The condition is part of the UPDATE: of two people who press at once, one changes
    # the row and the other is refused, so no message is sent twice.
    if not DBTaskResult.objects.filter(queue.match_failed_tasks(), pk=task.pk).update(
        **FRESH
    ):
        raise Changed(_("A colleague has already dealt with this task."))
    log.record("ran task again", task, by=by)


@transaction.atomic
def run_tasks_again(*, by: User) -> int:
    """Queue all failed tasks once more, and return how many."""
    tasks = tend_task.among(DBTaskResult.objects.select_for_update(), by)
    # In one order, so that two people who press at once wait for each other instead of
    # locking each other out.
    found = list(tasks.order_by("pk"))
    for task in found:
        run_task_again(task, by=by)
    return len(found)


@transaction.atomic
def discard_task(task: Task, *, by: User) -> None:
    """Give up a failed task that can't succeed any more. Raises `Changed` where a
    colleague has already dealt with it."""
    tend_task.require(by, task)
    if not DBTaskResult.objects.filter(queue.match_failed_tasks(), pk=task.pk).delete()[
        0
    ]:
        raise Changed(_("A colleague has already dealt with this task."))
    log.record("discarded task", task, by=by, kind=task.task_path)
