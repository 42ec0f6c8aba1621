"""Save a view of a list, and manage one's views."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.care.lists import actions, names, saved
from amana.care.lists.forms import SaveViewForm, ViewNameForm
from amana.care.lists.models import SavedView
from amana.care.lists.rules import change_view, read_view, share_views
from amana.trust.access.http import Request
from amana.trust.access.models import Team
from amana.trust.vault.keys import get_keyring
from amana.ui.http import answer_form, done, show
from amana.ui.once import apply_once

VIEWS, SAVE, FORM = "lists/views.html", "lists/save.html", "lists/name.html"


@require_GET
def views(request: Request) -> HttpResponse:
    """Show every view that one reads, by its list."""
    user = request.user
    get_keyring(user)  # the names are sealed
    changeable = change_view.among(SavedView.objects.all(), user)
    mine = set(changeable.values_list("pk", flat=True))
    found = saved.list_views(user)
    context = {
        "lists": [
            (known.label, rows)
            for code, known in saved.LISTS.items()
            if (rows := [(v, v.view.pk in mine) for v in found if v.view.list == code])
        ]
    }
    return show(request, VIEWS, context)


@require_POST
@apply_once
def save(request: Request) -> HttpResponse:
    teams = list(share_views.among(Team.objects.order_by("name", "pk"), request.user))
    form = SaveViewForm(request.POST, teams=teams)
    if not form.is_valid():
        return show(request, SAVE, {"form": form}, status=422)
    said = form.cleaned_data
    view = actions.save_view(
        said["list"],
        kind=said["kind"],
        query=said["query"],
        name=said["name"],
        team=next((team for team in teams if team.pk == said["team"]), None),
        by=request.user,
    )
    if said["begin"]:
        actions.begin_with_view(view, by=request.user)
    messages.success(request, _("The view has been saved."))
    return done(request, then=saved.build_address(view))


@require_http_methods(["GET", "POST"])
def rename(request: Request, pk: UUID) -> HttpResponse:
    view = change_view.find(SavedView.objects.all(), request.user, pk=pk)
    now = names.open_name(view, get_keyring(request.user))
    form = ViewNameForm(request.POST or None, initial={"name": now})
    return answer_form(
        request,
        FORM,
        form,
        lambda said: actions.rename_view(view, name=said["name"], by=request.user),
        title=_("Rename a view"),
        back=reverse("lists:views"),
    )


@require_POST
def delete(request: Request, pk: UUID) -> HttpResponse:
    view = change_view.find(SavedView.objects.all(), request.user, pk=pk)
    actions.delete_view(view, by=request.user)
    messages.success(request, _("The view has been deleted."))
    return done(request, then="lists:views")


@require_POST
def begin(request: Request, pk: UUID) -> HttpResponse:
    view = read_view.find(SavedView.objects.all(), request.user, pk=pk)
    actions.begin_with_view(view, by=request.user)
    return done(request, then="lists:views")


@require_POST
def begin_without(request: Request, pk: UUID) -> HttpResponse:
    view = read_view.find(SavedView.objects.all(), request.user, pk=pk)
    actions.begin_without_view(view, by=request.user)
    return done(request, then="lists:views")
