"""Pages: requesting decoy cases, for data-protection officers, and making one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amana.care.cases.models import Case
from amana.care.cases.rules import open_cases_in
from amana.care.decoys import actions
from amana.care.decoys.forms import DecoyForm, DecoyRequestForm
from amana.care.decoys.rules import OFFICERS, ask_for_decoy, set_decoys
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Membership, Team, User
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.alarms import decoys
from amana.trust.alarms.models import Decoy
from amana.trust.vault.middleware import require_recent_unlock
from amana.ui.http import done, show
from amana.ui.once import apply_once

LIST, MAKE = "decoys/list.html", "decoys/make.html"


@require_http_methods(["GET", "POST"])
@apply_once
def asked(request: Request) -> HttpResponse:
    """Show which colleagues were asked, and whether they have made it; never which
    case."""
    if not has_role(request.user, OFFICERS):
        raise NotAccessible(set_decoys, Decoy, {})
    places = ask_for_decoy.among(Membership.objects.for_list(), request.user)
    ordered = places.order_by("team__organisation__name", "team__name", "user__name")
    form = DecoyRequestForm(ordered, posted(request))
    if form.is_valid():
        actions.request_decoy(form.cleaned_data["place"], by=request.user)
        messages.success(
            request, _("Noted. Now ask your colleague in person, and in no other way.")
        )
        return done(request, then=reverse("decoys:list"))
    context = {"form": form, "decoys": list_decoys(), "address": reverse("decoys:make")}
    return show(request, LIST, context, status=422 if form.errors else 200)


def list_decoys() -> list[tuple[Decoy, decoys.DecoySecret, Team, User]]:
    """List each with its team and its maker, in the order of their names."""
    found = decoys.read_all()
    teams = Team.objects.select_related("organisation").in_bulk(
        {secret.team for _row, secret in found}
    )
    people = User.objects.in_bulk({secret.maker for _row, secret in found})
    rows = [
        (row, secret, teams[secret.team], people[secret.maker]) for row, secret in found
    ]
    # Not in the order of their making, which would place a decoy among the cases that
    # were opened then.
    return sorted(rows, key=lambda row: (row[2].name, row[3].name, str(row[0].pk)))


@require_recent_unlock
@require_http_methods(["GET", "POST"])
@apply_once
def make(request: Request) -> HttpResponse:
    """Show the form to the colleague who was asked; everyone else finds no such
    page."""
    waiting = actions.list_requested_decoys(request.user)
    if not waiting:
        raise NotAccessible(open_cases_in, Case, {})
    row, secret = waiting[0]
    form = DecoyForm(posted(request))
    if form.is_valid():
        actions.make_decoy(row, **form.cleaned_data, by=request.user)
        messages.success(
            request, _("The decoy case is made. Do not mention it to anyone.")
        )
        return done(request, then=reverse("home:today"))
    team = Team.objects.select_related("organisation").get(pk=secret.team)
    context = {"form": form, "team": team}
    return show(request, MAKE, context, status=422 if form.errors else 200)


@require_POST
@apply_once
def end(request: Request, pk: UUID) -> HttpResponse:
    found = set_decoys.find(Decoy.objects.all(), request.user, pk=pk)
    actions.end_decoy(found, by=request.user)
    return done(request, then=reverse("decoys:list"))
