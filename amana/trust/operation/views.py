"""The pages of operation: whether the server does its work, and background tasks that
failed."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST
from django_tasks_db.models import DBTaskResult

from amana.trust.access.http import Request
from amana.trust.access.models import ADMINISTRATORS
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.alarms.models import TimerRun
from amana.trust.backup import present_backups
from amana.trust.operation import actions, checks, metrics, queue
from amana.trust.operation.queue import Task
from amana.trust.operation.rules import tend_task
from amana.ui import clocks
from amana.ui.http import done, show
from amana.ui.paging import find_page


@require_GET
def state(request: Request) -> HttpResponse:
    """Show what is wrong and how to fix it, what is well, and when each timer last
    ran."""
    _require(request)
    # Only what needs neither the network nor the whole disk: a page must not hang on
    # the very fault that it should report.
    results, backup = (
        checks.run_checks(only_quick=True),
        present_backups.get_last_backup(),
    )
    return show(
        request,
        "operation/state.html",
        {
            "wrong": [result for result in results if result.finding],
            "well": [result for result in results if not result.finding],
            "version": metrics.read_version(),
            "waiting": queue.find_waiting_tasks().count(),
            "failed": queue.find_failed_tasks().count(),
            "backup": backup,
            "backup_age": clocks.format_age(backup) if backup else "",
            "disks": checks.measure_free_space(),
            "timers": TimerRun.objects.order_by("command"),
        },
    )


def _require(request: Request) -> None:
    if not has_role(request.user, ADMINISTRATORS):
        raise NotAccessible(tend_task, DBTaskResult, {})


@require_GET
def tasks(request: Request) -> HttpResponse:
    """Show the failed tasks, newest first; how many wait, and since when."""
    _require(request)
    failed = tend_task.among(DBTaskResult.objects.all(), request.user)
    waiting = queue.find_waiting_tasks()
    shown = find_page(failed, request, key=("-enqueued_at", "-pk"))
    return show(
        request,
        "operation/tasks.html",
        {
            "shown": shown,
            "failures": [queue.build_failure(task) for task in shown],
            "waiting": waiting.count(),
            "oldest": waiting.order_by("enqueued_at").first(),
        },
    )


def find(request: Request, pk: UUID) -> Task:
    return tend_task.find(DBTaskResult.objects.all(), request.user, pk=pk)


@require_POST
def run_again(request: Request, pk: UUID) -> HttpResponse:
    actions.run_task_again(find(request, pk), by=request.user)
    return done(request, then="operation:tasks")


@require_POST
def run_all_again(request: Request) -> HttpResponse:
    _require(request)
    actions.run_tasks_again(by=request.user)
    return done(request, then="operation:tasks")


@require_POST
def discard(request: Request, pk: UUID) -> HttpResponse:
    actions.discard_task(find(request, pk), by=request.user)
    return done(request, then="operation:tasks")
