"""What lists of cases can be filtered and sorted by. Nothing sealed is among it: the
order of a list would reveal what a sealed field holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases.models import (
    Assignment,
    Case,
    DeadlineKind,
    Need,
    Urgency,
)
from amana.care.cases.rules import supervise_case
from amana.care.lists.ordering import BAND, RANKED, build_band_order
from amana.design.directory.taxonomy import ServiceGroup
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.prepared import PreparedQuery
from amana.trust.access.rules import find_team_ids
from amana.ui.lists import (
    ListColumn,
    ListDefinition,
    ListFilter,
    ListSort,
    Options,
    offer_codes,
)

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class CaseFilterScope:
    """What the filters of a list of cases offer to its reader."""

    teams: Sequence[Team] = ()
    """Between which one can choose; none where the list is of one team."""
    workers: Sequence[Membership] = ()
    """The places in the list's team of those who work there; see `WORKERS`."""


def annotate_band(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    """Annotate cases with the band of each, by which they can be sorted."""
    return cases.annotate(**{BAND: build_band_order(now)})


def find_rows(now: datetime) -> QuerySet[Case]:
    """Find cases with what a list shows of each."""
    return annotate_band(Case.objects.for_list(), now)


# --- filters that several lists share


def filter_by_deadline(codes: list[str], now: datetime) -> Q:
    return {
        "late": Q(due_at__lt=now),
        "day": Q(due_at__gte=now, due_at__lt=now + DAY),
        "week": Q(due_at__gte=now, due_at__lt=now + WEEK),
    }[codes[0]]


def build_since_filter(column: str) -> Callable[[list[str], datetime], Q]:
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

URGENCY: ListFilter[object] = ListFilter(
    "urgency",
    gettext_lazy("Urgency"),
    offer_codes(Urgency.choices),
    lambda codes, _now: Q(urgency__in=codes),
    several=True,
)
DEADLINE: ListFilter[object] = ListFilter(
    "due", gettext_lazy("Deadline"), offer_codes(DUE_WHEN), filter_by_deadline
)


# --- filters of cases


def filter_by_need_group(codes: list[str], _now: datetime) -> Q:
    """Restrict to cases with a need of this group that is not settled."""
    group = ServiceGroup(codes[0]).value
    # `Exists`, not a join: one lookup in the index `need_of_case` answers for a case,
    # and a case with two such needs is listed once.
    needs = Need.objects.unsettled().filter(case=OuterRef("pk"), group=group)
    return Q(Exists(needs))


def filter_by_worker(codes: list[str], _now: datetime) -> Q:
    assigned = Assignment.objects.current().filter(worker=int(codes[0]))
    return Q(pk__in=assigned.values("case"))


def find_worker_places(user: User) -> QuerySet[Membership]:
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
            team__in=find_team_ids(user, Role.SUPERVISOR),
            role__in=KEYHOLDERS,
        )
        .select_related("user")
        .only("team", "ended_at", "user__name", "user__is_active")
    )


WORKERS = PreparedQuery(find_worker_places, User)


def find_teams_with_cases() -> QuerySet[Team]:
    """Find the teams with a colleague who can open a case, whether or not one is open
    now."""
    # Not the teams of open cases: to find those, all open cases would have to be read.
    places = Membership.objects.filter(team=OuterRef("pk"), role__in=KEYHOLDERS)
    return Team.objects.filter(Exists(places)).order_by("name", "pk")


def list_worker_options(scope: CaseFilterScope) -> Iterator[tuple[str, str]]:
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


def list_team_options(scope: CaseFilterScope) -> Options:
    if len(scope.teams) > 1:
        yield from ((str(team.pk), team.name) for team in scope.teams)


NEED: ListFilter[CaseFilterScope] = ListFilter(
    "need",
    gettext_lazy("Need"),
    offer_codes(ServiceGroup.choices),
    filter_by_need_group,
)
NEXT: ListFilter[CaseFilterScope] = ListFilter(
    "next",
    gettext_lazy("Next"),
    offer_codes(DeadlineKind.choices),
    lambda codes, _now: Q(due_what__in=codes),
)
WORKER: ListFilter[CaseFilterScope] = ListFilter(
    "worker", gettext_lazy("Worker"), list_worker_options, filter_by_worker
)
TEAM: ListFilter[CaseFilterScope] = ListFilter(
    "of",
    gettext_lazy("Team"),
    list_team_options,
    lambda codes, _now: Q(team=int(codes[0])),
)
OPENED: ListFilter[CaseFilterScope] = ListFilter(
    "opened",
    gettext_lazy("Opened"),
    offer_codes(SINCE),
    build_since_filter("opened_at"),
)
CLOSED: ListFilter[CaseFilterScope] = ListFilter(
    "ended", gettext_lazy("Closed"), offer_codes(SINCE), build_since_filter("closed_at")
)

# --- the lists

BY_RANK = ListSort(
    "rank",
    gettext_lazy("Urgency and lateness"),
    RANKED,
    gettext_lazy("Most urgent and overdue first."),
)
BY_DEADLINE = ListSort("deadline", gettext_lazy("Deadline"), ("due_at", "pk"))
BY_OPENING = ListSort("opened", gettext_lazy("Newest first"), ("-opened_at", "-pk"))
BY_CLOSING = ListSort(
    "closed", gettext_lazy("Most recently closed first"), ("-closed_at", "-pk")
)

HEADINGS = (
    ListColumn(gettext_lazy("Person")),
    ListColumn(gettext_lazy("Case")),
    ListColumn(gettext_lazy("Urgency"), BY_RANK),
    ListColumn(gettext_lazy("Next")),
    ListColumn(gettext_lazy("Deadline"), BY_DEADLINE),
    ListColumn(gettext_lazy("Opened"), BY_OPENING),
)
WHEN_CLOSED = (
    ListColumn(gettext_lazy("Person")),
    ListColumn(gettext_lazy("Case")),
    ListColumn(gettext_lazy("Urgency")),
    ListColumn(gettext_lazy("Closed"), BY_CLOSING),
    ListColumn(gettext_lazy("Opened"), BY_OPENING),
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
        ListColumn(gettext_lazy("Case")),
        ListColumn(gettext_lazy("Team")),
        ListColumn(gettext_lazy("Urgency"), BY_RANK),
        ListColumn(gettext_lazy("Outstanding needs")),
        ListColumn(gettext_lazy("Next")),
        ListColumn(gettext_lazy("Deadline"), BY_DEADLINE),
    ),
    usual=BY_DEADLINE,
)
