"""Help without a name: who is near and open, and one button that asks them."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.care.cases.rules import open_cases_in
from amana.care.requests import actions, reach
from amana.care.requests.forms import EmergencyRequestForm
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.access.models import Team
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

EMERGENCY = "requests/emergency.html"


@require_http_methods(["GET", "POST"])
@apply_once
def choose(request: Request, kind: str) -> HttpResponse:
    """List the houses that may be asked, nearest first; posted, they are asked."""
    teams = teams_of_sender(request)
    if not teams:
        raise Refused(_("Only colleagues who hold a team’s key can ask for help here."))
    chosen = parse_small_int(request.POST.get("team", ""))
    team = next((known for known in teams if known.pk == chosen), teams[0])
    found = reach.list_choices(kind, team=team, user=request.user)
    form = EmergencyRequestForm(request.POST or None, teams=teams, choices=found)
    if not form.is_bound or not form.is_valid():
        context = {
            "form": form,
            "needed": ServiceType(kind).label,
            "choices": found,
            "together": form.together,
            "phone": team.phone,
            "chosen": request.POST.get("ask", ""),
        }
        return show(request, EMERGENCY, context, status=422 if form.is_bound else 200)
    asked = actions.ask_without_name(
        form.cleaned_data["team"],
        type=kind,
        services=form.services,
        where=form.cleaned_data["where"],
        by=request.user,
    )
    return done(request, then=reverse("requests:request", args=[asked.pk]))


def teams_of_sender(request: Request) -> list[Team]:
    teams = Team.objects.select_related("organisation").order_by("name")
    return list(open_cases_in.among(teams, request.user))
