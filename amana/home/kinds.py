"""What a task is, and where the tasks of one kind are found."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from amana.care.cases.models import Urgency
from amana.trust.access.models import Role, User
from amana.trust.access.prepared import BoundQuery, DynamicQuery, PreparedQuery

type Questions = Iterator[BoundQuery[Any] | DynamicQuery[Any]]
"""Questions in the order of an index, of which the first rows are wanted."""

type Find = PreparedQuery[Any] | Callable[[User, datetime], Questions]
"""A question about a user, and what time it is; or what yields several."""


class TaskSection(StrEnum):
    """Where on the page a kind of task stands."""

    TASKS = "tasks"
    APPOINTMENTS = "appointments"
    WAITING_ON = "waiting_on"
    HOUSEKEEPING = "housekeeping"
    """Counted, one line a kind: it can wait, and is done on one page."""


@dataclass(frozen=True)
class Task:
    """One thing to be done: what, about whom or what, how urgent, by when."""

    due_at: datetime | None
    title: str
    about: str
    """The service, team or thing; empty where the case says enough."""
    url: str
    urgency: str = ""
    case: UUID | None = None
    """Whose name on its card is shown with the reference, if one's keys open it."""
    reference: str = ""
    """Of the case."""
    name: str = ""
    since: bool = False
    """Nothing runs out: `due_at` is since when it waits."""
    icon: str = "tasks"
    """Of the kind of help, where it is about one."""

    def named(self, names: Mapping[UUID, str]) -> Self:
        return replace(self, name=names.get(self.case, "")) if self.case else self

    @property
    def urgency_label(self) -> str:
        return str(Urgency(self.urgency).label) if self.urgency else ""

    @property
    def urgency_tone(self) -> str:
        return Urgency(self.urgency).tone if self.urgency else "plain"


@dataclass(frozen=True)
class TaskKind:
    """One kind of task, for those who hold one of `roles`; None: for everyone."""

    label: str | Promise
    """Of the list of all of them; of housekeeping, of its line."""
    roles: frozenset[Role] | None
    find: Find
    task: Callable[[Any], Task]
    all: str
    """The name of the page that lists all of them; empty: another kind's does."""
    section: TaskSection = TaskSection.TASKS
    only: str = ""
    """The part of that page's list that are these tasks."""

    def is_for(self, user: User) -> bool:
        return self.roles is None or bool(self.roles & user.roles)

    def questions(self, user: User, now: datetime) -> Questions:
        if isinstance(self.find, PreparedQuery):
            given = (user, now)
            yield self.find.of(*given[: len(self.find.kinds)])
        else:
            yield from self.find(user, now)


def compute_day(now: datetime) -> tuple[datetime, datetime]:
    """Return the beginning and the end of the day, here."""
    begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return begins, begins + timedelta(days=1)
