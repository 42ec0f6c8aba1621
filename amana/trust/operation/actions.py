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
def run_again(task: Task, *, by: User) -> None:
    """Put a task that failed into the queue once more."""
    tend_task.require(by, task)
    if not DBTaskResult.objects.filter(queue.failed(), pk=task.pk).update(**FRESH):
        raise Changed(_("A colleague has already dealt with this task."))
    log.record("ran task again", task, by=by)


@transaction.atomic
def run_all_again(*, by: User) -> int:
    """Put all that failed into the queue once more, and say how many."""
    tasks = tend_task.among(DBTaskResult.objects.select_for_update(), by)
    found = list(tasks.order_by("pk"))
    for task in found:
        run_again(task, by=by)
    return len(found)


@transaction.atomic
def discard(task: Task, *, by: User) -> None:
    """Give up a task that failed: it can't succeed any more."""
    tend_task.require(by, task)
    if not DBTaskResult.objects.filter(queue.failed(), pk=task.pk).delete()[0]:
        raise Changed(_("A colleague has already dealt with this task."))
    log.record("discarded task", task, by=by, kind=task.task_path)
