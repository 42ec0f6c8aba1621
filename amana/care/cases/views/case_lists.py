"""Which cases there are for me: mine, the team's, those I watch, those I look for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.cases import filters, finding, references
from amana.care.cases.forms import CaseSearchForm
from amana.care.cases.models import Case, Closure, DeadlineKind, Need, Urgency
from amana.care.cases.rules import (
    open_cases_in,
    supervise_case,
    watch_case,
    work_on_case,
)
from amana.care.cases.workload import count_workload
from amana.care.lists import saved
from amana.care.lists.models import SavedView
from amana.trust.access.http import Request
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.prepared import PreparedQuery, ask_together
from amana.trust.access.rules import (
    NotAccessible,
    find_team_ids,
    has_role,
    supervise_team,
)
from amana.trust.vault import cards
from amana.trust.vault.middleware import warn_about_omitted_records
from amana.ui.http import show
from amana.ui.lists import ListRequest
from amana.ui.paging import Page

MINE = "cases/mine.html"
TEAM = "cases/team.html"
WATCH = "cases/watch.html"
WORKLOAD = "cases/workload.html"
SEARCH = "cases/search.html"
MOST_TEAMS, MOST_WORKERS = 50, 500


@dataclass(frozen=True)
class CaseRow:
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
        return str(DeadlineKind(self.case.due_what).label)


@dataclass(frozen=True)
class ListTab:
    label: str
    url: str
    current: bool


STATES = {
    "open": pgettext_lazy("cases", "Open"),
    "proposed": gettext_lazy("Closures to review"),
    "closed": gettext_lazy("Closed"),
}


def prepare_own_cases(closed: bool) -> PreparedQuery[Case]:
    def of(user: User, now: datetime) -> QuerySet[Case]:
        return work_on_case.among(
            filters.annotate_band(find_in_state(closed), now), user
        )

    return PreparedQuery(
        of, User, datetime, rows=lambda _user, now: filters.find_rows(now)
    )


def prepare_team_cases(cases: QuerySet[Case]) -> PreparedQuery[Case]:
    def of(user: User, team: Team, now: datetime) -> QuerySet[Case]:
        of_team = filters.annotate_band(cases.filter(team=team), now)
        return supervise_case.among(of_team, user)

    return PreparedQuery(
        of, User, Team, datetime, rows=lambda _user, _team, now: filters.find_rows(now)
    )


def find_in_state(closed: bool) -> QuerySet[Case]:
    return Case.objects.closed() if closed else Case.objects.open()


OPEN, CLOSED = find_in_state(closed=False), find_in_state(closed=True)
PROPOSED = OPEN.filter(pk__in=Closure.objects.waiting().values("case"))

MY_OPEN, MY_CLOSED = prepare_own_cases(closed=False), prepare_own_cases(closed=True)
OF_TEAM = {
    "open": prepare_team_cases(OPEN),
    "proposed": prepare_team_cases(PROPOSED),
    "closed": prepare_team_cases(CLOSED),
}
SUPERVISED_TEAMS = PreparedQuery(
    lambda user: Team.objects.filter(pk__in=find_team_ids(user, Role.SUPERVISOR)), User
)


def list_key_teams(user: User) -> list[Team]:
    """List the teams whose cases the user works on, where there are several."""
    held = {team for team, role in user.places if role in KEYHOLDERS}
    if len(held) < 2:
        return []
    return list(open_cases_in.among(Team.objects.order_by("name", "pk"), user))


def read_mine(user: User, _kind: str, asked: QueryDict) -> ListRequest:
    closed = "closed" in asked
    definition = filters.MINE_CLOSED if closed else filters.MINE
    return definition.read(
        asked,
        filters.CaseFilterScope(list_key_teams(user)),
        here=reverse("cases:mine"),
        keep={"closed": "1"} if closed else {},
    )


@require_GET
def mine(request: Request) -> HttpResponse:
    views = saved.open_views(saved.VIEWS.of(request.user, "mine").all(), request.user)
    if begin := saved.get_default_address(request, views):
        return redirect(begin)
    wanted, now = read_mine(request.user, "", request.GET), timezone.now()
    closed = "closed" in wanted.keep
    cases = (MY_CLOSED if closed else MY_OPEN).of(request.user, now)
    found = wanted.page(cases, request, rows=lambda: filters.find_rows(now), now=now)
    context = {
        "page": found,
        "rows": list_rows(found, request.user),
        "wanted": wanted,
        "views": saved.build_views(request.user, views, "mine", "", wanted),
        "doing": TOGETHER,
        "closed": closed,
        "open": not closed,
    }
    return show(request, MINE, context, part="list")


@dataclass(frozen=True)
class SupervisedList:
    """What the list of a supervised team is made of, except its cases."""

    teams: list[Team]
    views: list[SavedView]
    places: list[Membership]
    """Of those who work in these teams."""


def load_supervised(user: User) -> SupervisedList:
    """Load it in one query."""
    teams, views, places = ask_together(
        [
            (SUPERVISED_TEAMS.of(user), MOST_TEAMS),
            (saved.VIEWS.of(user, "team"), saved.SHOWN),
            (filters.WORKERS.of(user), MOST_WORKERS),
        ]
    )
    return SupervisedList(sorted(teams, key=sort_by_name), views, places)


def sort_by_name(team: Team) -> tuple[str, int]:
    return team.name, team.pk


def read_team(user: User, _kind: str, asked: QueryDict) -> ListRequest | None:
    found = load_supervised(user)
    return read_team_list(found, asked) if found.teams else None


def read_team_list(found: SupervisedList, asked: QueryDict) -> ListRequest:
    """Choose the team and the state of the cases that the address asks for."""
    chosen = choose_team(found.teams, asked.get("team", ""))
    state = asked.get("state", "")
    state = state if state in STATES else "open"
    definition = filters.OF_TEAM_CLOSED if state == "closed" else filters.OF_TEAM
    workers = [place for place in found.places if place.team_id == chosen.pk]
    return definition.read(
        asked,
        filters.CaseFilterScope(workers=workers),
        here=reverse("cases:team"),
        keep={"team": str(chosen.pk), "state": state},
    )


@require_GET
def team(request: Request) -> HttpResponse:
    """Show the work of a team to its supervisors; one team at a time."""
    of_user = load_supervised(request.user)
    teams = of_user.teams
    if not teams:
        raise NotAccessible(supervise_team, Team, {})
    views = saved.open_views(of_user.views, request.user)
    if begin := saved.get_default_address(request, views):
        return redirect(begin)
    wanted, now = read_team_list(of_user, request.GET), timezone.now()
    chosen, state = choose_team(teams, wanted.keep["team"]), wanted.keep["state"]
    cases = OF_TEAM[state].of(request.user, chosen, now)
    found = wanted.page(cases, request, rows=lambda: filters.find_rows(now), now=now)
    context = {
        "page": found,
        "rows": list_rows(found, request.user),
        "wanted": wanted,
        "views": saved.build_views(request.user, views, "team", "", wanted),
        "doing": TOGETHER,
        "team": chosen,
        "teams": [
            ListTab(team.name, f"{wanted.here}?team={team.pk}", team == chosen)
            for team in teams
        ],
        "states": [
            ListTab(
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
    teams = list_supervised_teams(request.user)
    if not teams:
        raise NotAccessible(supervise_team, Team, {})
    chosen = choose_team(teams, request.GET.get("team", ""))
    here = reverse("cases:workload")
    loads = count_workload(chosen, by=request.user)
    context = {
        "team": chosen,
        "teams": [
            ListTab(team.name, f"{here}?team={team.pk}", team == chosen)
            for team in teams
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
    if not has_role(request.user, [Role.COORDINATOR]):
        raise NotAccessible(watch_case, Case, {})
    now = timezone.now()
    watched = watch_case.among(filters.annotate_band(OPEN, now), request.user)
    scope = filters.CaseFilterScope(teams=list(filters.find_teams_with_cases()))
    wanted = filters.WATCHED.read(request.GET, scope, here=reverse("cases:watch"))
    found = wanted.page(
        watched,
        request,
        rows=lambda: filters.find_rows(now).select_related("team__organisation"),
        now=now,
    )
    context = {"page": found, "cases": count_unsettled_needs(found), "wanted": wanted}
    return show(request, WATCH, context, part="list")


def count_unsettled_needs(found: Page[Case]) -> list[tuple[Case, int]]:
    """Count the needs of each case that are not settled; of this page's cases alone."""
    needs = Need.objects.unsettled().filter(case__in=[case.pk for case in found])
    counts = dict(needs.values_list("case").annotate(n=Count("pk")))
    return [(case, counts.get(case.pk, 0)) for case in found]


@require_http_methods(["GET", "POST"])
def search(request: Request) -> HttpResponse:
    """Find a case again. What is looked for is never in an address, which proxies
    keep."""
    form = CaseSearchForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        context["found"] = finding.find_cases(form.cleaned_data["q"], by=request.user)
        context["asked"] = True
        context["misread"] = references.may_be_misread(form.cleaned_data["q"])
        warn_about_omitted_records(request)
    status = 422 if form.is_bound and form.errors else 200
    return show(request, SEARCH, context, part="found", status=status)


def list_supervised_teams(user: User) -> list[Team]:
    return SUPERVISED_TEAMS.of(user).all("name", "pk")


def choose_team(teams: list[Team], said: str) -> Team:
    return next((team for team in teams if str(team.pk) == said), teams[0])


def list_rows(found: Page[Case] | list[Case], user: User) -> list[CaseRow]:
    """List the page's cases with the names on their cards, opened with one event."""
    cases = [case.pk for case in found]
    if not cases:
        return []
    opened = cards.open_cards(by=user, cases=Q(case__in=cases), purpose="case list")
    names = {case: str(card.get("name") or "") for case, card in opened}
    return [CaseRow(case, names.get(case.pk, "")) for case in found]


def find_all_of_mine(user: User, wanted: ListRequest, now: datetime) -> QuerySet[Case]:
    mine = MY_CLOSED if "closed" in wanted.keep else MY_OPEN
    return mine.of(user, now).rows()


def find_all_of_team(user: User, wanted: ListRequest, now: datetime) -> QuerySet[Case]:
    team = Team.objects.get(pk=wanted.keep["team"])
    return OF_TEAM[wanted.keep["state"]].of(user, team, now).rows()


EVERY: dict[str, Callable[[User, ListRequest, datetime], QuerySet[Case]]] = {
    "mine": find_all_of_mine,
    "team": find_all_of_team,
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
