"""Whose access list someone may see, told by the rooms that know the people.

The room of cases registers how it finds one, in its `apps.ready()`:

    subjects.FINDERS.append(find)
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from amana.registry import Registry
from amana.trust.access.models import User


@dataclass(frozen=True)
class LogSubject:
    """A case by a name that says nothing, and the page from which one came."""

    name: str
    url: str


FINDERS: Registry[Callable[[User, UUID], LogSubject | None]] = Registry()


def find_subject(case: UUID, user: User) -> LogSubject | None:
    """Find the case, for someone who sees it."""
    found = (look(user, case) for look in FINDERS)
    return next((subject for subject in found if subject is not None), None)
