"""What is due by whom, the late first."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from amana.care.cases.rules import cases_of
from amana.care.pathways import words
from amana.care.pathways.models import Due
from amana.care.pathways.rules import do_own_step, do_step_asked
from amana.trust.access.http import Request
from amana.trust.access.models import KEYHOLDERS, Role, Team
from amana.trust.access.rules import belong_to_team, supervise_team
from amana.ui.http import show
from amana.ui.paging import page

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
    chosen = chosen_of(teams, request.GET.get("team", ""))
    kinds = kinds_for(request)
    kind = request.GET.get("kind", "")
    if kind not in kinds:
        kind = first_filled(request, kinds, chosen)
    found = page(dues(request, kind, chosen), request, key=("by_at", "pk"))
    lines = [
        (step, words.step_of(step.course, step.key), words.role_of(step))
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
    }
    return show(request, DUE, context, part="list")


def first_filled(request: Request, kinds: Iterable[str], team: Team | None) -> str:
    """Choose the first kind that has something due, so that an empty list is never
    shown instead of a full one."""
    kinds = list(kinds)
    filled = (kind for kind in kinds if dues(request, kind, team).exists())
    return next(filled, kinds[0])


def chosen_of(teams: list[Team], wanted: str) -> Team | None:
    """Choose the team that is asked for, else the first of them."""
    return next((t for t in teams if str(t.pk) == wanted), teams[0] if teams else None)


def kinds_for(request: Request) -> dict[str, str | Promise]:
    """List the kinds: cases are for those who hold keys; who supervises sees the
    team's."""
    roles = request.user.roles
    kinds = dict(KINDS)
    if not roles & KEYHOLDERS:
        del kinds["mine"]
    if Role.SUPERVISOR not in roles:
        del kinds["team"]
    return kinds


def dues(request: Request, kind: str, team: Team | None) -> QuerySet[Due]:
    found = Due.objects.for_list()
    if kind == "asked":
        return do_step_asked.among(found.filter(team=team, own=False), request.user)
    if kind == "team":
        led = supervise_team.among(Team.objects.all(), request.user)
        return do_own_step.among(
            found.filter(team=team, team__in=led, own=True), request.user
        )
    own = found.filter(own=True, case__in=cases_of(request.user))
    return do_own_step.among(own, request.user)
