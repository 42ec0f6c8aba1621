"""Free places: the page on which they are kept true."""

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from amana.design.directory import actions
from amana.design.directory.models import Service
from amana.design.directory.rules import update_places
from amana.design.directory.views.service_pages import PLACES, PLACES_LISTED
from amana.trust.access.http import Request
from amana.trust.access.rules import find_team_ids
from amana.ui.http import done, show
from amana.ui.typed import parse_small_int


@require_GET
def places(request: Request) -> HttpResponse:
    """Show the services whose free places I can report: two taps, on a phone."""
    wanted = PLACES_LISTED.read(request.GET, None, here=request.path)
    services = to_say(request).filter(wanted.where())
    return show(request, PLACES, {"wanted": wanted, "services": services})


def to_say(request: Request) -> QuerySet[Service]:
    """Find those of my own teams; a coordinator reports others' on their own pages."""
    own = Service.objects.filter(team__in=find_team_ids(request.user))
    return update_places.among(own.listed().counting_places().for_list(), request.user)


@require_POST
def report_places(request: Request, pk: int) -> HttpResponse:
    this = update_places.find(Service.objects.for_list(), request.user, pk=pk)
    free, was = number(request, "free"), number(request, "was")
    actions.report_places(this, free, was=was, by=request.user)
    return done(request, PLACES, {"service": this}, part="row", then="directory:places")


def number(request: Request, name: str) -> int:
    said = parse_small_int(request.POST.get(name, ""))
    if said is None:
        raise BadRequest(f"{name} has to be a number.")
    return said
