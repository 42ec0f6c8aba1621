"""Which kinds of record have a clock, told by the rooms that keep them.

The room of cases registers its two in its `apps.ready()`:

    kinds.KINDS.append(Kind("case", ...))
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from amana.registry import Registry
from amana.trust.access.models import User
from amana.trust.access.rules import Rule
from amana.trust.retention.terms import Terms


def get_own_id(row: Model) -> UUID:
    found: UUID = row.pk
    return found


type Words = str | Promise


@dataclass(frozen=True)
class RecordKind:
    """Records of people: each is erased by itself, and can be held."""

    code: str
    label: Words
    counted_from: Words
    rows: Callable[[], QuerySet[Any]]
    expired: Callable[[Terms, datetime], QuerySet[Any]]
    """Those whose time is over by then."""
    erase: Callable[[Any], Iterable[UUID]]
    """Erases one, and gives the ids of the keys that were destroyed."""
    until: Callable[[Any, Terms], date | None]
    """Until when one is kept; None: its time has not begun."""
    name: Callable[[Any], str] = str
    is_over: Callable[[Any, Terms, datetime], bool] = lambda row, terms, now: True
    """Whether the log, which no one can change, also shows that its time is over."""
    is_counted: bool = False
    """Whether many of it in one night are too many, unless a person says so."""
    held_with: Callable[[Any], UUID] = get_own_id
    """Of which record a hold keeps this one too."""
    answering: Callable[[Any], Iterable[int]] = lambda row: ()
    """Who answers for one: they hear of what is decided about it."""
    seen: Rule | None = None
    """Who knows of one: they write down what the person asks for."""
    overseen: Rule | None = None
    """Who sees when it ends, and decides on holds and requests."""


@dataclass(frozen=True)
class RecordSweep:
    """What is cleared away by the lot, once its time is over."""

    code: str
    label: Words
    counted_from: Words
    clear: Callable[[Terms, datetime, Collection[UUID]], int]
    """Given the records that are held: how many were erased."""
    term: str = ""
    """Of the kind by whose time it goes, where it has none of its own."""


KINDS: Registry[RecordKind] = Registry()
SWEEPS: Registry[RecordSweep] = Registry()


def list_kinds() -> list[RecordKind | RecordSweep]:
    return [*KINDS, *SWEEPS]


def get_term_code(kind: RecordKind | RecordSweep) -> str:
    return (kind.term if isinstance(kind, RecordSweep) else "") or kind.code


def find_record(pk: UUID) -> tuple[RecordKind, Model] | None:
    """Find a record with its kind, whichever room keeps it; None: it has been
    erased.
    """
    for kind in KINDS:
        row = kind.rows().filter(pk=pk).first()
        if row is not None:
            return kind, row
    return None


def find_overseen(
    user: User, pk: UUID, pick: Callable[[RecordKind], Rule | None]
) -> Any:
    """Find a record with its kind, for a person whom the rule that `pick` chooses
    permits; None for others.
    """
    for kind in KINDS:
        rule = pick(kind)
        row = rule and rule.among(kind.rows(), user).filter(pk=pk).first()
        if row:
            return kind, row
    return None


def build_overseen_filter(user: User) -> Q:
    """Build the filter for what is about a record: those that `user` oversees."""
    return _about(user, lambda kind: kind.overseen)


def build_seen_filter(user: User) -> Q:
    """Build the filter for what is about a record: those that `user` knows of."""
    return _about(user, lambda kind: kind.seen)


def _about(user: User, pick: Callable[[RecordKind], Rule | None]) -> Q:
    # Matches nothing: without a rule for any kind, no one sees anything.
    found = Q(pk__in=())
    for kind in KINDS:
        if rule := pick(kind):
            records = rule.among(kind.rows(), user).order_by().values("pk")
            found |= Q(record__in=records)
    return found
