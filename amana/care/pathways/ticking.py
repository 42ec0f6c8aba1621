"""What the clock does on a case's way: waits that are over, a word before a deadline,
and a word to those who have to know that it has passed. Twice does no harm."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from amana.care.pathways import actions, status, tasks
from amana.care.pathways.events import step_asked
from amana.care.pathways.models import OpenTask, PathwayRun, PendingSignal
from amana.design.pathway.pathway_model import Do
from amana.errors import Refused
from amana.trust.audit import log
from amana.turns import run_in_turn

problems = logging.getLogger(__name__)


def run_due_work(now: datetime | None = None) -> int:
    """Do all that the clock has to do now; how many things were done."""
    return run_in_turn(iterate_due(now or timezone.now()))


def iterate_due(moment: datetime) -> Iterator[Callable[[], bool]]:
    """Yield what is due, each looked for once what comes before it is done."""
    for awaited in list(PendingSignal.objects.expired(moment).order_by("until", "pk")):
        yield partial(expire_wait, awaited)
    for due in list_dues(
        OpenTask.objects.to_remind(moment).order_by("remind_at", "pk")
    ):
        yield partial(send_reminder, due, moment)
    for due in list_dues(OpenTask.objects.to_tell(moment).order_by("due_at", "pk")):
        yield partial(notify_late_step, due, moment)


def list_dues(dues: QuerySet[OpenTask]) -> list[OpenTask]:
    return list(dues.select_related("course__version", "case"))


def expire_wait(one: PendingSignal) -> bool:
    """End a wait. A case that can't continue is logged, and holds up no other."""
    try:
        return actions.expire_wait(one.course, one.key)
    except Refused as no:
        problems.error("wait %s can't end: %s", one.pk, type(no.__cause__ or no))
        return False


@transaction.atomic
def send_reminder(due: OpenTask, now: datetime) -> bool:
    """Remind those who do a step, while there is still time."""
    free = OpenTask.objects.filter(pk=due.pk, reminded_at=None)
    # Compare and set: of two clocks that find the same row, one alone reminds.
    if not free.update(reminded_at=now):
        return False
    log.record("reminded of step", due.course, by=None, case=due.case_id)
    tasks.notify_role.enqueue(str(due.course_id), due.role, due.key)
    step_asked.send(PathwayRun, course=due.course, role=due.role, step=due.key)
    return True


@transaction.atomic
def notify_late_step(due: OpenTask, now: datetime) -> bool:
    """Notify the roles that the mechanism names for a late step; without any, those who
    do it."""
    free = OpenTask.objects.filter(pk=due.pk, told_at=None)
    if not free.update(told_at=now):
        return False
    step = status.get_pathway(due.course).steps.get(due.step)
    late = step.late if isinstance(step, Do) else ()
    log.record(
        "told of late step", due.course, by=None, case=due.case_id, roles=list(late)
    )
    for role in late or (due.role,):
        tasks.notify_role.enqueue(str(due.course_id), role, due.key)
        step_asked.send(PathwayRun, course=due.course, role=role, step=due.key)
    return True
