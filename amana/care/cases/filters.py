"""What lists of cases can be filtered and sorted by. Nothing sealed is among it: the
order of a list would reveal what a sealed field holds."""

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
    DueWhat,
    Need,
    Urgency,
)
from amana.care.cases.rules import supervise_case
from amana.care.lists.ordering import BAND, RANKED, in_bands
from amana.design.directory.taxonomy import ServiceGroup
from amana.trust.access.kept import Kept
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.rules import teams_of
from amana.ui.lists import Column, Filter, ListDefinition, Options, Sort, codes_of

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Scope:
    """What the filters of a list of cases offer to its reader."""

    teams: Sequence[Team] = ()
    """Between which one can choose; none where the list is of one team."""
    workers: Sequence[Membership] = ()
    """The places in the list's team of those who work there; see `WORKERS`."""


def in_order(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    """Annotate cases with the band of each, by which they can be sorted."""
    return cases.annotate(**{BAND: in_bands(now)})


def rows(now: datetime) -> QuerySet[Case]:
    """Find cases with what a list shows of each."""
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
    """Restrict to cases with a need of this group that is not settled."""
    group = ServiceGroup(codes[0]).value
    # `Exists`, not a join: one lookup in the index `need_of_case` answers for a case,
    # and a case with two such needs is listed once.
    needs = Need.objects.unsettled().filter(case=OuterRef("pk"), group=group)
    return Q(Exists(needs))


def assigned_to(codes: list[str], _now: datetime) -> Q:
    assigned = Assignment.objects.current().filter(worker=int(codes[0]))
    return Q(pk__in=assigned.values("case"))


def places_of_workers(user: User) -> QuerySet[Membership]:
    """Find, in the teams that a user supervises, the places of keyholders, and of those
    who have left and are still assigned to a case that the user sees."""
    cases = supervise_case.among(Case.objects.all(), user)
    assigned = Assignment.objects.current().filter(
        worker=OuterRef("user"), case__in=cases
    )
    return (
        Membership.objects.filter(
            Q(ended_at=None, user__is_active=True) | Exists(assigned),
            confirmed_at__isnull=False,
            team__in=teams_of(user, Role.SUPERVISOR),
            role__in=KEYHOLDERS,
        )
        .select_related("user")
        .only("team", "ended_at", "user__name", "user__is_active")
    )


WORKERS = Kept(places_of_workers, User)


def teams_with_cases() -> QuerySet[Team]:
    """Find the teams with a colleague who can open a case, whether or not one is open
    now."""
    # Not the teams of open cases: to find those, all open cases would have to be read.
    places = Membership.objects.filter(team=OuterRef("pk"), role__in=KEYHOLDERS)
    return Team.objects.filter(Exists(places)).order_by("name", "pk")


def workers(scope: Scope) -> Iterator[tuple[str, str]]:
    """List each worker once, by name; those who hold no place any more are marked as
    having left."""
    still = {
        place.user_id
        for place in scope.workers
        if place.ended_at is None and place.user.is_active
    }
    names = {place.user_id: place.user.name for place in scope.workers}
    for pk, name in sorted(names.items(), key=lambda row: (row[1], row[0])):
        left = pk not in still
        yield str(pk), _("%(name)s (has left)") % {"name": name} if left else name


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

# --- the lists

BY_RANK = Sort(
    "rank",
    gettext_lazy("Urgency and lateness"),
    RANKED,
    gettext_lazy("Most urgent and overdue first."),
)
BY_DEADLINE = Sort("deadline", gettext_lazy("Deadline"), ("due_at", "pk"))
BY_OPENING = Sort("opened", gettext_lazy("Newest first"), ("-opened_at", "-pk"))
BY_CLOSING = Sort(
    "closed", gettext_lazy("Most recently closed first"), ("-closed_at", "-pk")
)

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
    Column(gettext_lazy("Closed"), BY_CLOSING),
    Column(gettext_lazy("Opened"), BY_OPENING),
)

MINE = ListDefinition((URGENCY, DEADLINE, NEED, NEXT, TEAM, OPENED), HEADINGS)
MINE_CLOSED = ListDefinition((URGENCY, TEAM, CLOSED), WHEN_CLOSED)
OF_TEAM = ListDefinition(
    (URGENCY, DEADLINE, NEED, NEXT, WORKER, OPENED), HEADINGS, usual=BY_DEADLINE
)
"""A team may have thousands of cases, which are in the index by their deadline."""
OF_TEAM_CLOSED = ListDefinition((URGENCY, WORKER, CLOSED), WHEN_CLOSED)
WATCHED = ListDefinition(
    (URGENCY, DEADLINE, NEXT, TEAM, OPENED),
    (
        Column(gettext_lazy("Case")),
        Column(gettext_lazy("Team")),
        Column(gettext_lazy("Urgency"), BY_RANK),
        Column(gettext_lazy("Outstanding needs")),
        Column(gettext_lazy("Next")),
        Column(gettext_lazy("Deadline"), BY_DEADLINE),
    ),
    usual=BY_DEADLINE,
)
