"""Background tasks that failed, for administrators."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST
from django_tasks_db.models import DBTaskResult

from amana.trust.access.http import Request
from amana.trust.access.models import ADMINISTRATORS
from amana.trust.access.rules import NotAmong, holds
from amana.trust.operation import actions, queue
from amana.trust.operation.queue import Task
from amana.trust.operation.rules import tend_task
from amana.ui.http import done, show
from amana.ui.paging import page


@require_GET
def tasks(request: Request) -> HttpResponse:
    """Those that failed, newest first; how many wait, and since when."""
    if not holds(request.user, ADMINISTRATORS):
        raise NotAmong(tend_task, DBTaskResult, {})
    failed = tend_task.among(DBTaskResult.objects.all(), request.user)
    waiting = queue.waiting()
    shown = page(failed, request, key=("-enqueued_at", "-pk"))
    return show(
        request,
        "operation/tasks.html",
        {
            "shown": shown,
            "failures": [queue.describe(task) for task in shown],
            "waiting": waiting.count(),
            "oldest": waiting.order_by("enqueued_at").first(),
        },
    )


def find(request: Request, pk: UUID) -> Task:
    return tend_task.find(DBTaskResult.objects.all(), request.user, pk=pk)


@require_POST
def run_again(request: Request, pk: UUID) -> HttpResponse:
    actions.run_again(find(request, pk), by=request.user)
    return done(request, then="operation:tasks")


@require_POST
def run_all_again(request: Request) -> HttpResponse:
    if not holds(request.user, ADMINISTRATORS):
        raise NotAmong(tend_task, DBTaskResult, {})
    actions.run_all_again(by=request.user)
    return done(request, then="operation:tasks")


@require_POST
def discard(request: Request, pk: UUID) -> HttpResponse:
    actions.discard(find(request, pk), by=request.user)
    return done(request, then="operation:tasks")
