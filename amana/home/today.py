"""Your tasks: what to do now, who is expected today, who has to act for you, and what
can be done when there is time.

All kinds of tasks are asked for in one query, whatever a person's roles; so the page
costs the same for everyone, and on a full day as on an empty one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from amana.care.lists.ranking import PriorityBand, compute_rank, get_band
from amana.home import care, keys, learning, policy, recovery, voices
from amana.home.kinds import Task, TaskKind, TaskSection
from amana.trust.access.models import ANSWERING, KEYHOLDERS, User
from amana.trust.access.prepared import (
    BoundQuery,
    DynamicQuery,
    IdQuery,
    Worded,
    ask_together,
)
from amana.trust.vault import cards
from amana.trust.vault.keys import Keyring
from amana.ui import badges
from amana.ui.lists import ONLY

EACH = 10
"""So many tasks of one question are looked for."""

COUNTED = 100
"""So many of a kind of housekeeping are counted."""

SHOWN = 20
"""So many tasks stand on the page; the lists behind it have the rest."""

KINDS: tuple[TaskKind, ...] = (
    *care.KINDS,
    *learning.KINDS,
    *voices.KINDS,
    *policy.KINDS,
    *recovery.KINDS,
    *keys.KINDS,
)


@dataclass(frozen=True)
class HousekeepingTask:
    """Housekeeping of one kind: how many, and the page on which all are done."""

    label: str | Promise
    count: int
    url: str

    @property
    def amount(self) -> str:
        return f"{COUNTED}+" if self.count >= COUNTED else str(self.count)


@dataclass(frozen=True)
class TodayPage:
    """What the page of one person shows."""

    now: list[Task]
    """Late, due within a day, or an emergency; the first to be done first."""
    later: list[Task]
    appointments: list[Task]
    waiting_on: list[Task]
    housekeeping: list[HousekeepingTask]
    lists: list[TaskKind]
    """Where there are more tasks than the page shows."""
    waiting_lists: list[TaskKind]
    """And more that others have to do."""

    @property
    def tasks(self) -> list[Task]:
        return [*self.now, *self.later]


def build_day(user: User) -> TodayPage:
    """Find and rank the tasks of a user. One query, and those for the names (ADR
    47)."""
    now = timezone.now()
    found = list(iterate_rows(user, now))
    tasks = list_tasks(found, TaskSection.TASKS)
    tasks = sorted(tasks, key=lambda task: compute_rank(task, now))[:SHOWN]
    appointments = list_tasks(found, TaskSection.APPOINTMENTS)
    waiting_on = list_tasks(found, TaskSection.WAITING_ON)
    waiting_on = sorted(waiting_on, key=lambda task: compute_rank(task, now))[:EACH]
    # Names come last: only the cards of tasks that are shown are opened, and the log
    # names these cases.
    names = map_case_names([*tasks, *appointments, *waiting_on], user)
    tasks = [task.named(names) for task in tasks]
    return TodayPage(
        now=[task for task in tasks if is_for_now(task, now)],
        later=[task for task in tasks if not is_for_now(task, now)],
        appointments=sorted(
            (task.named(names) for task in appointments), key=get_appointment_time
        ),
        waiting_on=[task.named(names) for task in waiting_on],
        housekeeping=list(iterate_chores(found)),
        lists=list_pages(found, TaskSection.TASKS),
        waiting_lists=list_pages(found, TaskSection.WAITING_ON),
    )


type Rows = list[Any]
type Found = list[tuple[TaskKind, Rows]]


def iterate_rows(user: User, now: datetime) -> Iterator[tuple[TaskKind, Rows]]:
    """Yield the first rows of each kind of which there is any: what its tasks are made
    of; of housekeeping, which is counted, ids alone.
    """
    kinds: list[TaskKind] = []
    questions: list[tuple[BoundQuery[Any] | DynamicQuery[Any] | IdQuery, int]] = []
    for kind in KINDS:
        if kind.is_for(user):
            counted = kind.section is TaskSection.HOUSEKEEPING
            for question in kind.questions(user, now):
                kinds.append(kind)
                questions.append(
                    (IdQuery(question), COUNTED) if counted else (question, EACH)
                )
    for kind, rows in zip(kinds, ask_together(questions), strict=True):
        if rows:
            yield kind, rows


def iterate_task_queries(user: User) -> Iterator[Worded]:
    """Yield the queries that count tasks for the badge: not what can wait, nor what
    others have to do.
    """
    now = timezone.now()
    for kind in KINDS:
        if kind.section is TaskSection.TASKS and kind.is_for(user):
            for question in kind.questions(user, now):
                yield question.some(badges.AT_MOST)


def list_tasks(found: Found, section: TaskSection) -> list[Task]:
    return [
        kind.task(row)
        for kind, rows in found
        if kind.section is section
        for row in rows
    ]


def is_for_now(task: Task, now: datetime) -> bool:
    """Check whether a task belongs under "Act now"; one without a deadline waits
    already.
    """
    if task.due_at is None or task.since:
        return True
    urgent = get_band(task, now) in (PriorityBand.EMERGENCY, PriorityBand.HIGH_LATE)
    return urgent or task.due_at <= now + care.SOON


def get_appointment_time(task: Task) -> tuple[bool, datetime | None]:
    return task.due_at is None, task.due_at


def iterate_chores(found: Found) -> Iterator[HousekeepingTask]:
    """Yield one line for each kind of housekeeping, however many there are of it."""
    for kind, rows in found:
        if kind.section is TaskSection.HOUSEKEEPING:
            only = f"?{ONLY}={kind.only}" if kind.only else ""
            yield HousekeepingTask(kind.label, len(rows), reverse(kind.all) + only)


def list_pages(found: Found, section: TaskSection) -> list[TaskKind]:
    """List the pages on which all tasks of a section are found, each once."""
    kinds = [kind for kind, _rows in found if kind.section is section]
    return list({kind.all: kind for kind in kinds if kind.all}.values())


def map_case_names(tasks: Iterable[Task], user: User) -> dict[UUID, str]:
    """Map cases to the names on their cards, where the reader's own keys open them."""
    wanted = {task.case for task in tasks if task.case}
    if not wanted or not isinstance(user.keyring, Keyring):
        return {}
    opened = cards.open_cards(by=user, cases=Q(case__in=wanted), purpose="today")
    return {case: str(card.get("name") or "") for case, card in opened}


def holds_keys(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and bool(request.user.roles & KEYHOLDERS)


def has_answering_role(request: HttpRequest) -> bool:
    """Check whether they read what is sent to a team of theirs."""
    return isinstance(request.user, User) and bool(request.user.roles & set(ANSWERING))
