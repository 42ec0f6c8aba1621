"""What one thing that waits is, and where things of its kind are found."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.utils.functional import Promise

from amana.trust.access.kept import Anew, Asked, Kept
from amana.trust.access.models import Role, User

type Branches = Iterator[Asked[Any] | Anew[Any]]
"""Questions in the order of an index, of which the first rows are wanted."""

type Find = Kept[Any] | Callable[[User, datetime], Branches]
"""A question about somebody, and what time it is; or what yields several."""


@dataclass(frozen=True)
class Item:
    """One thing that waits: what it is, for whom (a reference), by when."""

    at: datetime | None
    what: str
    about: str
    url: str
    case: UUID | None = None
    name: str = ""
    since: bool = False
    """Nothing runs out: `at` is since when it waits."""

    def named(self, names: Mapping[UUID, str]) -> Self:
        return replace(self, name=names.get(self.case, "")) if self.case else self


@dataclass(frozen=True)
class Kind:
    """One kind of thing that waits, for those who hold one of `roles`."""

    label: str | Promise
    roles: frozenset[Role]
    find: Find
    item: Callable[[Any], Item]
    all: str
    """The name of the page that lists all of them; empty: another kind's does."""
    quiet: bool = False
    """Can wait: looked for only on a day that has room for it, and then a few."""

    def branches(self, user: User, now: datetime) -> Branches:
        if isinstance(self.find, Kept):
            given = (user, now)
            yield self.find.of(*given[: len(self.find.kinds)])
        else:
            yield from self.find(user, now)
