"""Services: list, map, one service, its form."""

from collections.abc import Callable
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.design.directory import (
    actions,
    addresses,
    catalogue,
    clusters,
    labels,
    listing,
    maps,
)
from amana.design.directory.facets import FacetFilters
from amana.design.directory.forms.search_forms import FacetForm, PersonForm
from amana.design.directory.forms.service_form import MoveServiceForm, ServiceForm
from amana.design.directory.models import Area, Service
from amana.design.directory.rules import (
    edit_service,
    publish_for_team,
    see_hidden_address,
    see_places_taken,
    see_service,
    update_places,
)
from amana.design.directory.taxonomy.service_types import ServiceGroup
from amana.design.directory.views.own_services import find_own
from amana.design.directory.views.upkeep_sections import (
    STAY,
    describe_upkeep,
    find_main,
)
from amana.trust.access.http import Request, posted
from amana.trust.access.models.organisations import ADMINISTRATORS, Team
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.lists import ListSort, NumberedPart, build_parts_list
from amana.ui.once import apply_once

SERVICES = "directory/services.html"


SERVICE = "directory/service.html"


MAP = "directory/map.html"


PRINT = "directory/print.html"


FIND = "directory/find.html"


PLACES = "directory/places.html"


PLACES_LISTED = build_parts_list(
    ListSort("name", gettext_lazy("Name"), ("name", "pk")),
    NumberedPart(
        "to-count",
        gettext_lazy("Availability to confirm"),
        lambda: Q(pk__in=Service.objects.to_count().values("pk")),
    ),
)


FORM = "directory/form.html"


END = "directory/end.html"


MOVE = "directory/move.html"


ON_PAPER = 2000
"""The most services on one printed list."""


GROUPS = list(ServiceGroup)


REPORTS = 8


def found(request: Request, pk: int) -> Service:
    return see_service.find(Service.objects.for_list(), request.user, pk=pk)


@require_GET
def services(request: Request) -> HttpResponse:
    page = listing.read_listing(request.GET.dict(), user=request.user)
    may_publish = publish_for_team.among(Team.objects.all(), request.user).exists()
    return show(
        request,
        SERVICES,
        {
            "page": page,
            "form": FacetForm(page.wanted, page.choices),
            "may_publish": may_publish,
            "keeps_all": bool(request.user.roles & ADMINISTRATORS),
            "query": asked(request),
        },
        part="found",
    )


def asked(request: Request) -> str:
    """Encode the filters, to be taken along to the map and to the paper."""
    query = request.GET.copy()
    query.pop(listing.AFTER, None)
    return query.urlencode()


@require_GET
def map_(request: Request) -> HttpResponse:
    """Show numbers on areas; the same areas as a list."""
    wanted = FacetFilters.read(request.GET.dict())
    counted = clusters.count_services(wanted, user=request.user)
    choices = clusters.list_choices(wanted, user=request.user)
    asked_ = asked(request)
    context = {
        "counted": counted,
        "areas": clusters.list_entries(counted),
        "places": (),
        "most": clusters.MOST_LISTED,
        "clusters_url": f"{reverse('directory:clusters')}?{asked_}",
        "form": FacetForm(wanted, choices),
        "has_areas": Area.objects.exists(),
        "query": asked_,
    }
    return show(request, MAP, context, part="found")


@require_GET
def clusters_(request: Request) -> JsonResponse:
    """Send what the map shows of a part of the world, at one zoom."""
    box = clusters.MapBounds.read(request.GET.get("box", ""))
    zoom = parse_zoom(request.GET.get("zoom", ""))
    if box is None or zoom is None:
        raise BadRequest("box has to be west,south,east,north; zoom a number.")
    wanted = FacetFilters.read(request.GET.dict())
    counted = clusters.count_services(wanted, user=request.user)
    found = clusters.choose_marks(counted, box, zoom, user=request.user)
    return JsonResponse({"clusters": [mark.plain() for mark in found]})


def parse_zoom(said: str) -> float | None:
    try:
        zoom = float(said)
    except ValueError:
        return None
    return zoom if 0 <= zoom <= 22 else None


def get_print_limit(ids: list[int]) -> int:
    """Get the number at which a printed list was cut; 0 where it is whole."""
    return ON_PAPER if len(ids) > ON_PAPER else 0


@require_GET
def shapes(request: Request) -> JsonResponse:
    """Send the country and its regions, for the map."""
    areas = Area.objects.filter(level__lte=1).exclude(geometry={}).order_by("path")
    features = [area.feature() for area in areas]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_GET
def printed(request: Request) -> HttpResponse:
    wanted = FacetFilters.read(request.GET.dict())
    ids, _choices = listing.search_services(wanted, user=request.user)
    shown = listing.load_rows(ids[:ON_PAPER], user=request.user)
    shown.sort(key=lambda s: GROUPS.index(s.main_group))
    groups = [
        (group.label, [(s, labels.list_conditions(s)) for s in inside])
        for group, inside in groupby(shown, key=lambda s: s.main_group)
    ]
    context = {
        "groups": groups,
        "as_of": timezone.now(),
        "total": len(ids),
        "cut_at": get_print_limit(ids),
    }
    return show(request, PRINT, context)


@require_GET
def service(request: Request, pk: int) -> HttpResponse:
    this = found(request, pk)
    main = None if STAY in request.GET else find_main(request.user, this)
    if main is not None:
        said = _("“%(name)s” is the same service.") % {"name": this.called}
        messages.info(request, said)
        return redirect("directory:service", main.pk)
    return show(request, SERVICE, about(request, this))


def about(request: Request, this: Service) -> dict[str, object]:
    user = request.user
    reports = this.places_reports.select_related("by").order_by("-at", "-pk")
    may_edit = edit_service.permits(user, this)
    of_places = this.counts_places and see_places_taken.permits(user, this)
    return {
        "service": this,
        "conditions": labels.list_conditions(this),
        "labels": labels.list_labels(this),
        "languages": labels.format_languages(this.languages),
        "answers_within": labels.format_time_limit(this.answers_within),
        "feedback_within": labels.format_time_limit(this.feedback_within),
        "coverage": Area.objects.filter(code__in=this.coverage).for_choice(),
        "reports": reports[:REPORTS] if of_places else [],
        "may_edit": may_edit,
        "may_move": may_edit and others_for(request, this).exists(),
        "may_say": this.counts_places and update_places.permits(user, this),
        "may_see_address": this.hidden and see_hidden_address.permits(user, this),
        "call": this.phone or this.team.phone,
        "pins": [] if this.hidden else maps.build_pins([this]),
        "has_areas": bool(this.area),
        **describe_upkeep(user, this, may_edit=may_edit),
    }


@require_POST
@never_cache
def hidden_address(request: Request, pk: int) -> HttpResponse:
    """Open the address of a safe house for its own team, and log that."""
    # By POST, and never cached: a link that is prefetched must not open an address, nor
    # a browser keep it.
    this = see_hidden_address.find(Service.objects.for_list(), request.user, pk=pk)
    address = addresses.open_address(this, by=request.user)
    context = about(request, this) | {"address": address, "opened": True}
    return show(request, SERVICE, context, part="where")


@require_http_methods(["GET", "POST"])
@apply_once
def new(request: Request) -> HttpResponse:
    known = Team.objects.select_related("organisation")
    ours = publish_for_team.among(known, request.user)
    teams = list(ours.order_by("organisation__name", "name"))
    if not teams:
        raise NotAccessible(publish_for_team, Team, {})
    form = ServiceForm(posted(request), teams=teams)
    if request.method == "POST" and form.is_valid():
        team = next(t for t in teams if str(t.pk) == form.cleaned_data["team"])
        if made := try_action(
            form, lambda said: actions.publish_service(team, by=request.user, **said)
        ):
            messages.success(request, _("The service is published."))
            return done(request, then=reverse("directory:service", args=[made.pk]))
    context = {"form": form, "title": _("New service")}
    return show(request, FORM, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    this = find_own(request, pk)
    form = ServiceForm(posted(request), instance=this, teams=[])
    if request.method == "POST" and form.is_valid():

        def change(said: actions.ServiceFields) -> Service:
            seen = form.cleaned_data["seen"]
            actions.change_service(this, seen=seen, by=request.user, **said)
            return this

        if try_action(form, change):
            messages.success(request, _("The changes are saved."))
            return done(request, then=reverse("directory:service", args=[pk]))
    context = {"form": form, "service": this, "title": this.name}
    return show(request, FORM, context, status=422 if form.is_bound else 200)


def try_action[T](
    form: ServiceForm, act: Callable[[actions.ServiceFields], T]
) -> T | None:
    """Try an action; None when it finds a field wrong, whose error is then shown."""
    try:
        return act(form.said())
    except ValidationError as error:
        for name, errors in error.message_dict.items():
            form.add_error(name if name in form.fields else None, errors)
        return None


@require_POST
def verify(request: Request, pk: int) -> HttpResponse:
    this = find_own(request, pk)
    actions.verify_service(this, by=request.user)
    messages.success(request, _("Thank you. The service is verified as of today."))
    return done(request, then=reverse("directory:service", args=[pk]))


@require_POST
def pause(request: Request, pk: int) -> HttpResponse:
    this = find_own(request, pk)
    actions.pause_service(this, by=request.user)
    messages.success(request, _("It will not take new people until you resume it."))
    return done(request, then=reverse("directory:service", args=[pk]))


@require_POST
def resume(request: Request, pk: int) -> HttpResponse:
    this = find_own(request, pk)
    actions.resume_service(this, by=request.user)
    messages.success(request, _("It is taking people again."))
    return done(request, then=reverse("directory:service", args=[pk]))


@require_http_methods(["GET", "POST"])
def move(request: Request, pk: int) -> HttpResponse:
    """Make another team of the organisation responsible for it."""
    this = find_own(request, pk)
    form = MoveServiceForm(
        posted(request), teams=others_for(request, this), initial={"seen": this.version}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        actions.move_service(this, to=said["team"], seen=said["seen"], by=request.user)
        messages.success(
            request,
            _("“%(team)s” is now responsible for this service.")
            % {"team": said["team"]},
        )
        return done(request, then=reverse("directory:service", args=[pk]))
    context = {"form": form, "service": this}
    return show(request, MOVE, context, status=422 if form.is_bound else 200)


def others_for(request: Request, this: Service) -> QuerySet[Team]:
    """Find the other teams of its organisation for which the person may publish,
    too."""
    siblings = Team.objects.filter(organisation=this.organisation_id)
    others = siblings.exclude(pk=this.team_id).order_by("name", "pk")
    return publish_for_team.among(others, request.user)


@require_http_methods(["GET", "POST"])
def end(request: Request, pk: int) -> HttpResponse:
    this = find_own(request, pk)
    if request.method != "POST":
        return show(request, END, {"service": this})
    actions.end_service(this, by=request.user)
    messages.success(request, _("The service has ended. It is no longer listed."))
    return done(request, then=reverse("directory:service", args=[pk]))


@require_http_methods(["GET", "POST"])
@never_cache
def find(request: Request) -> HttpResponse:
    """Show what fits a person, by what is known of her. Nothing of it is stored."""
    form = PersonForm(posted(request))
    answer = None
    if request.method == "POST" and form.is_valid():
        answer = catalogue.match_for_person(form.person(), user=request.user)
    status = 422 if form.is_bound and not answer else 200
    return show(
        request, FIND, {"form": form, "answer": answer}, part="answer", status=status
    )
