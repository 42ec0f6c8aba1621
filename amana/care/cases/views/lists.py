"""Which cases there are for me: mine, the team's, those I watch, those I look for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.cases import filters, finding, references
from amana.care.cases.forms import SearchForm
from amana.care.cases.models import Case, Closure, DueWhat, Need, Urgency
from amana.care.cases.rules import (
    open_cases_in,
    supervise_case,
    watch_case,
    work_on_case,
)
from amana.care.cases.workload import workload_of
from amana.care.lists import saved
from amana.care.lists.models import SavedView
from amana.trust.access.http import Request
from amana.trust.access.kept import Kept, ask_together
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.rules import NotAmong, holds, supervise_team, teams_of
from amana.trust.vault import cards
from amana.trust.vault.http import say_left_out
from amana.ui.http import show
from amana.ui.lists import Wanted
from amana.ui.paging import Page

MINE = "cases/mine.html"
TEAM = "cases/team.html"
WATCH = "cases/watch.html"
WORKLOAD = "cases/workload.html"
SEARCH = "cases/search.html"
MOST_TEAMS, MOST_WORKERS = 50, 500


@dataclass(frozen=True)
class Row:
    """A case in a list, with the name on its card."""

    case: Case
    name: str

    @property
    def tone(self) -> str:
        return "late" if self.case.is_late else "plain"

    # The labels by their code: `get_…_display` translates all the others as well.

    @property
    def urgency(self) -> str:
        return str(Urgency(self.case.urgency).label)

    @property
    def next(self) -> str:
        return str(DueWhat(self.case.due_what).label)


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool


STATES = {
    "open": pgettext_lazy("cases", "Open"),
    "proposed": gettext_lazy("Closures to review"),
    "closed": gettext_lazy("Closed"),
}


def worked_on(closed: bool) -> Kept[Case]:
    def of(user: User, now: datetime) -> QuerySet[Case]:
        return work_on_case.among(filters.in_order(stage(closed), now), user)

    return Kept(of, User, datetime, rows=lambda _user, now: filters.rows(now))


def supervised(cases: QuerySet[Case]) -> Kept[Case]:
    def of(user: User, team: Team, now: datetime) -> QuerySet[Case]:
        of_team = filters.in_order(cases.filter(team=team), now)
        return supervise_case.among(of_team, user)

    return Kept(
        of, User, Team, datetime, rows=lambda _user, _team, now: filters.rows(now)
    )


def stage(closed: bool) -> QuerySet[Case]:
    return Case.objects.closed() if closed else Case.objects.open()


OPEN, CLOSED = stage(closed=False), stage(closed=True)
PROPOSED = OPEN.filter(pk__in=Closure.objects.waiting().values("case"))

MY_OPEN, MY_CLOSED = worked_on(closed=False), worked_on(closed=True)
OF_TEAM = {
    "open": supervised(OPEN),
    "proposed": supervised(PROPOSED),
    "closed": supervised(CLOSED),
}
SUPERVISED_TEAMS = Kept(
    lambda user: Team.objects.filter(pk__in=teams_of(user, Role.SUPERVISOR)), User
)


def key_teams(user: User) -> list[Team]:
    """List the teams whose cases the user works on, where there are several."""
    held = {team for team, role in user.places if role in KEYHOLDERS}
    if len(held) < 2:
        return []
    return list(open_cases_in.among(Team.objects.order_by("name", "pk"), user))


def read_mine(user: User, _kind: str, asked: QueryDict) -> Wanted:
    closed = "closed" in asked
    definition = filters.MINE_CLOSED if closed else filters.MINE
    return definition.read(
        asked,
        filters.Scope(key_teams(user)),
        here=reverse("cases:mine"),
        keep={"closed": "1"} if closed else {},
    )


@require_GET
def mine(request: Request) -> HttpResponse:
    views = saved.opened(saved.VIEWS.of(request.user, "mine").all(), request.user)
    if begin := saved.where_to_begin(request, views):
        return redirect(begin)
    wanted, now = read_mine(request.user, "", request.GET), timezone.now()
    closed = "closed" in wanted.keep
    cases = (MY_CLOSED if closed else MY_OPEN).of(request.user, now)
    found = wanted.page(cases, request, rows=lambda: filters.rows(now), now=now)
    context = {
        "page": found,
        "rows": with_names(found, request.user),
        "wanted": wanted,
        "views": saved.beside(request.user, views, "mine", "", wanted),
        "doing": TOGETHER,
        "closed": closed,
        "open": not closed,
    }
    return show(request, MINE, context, part="list")


@dataclass(frozen=True)
class Supervised:
    """What the list of a supervised team is made of, except its cases."""

    teams: list[Team]
    views: list[SavedView]
    places: list[Membership]
    """Of those who work in these teams."""


def supervised_by(user: User) -> Supervised:
    """Load it in one query."""
    teams, views, places = ask_together(
        [
            (SUPERVISED_TEAMS.of(user), MOST_TEAMS),
            (saved.VIEWS.of(user, "team"), saved.SHOWN),
            (filters.WORKERS.of(user), MOST_WORKERS),
        ]
    )
    return Supervised(sorted(teams, key=by_name), views, places)


def by_name(team: Team) -> tuple[str, int]:
    return team.name, team.pk


def read_team(user: User, _kind: str, asked: QueryDict) -> Wanted | None:
    found = supervised_by(user)
    return read_of(found, asked) if found.teams else None


def read_of(found: Supervised, asked: QueryDict) -> Wanted:
    """Choose the team and the state of the cases that the address asks for."""
    chosen = chosen_of(found.teams, asked.get("team", ""))
    state = asked.get("state", "")
    state = state if state in STATES else "open"
    definition = filters.OF_TEAM_CLOSED if state == "closed" else filters.OF_TEAM
    workers = [place for place in found.places if place.team_id == chosen.pk]
    return definition.read(
        asked,
        filters.Scope(workers=workers),
        here=reverse("cases:team"),
        keep={"team": str(chosen.pk), "state": state},
    )


@require_GET
def team(request: Request) -> HttpResponse:
    """Show the work of a team to its supervisors; one team at a time."""
    of_user = supervised_by(request.user)
    teams = of_user.teams
    if not teams:
        raise NotAmong(supervise_team, Team, {})
    views = saved.opened(of_user.views, request.user)
    if begin := saved.where_to_begin(request, views):
        return redirect(begin)
    wanted, now = read_of(of_user, request.GET), timezone.now()
    chosen, state = chosen_of(teams, wanted.keep["team"]), wanted.keep["state"]
    cases = OF_TEAM[state].of(request.user, chosen, now)
    found = wanted.page(cases, request, rows=lambda: filters.rows(now), now=now)
    context = {
        "page": found,
        "rows": with_names(found, request.user),
        "wanted": wanted,
        "views": saved.beside(request.user, views, "team", "", wanted),
        "doing": TOGETHER,
        "team": chosen,
        "teams": [
            Tab(team.name, f"{wanted.here}?team={team.pk}", team == chosen)
            for team in teams
        ],
        "states": [
            Tab(
                str(label),
                f"{wanted.here}?team={chosen.pk}&state={code}",
                code == state,
            )
            for code, label in STATES.items()
        ],
        "state": state,
    }
    return show(request, TEAM, context, part="list")


@require_GET
def workload(request: Request) -> HttpResponse:
    """Show how the open cases are spread over the workers of a team."""
    teams = supervised_teams(request.user)
    if not teams:
        raise NotAmong(supervise_team, Team, {})
    chosen = chosen_of(teams, request.GET.get("team", ""))
    here = reverse("cases:workload")
    loads = workload_of(chosen, by=request.user)
    context = {
        "team": chosen,
        "teams": [
            Tab(team.name, f"{here}?team={team.pk}", team == chosen) for team in teams
        ],
        "loads": loads,
        "list": f"{reverse('cases:team')}?team={chosen.pk}",
        "most": max((load.total for load in loads), default=0),
        "urgencies": [urgency.label for urgency in Urgency],
    }
    return show(request, WORKLOAD, context)


@require_GET
def watch(request: Request) -> HttpResponse:
    """Show deadlines and counts to coordinators: no name, no sealed content."""
    if not holds(request.user, [Role.COORDINATOR]):
        raise NotAmong(watch_case, Case, {})
    now = timezone.now()
    watched = watch_case.among(filters.in_order(OPEN, now), request.user)
    scope = filters.Scope(teams=list(filters.teams_with_cases()))
    wanted = filters.WATCHED.read(request.GET, scope, here=reverse("cases:watch"))
    found = wanted.page(
        watched,
        request,
        rows=lambda: filters.rows(now).select_related("team__organisation"),
        now=now,
    )
    context = {"page": found, "cases": with_counts(found), "wanted": wanted}
    return show(request, WATCH, context, part="list")


def with_counts(found: Page[Case]) -> list[tuple[Case, int]]:
    """Count the needs of each case that are not settled; of this page's cases alone."""
    needs = Need.objects.unsettled().filter(case__in=[case.pk for case in found])
    counts = dict(needs.values_list("case").annotate(n=Count("pk")))
    return [(case, counts.get(case.pk, 0)) for case in found]


@require_http_methods(["GET", "POST"])
def search(request: Request) -> HttpResponse:
    """Find a case again. What is looked for is never in an address, which proxies
    keep."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context["found"] = finding.cases_like(form.cleaned_data["q"], by=request.user)
        context["asked"] = True
        context["misread"] = references.may_be_misread(form.cleaned_data["q"])
        say_left_out(request)
    status = 422 if form.is_bound and form.errors else 200
    return show(request, SEARCH, context, part="found", status=status)


def supervised_teams(user: User) -> list[Team]:
    return SUPERVISED_TEAMS.of(user).all("name", "pk")


def chosen_of(teams: list[Team], said: str) -> Team:
    return next((team for team in teams if str(team.pk) == said), teams[0])


def with_names(found: Page[Case] | list[Case], user: User) -> list[Row]:
    """List the page's cases with the names on their cards, opened with one event."""
    cases = [case.pk for case in found]
    if not cases:
        return []
    opened = cards.opened(by=user, cases=Q(case__in=cases), purpose="case list")
    names = {case: str(card.get("name") or "") for case, card in opened}
    return [Row(case, names.get(case.pk, "")) for case in found]


def every_of_mine(user: User, wanted: Wanted, now: datetime) -> QuerySet[Case]:
    mine = MY_CLOSED if "closed" in wanted.keep else MY_OPEN
    return mine.of(user, now).rows()


def every_of_team(user: User, wanted: Wanted, now: datetime) -> QuerySet[Case]:
    team = Team.objects.get(pk=wanted.keep["team"])
    return OF_TEAM[wanted.keep["state"]].of(user, team, now).rows()


EVERY: dict[str, Callable[[User, Wanted, datetime], QuerySet[Case]]] = {
    "mine": every_of_mine,
    "team": every_of_team,
}
"""All cases of a list, on all its pages, before they are filtered."""

TOGETHER = (("assign", gettext_lazy("Assign")), ("print", gettext_lazy("Print sheets")))
"""What can be done with several cases at once."""


saved.LISTS["mine"] = saved.SavableList(
    gettext_lazy("My cases"), lambda _kind: reverse("cases:mine"), read_mine
)
saved.LISTS["team"] = saved.SavableList(
    gettext_lazy("Team cases"), lambda _kind: reverse("cases:team"), read_team
)
