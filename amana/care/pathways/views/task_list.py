"""What is due by whom, the late first."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from amana.care.cases.rules import find_assigned_cases
from amana.care.pathways import labels, retired
from amana.care.pathways.models import OpenTask
from amana.care.pathways.rules import do_own_step, do_step_asked
from amana.trust.access.http import Request
from amana.trust.access.models import KEYHOLDERS, Role, Team
from amana.trust.access.rules import belong_to_team, supervise_team
from amana.ui.http import show
from amana.ui.paging import find_page

DUE = "pathways/due.html"
KINDS: dict[str, str | Promise] = {
    "mine": _("In my cases"),
    "asked": _("Asked of my team"),
    "team": _("Whole team"),
}


@require_GET
def due(request: Request) -> HttpResponse:
    """List what is due, for one team at a time, so that the database walks its index
    and sorts nothing."""
    teams = list(
        belong_to_team.among(Team.objects.order_by("name", "pk"), request.user)[:50]
    )
    chosen = choose_team(teams, request.GET.get("team", ""))
    kinds = list_kinds(request)
    kind = request.GET.get("kind", "")
    if kind not in kinds:
        kind = choose_kind(request, kinds, chosen)
    found = find_page(find_dues(request, kind, chosen), request, key=("by_at", "pk"))
    lines = [
        (
            step,
            labels.format_step_of_course(step.course, step.key),
            labels.format_role_of_due(step),
        )
        for step in found
    ]
    context = {
        "dues": found,
        "lines": lines,
        "kind": kind,
        "tabs": [
            (label, f"?kind={code}&team={chosen.pk if chosen else ''}", code == kind)
            for code, label in kinds.items()
        ],
        "teams": teams,
        "chosen": chosen,
        "left": retired.find_left_cases(request.user).exists(),
    }
    return show(request, DUE, context, part="list")


def choose_kind(request: Request, kinds: Iterable[str], team: Team | None) -> str:
    """Choose the first kind that has something due, so that an empty list is never
    shown instead of a full one."""
    kinds = list(kinds)
    filled = (kind for kind in kinds if find_dues(request, kind, team).exists())
    return next(filled, kinds[0])


def choose_team(teams: list[Team], wanted: str) -> Team | None:
    """Choose the team that is asked for, else the first of them."""
    return next((t for t in teams if str(t.pk) == wanted), teams[0] if teams else None)


def list_kinds(request: Request) -> dict[str, str | Promise]:
    """List the kinds: cases are for those who hold keys; who supervises sees the
    team's."""
    roles = request.user.roles
    kinds = dict(KINDS)
    if not roles & KEYHOLDERS:
        del kinds["mine"]
    if Role.SUPERVISOR not in roles:
        del kinds["team"]
    return kinds


def find_dues(request: Request, kind: str, team: Team | None) -> QuerySet[OpenTask]:
    found = OpenTask.objects.for_list()
    if kind == "asked":
        return do_step_asked.among(found.filter(team=team, own=False), request.user)
    if kind == "team":
        led = supervise_team.among(Team.objects.all(), request.user)
        return do_own_step.among(
            found.filter(team=team, team__in=led, own=True), request.user
        )
    own = found.filter(own=True, case__in=find_assigned_cases(request.user))
    return do_own_step.among(own, request.user)
