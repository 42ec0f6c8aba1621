"""What a kind of notification is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from amana.notifications.models import NotificationTopic
from amana.trust.access.models.organisations import User


@dataclass(frozen=True)
class NotificationText:
    """What a notification shows: what changed, and for which case; codes alone."""

    what: str = ""
    """Instead of the label of its kind."""
    need: str = ""
    reference: str = ""
    who: str = ""
    """The other team."""
    urgency: str = ""


type Rows = Callable[[User, date], QuerySet[Any]]


type Describe = Callable[[Any], NotificationText]


type Address = Callable[[Any, User], str]


@dataclass(frozen=True)
class NotificationKind:
    """Notifications about rows of one model, that a rule lets the person see today."""

    whats: tuple[NotificationTopic, ...]
    rows: Rows
    line: Describe
    address: Address
    """The page of such a row."""
    beside: tuple[str, ...] = ()
    """What is loaded along."""
    id: str = "pk"
    """The column by which a notification names its row."""
    by_number: bool = False
    by_day: bool = False
    """Whether what one sees depends on the day."""

    @property
    def column(self) -> str:
        return "number" if self.by_number else "object"

    def lines(
        self, ids: Iterable[UUID | int], user: User, day: date
    ) -> dict[UUID | int, NotificationText]:
        """Map each id that `user` may still see to its line."""
        found = self.rows(user, day).filter(**{f"{self.id}__in": list(ids)})
        rows = found.order_by("-pk")
        if self.beside:
            rows = rows.select_related(*self.beside)
        return {self.id_of(row): self.line(row) for row in rows}

    def page_of(self, id: UUID | int, user: User, day: date) -> str:
        """Build the address of one of them; empty where `user` no longer sees it."""
        row = self.rows(user, day).filter(**{self.id: id}).order_by("pk").first()
        return self.address(row, user) if row else ""

    def id_of(self, row: object) -> UUID | int:
        name = "pk" if self.id == "pk" else f"{self.id}_id"
        found: UUID | int = getattr(row, name)
        return found


def build_address(name: str, id: str = "pk") -> Address:
    """Return what builds the address of the page of that name, with this id of the
    row."""
    return lambda row, user: reverse(name, args=[getattr(row, id)])
