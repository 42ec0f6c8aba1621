"""What upper rooms add to the lists of referrals, without this room knowing them.

A room registers in its `apps.ready()`; a list asks each what concerns its reader."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise

from amana.care.lists.ranking import compute_rank
from amana.care.referrals.models import Referral
from amana.registry import Registry
from amana.trust.access.models import Team, User


@dataclass(frozen=True)
class ListSection:
    """A part above a list: `load` gives what `template` shows as `shown`."""

    template: str
    load: Callable[[User], object]


@dataclass(frozen=True)
class LoadedSection:
    template: str
    shown: object


SENT: Registry[ListSection] = Registry()
"""Above what a team sent and others have to answer."""


def load_parts(parts: Registry[ListSection], user: User) -> list[LoadedSection]:
    loaded = [LoadedSection(part.template, part.load(user)) for part in parts]
    return [part for part in loaded if part.shown]


class ReceivedRow(Protocol):
    """A line of the inbox, whichever room it is from."""

    @property
    def kind(self) -> str | Promise:
        """What it is, where it is not a referral."""

    @property
    def url(self) -> str: ...
    @property
    def urgency(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def urgency_words(self) -> str | Promise: ...
    @property
    def urgency_tone(self) -> str: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def lateness(self) -> str: ...
    @property
    def needed(self) -> str | Promise: ...
    @property
    def service_name(self) -> str: ...
    @property
    def sender(self) -> Team: ...
    @property
    def stands(self) -> str | Promise: ...
    @property
    def tone(self) -> str: ...


RECEIVED: Registry[Callable[[User], list[Any]]] = Registry()
"""Of other rooms, what teams have to answer: each gives rows as `ReceivedRow`."""


def load_received(user: User) -> list[Any]:
    return [row for load in RECEIVED for row in load(user)]


def sort_received_rows(
    referrals: Iterable[Referral], others: Iterable[Any], now: datetime
) -> list[Any]:
    """Sort referrals and what other rooms ask, by urgency and lateness together."""
    return sorted([*referrals, *others], key=lambda row: compute_rank(row, now))
