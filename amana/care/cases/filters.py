"""What lists of cases can be filtered and sorted by. Nothing sealed is among it: a
sealed field would tell by the order in which cases stand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases.models import (
    Assignment,
    Case,
    ClosureReason,
    DueWhat,
    Need,
    Urgency,
)
from amana.care.cases.rules import supervise_case
from amana.care.lists.ordering import BAND, RANKED, in_bands
from amana.design.directory.taxonomy import ServiceGroup
from amana.trust.access.models import KEYHOLDERS, Membership, Team, User
from amana.ui.lists import Column, Filter, ListDefinition, Options, Sort, codes_of

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Scope:
    """Of whom a list of cases is, for what its filters offer."""

    user: User
    teams: Sequence[Team]
    """The teams between which one can choose; none where the list is of one team."""
    team: Team | None = None
    """The team whose list it is."""


def in_order(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    """Cases with the band of each, by which they can be sorted."""
    return cases.annotate(**{BAND: in_bands(now)})


def rows(now: datetime) -> QuerySet[Case]:
    """Return what a list shows of a case."""
    return in_order(Case.objects.for_list(), now)


# --- filters that several lists share


def due_when(codes: list[str], now: datetime) -> Q:
    return {
        "late": Q(due_at__lt=now),
        "day": Q(due_at__gte=now, due_at__lt=now + DAY),
        "week": Q(due_at__gte=now, due_at__lt=now + WEEK),
    }[codes[0]]


def since(column: str) -> Callable[[list[str], datetime], Q]:
    def where(codes: list[str], now: datetime) -> Q:
        return {
            "day": Q(**{f"{column}__gte": now - DAY}),
            "week": Q(**{f"{column}__gte": now - WEEK}),
            "month": Q(**{f"{column}__gte": now - MONTH}),
            "older": Q(**{f"{column}__lt": now - MONTH}),
        }[codes[0]]

    return where


DUE_WHEN = (
    ("late", gettext_lazy("Overdue")),
    ("day", gettext_lazy("Due within 24 hours")),
    ("week", gettext_lazy("Due within 7 days")),
)
SINCE = (
    ("day", gettext_lazy("Last 24 hours")),
    ("week", gettext_lazy("Last 7 days")),
    ("month", gettext_lazy("Last 30 days")),
    ("older", gettext_lazy("More than 30 days ago")),
)

URGENCY: Filter[Any] = Filter(
    "urgency",
    gettext_lazy("Urgency"),
    codes_of(Urgency.choices),
    lambda codes, _now: Q(urgency__in=codes),
    several=True,
)
DEADLINE: Filter[Any] = Filter(
    "due", gettext_lazy("Deadline"), codes_of(DUE_WHEN), due_when
)


# --- filters of cases


def needs_of_group(codes: list[str], _now: datetime) -> Q:
    """Cases with a need of this kind that is not settled."""
    wanted = Need.objects.unsettled().filter(type__in=ServiceGroup(codes[0]).types)
    return Q(Exists(wanted.filter(case=OuterRef("pk"))))


def assigned_to(codes: list[str], _now: datetime) -> Q:
    assigned = Assignment.objects.current().filter(worker=int(codes[0]))
    return Q(pk__in=assigned.values("case"))


def workers(scope: Scope) -> Iterator[tuple[str, str]]:
    """The team's keyholders, and those who have left it and are still assigned to a
    case that the reader supervises."""
    if scope.team is None:
        return
    cases = supervise_case.among(Case.objects.filter(team=scope.team), scope.user)
    assigned = Assignment.objects.current().filter(
        worker=OuterRef("user"), case__in=cases
    )
    places = Membership.objects.filter(
        Q(ended_at=None, user__is_active=True) | Exists(assigned),
        confirmed_at__isnull=False,
        team=scope.team,
        role__in=KEYHOLDERS,
    )
    rows = places.values_list("user", "user__name", "user__is_active", "ended_at")
    found: dict[int, tuple[str, bool]] = {}
    for pk, name, is_active, ended_at in rows.order_by("user__name", "user"):
        still = bool(is_active and ended_at is None)
        found[pk] = (name, still or (pk in found and found[pk][1]))
    for pk, (name, still) in found.items():
        yield str(pk), name if still else _("%(name)s (has left)") % {"name": name}


def teams(scope: Scope) -> Options:
    if len(scope.teams) > 1:
        yield from ((str(team.pk), team.name) for team in scope.teams)


NEED: Filter[Scope] = Filter(
    "need", gettext_lazy("Need"), codes_of(ServiceGroup.choices), needs_of_group
)
NEXT: Filter[Scope] = Filter(
    "next",
    gettext_lazy("Next"),
    codes_of(DueWhat.choices),
    lambda codes, _now: Q(due_what__in=codes),
)
WORKER: Filter[Scope] = Filter("worker", gettext_lazy("Worker"), workers, assigned_to)
TEAM: Filter[Scope] = Filter(
    "of",
    gettext_lazy("Team"),
    teams,
    lambda codes, _now: Q(team=int(codes[0])),
)
OPENED: Filter[Scope] = Filter(
    "opened", gettext_lazy("Opened"), codes_of(SINCE), since("opened_at")
)
CLOSED: Filter[Scope] = Filter(
    "ended", gettext_lazy("Closed"), codes_of(SINCE), since("closed_at")
)
REASON: Filter[Scope] = Filter(
    "reason",
    gettext_lazy("Reason"),
    codes_of(ClosureReason.choices),
    lambda codes, _now: Q(closure_reason__in=codes),
)

# --- the lists

BY_RANK = Sort("rank", gettext_lazy("Urgency and lateness"), RANKED)
BY_DEADLINE = Sort("deadline", gettext_lazy("Deadline"), ("due_at", "pk"))
BY_OPENING = Sort("opened", gettext_lazy("Newest first"), ("-opened_at", "-pk"))
BY_CLOSING = Sort("closed", gettext_lazy("Last closed first"), ("-closed_at", "-pk"))

HEADINGS = (
    Column(gettext_lazy("Person")),
    Column(gettext_lazy("Case")),
    Column(gettext_lazy("Urgency"), BY_RANK),
    Column(gettext_lazy("Next")),
    Column(gettext_lazy("Deadline"), BY_DEADLINE),
    Column(gettext_lazy("Opened"), BY_OPENING),
)
WHEN_CLOSED = (
    Column(gettext_lazy("Person")),
    Column(gettext_lazy("Case")),
    Column(gettext_lazy("Urgency")),
    Column(gettext_lazy("Reason")),
    Column(gettext_lazy("Closed"), BY_CLOSING),
    Column(gettext_lazy("Opened"), BY_OPENING),
)

MINE = ListDefinition((URGENCY, DEADLINE, NEED, NEXT, TEAM, OPENED), HEADINGS)
MINE_CLOSED = ListDefinition((URGENCY, REASON, TEAM, CLOSED), WHEN_CLOSED)
OF_TEAM = ListDefinition((URGENCY, DEADLINE, NEED, NEXT, WORKER, OPENED), HEADINGS)
OF_TEAM_CLOSED = ListDefinition((URGENCY, REASON, WORKER, CLOSED), WHEN_CLOSED)
