"""Releases for those who propose and sign them."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.insight.measure import figure_years
from amana.insight.measure.figure_view import format_year
from amana.insight.release import actions, choosing, drawing
from amana.insight.release.forms import CheckForm, ChooseForm, RestateForm
from amana.insight.release.models import Release, ReleaseState
from amana.insight.release.published_tables import (
    build_shelves,
    find_shelf,
    list_differences,
)
from amana.insight.release.rules import (
    PROPOSERS,
    READERS,
    propose_release,
    put_away_release,
    see_release,
    sign_release,
)
from amana.insight.release.verdicts import list_verdicts
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.lists import ListSort, NumberedPart, build_parts_list
from amana.ui.once import apply_once
from amana.ui.paging import find_page
from amana.ui.typed import parse_small_int

LIST, NEW, ONE = "release/list.html", "release/new.html", "release/release.html"
TABLE, RESTATE = "release/table.html", "release/restate.html"
CHECK = "release/check.html"
LISTED = build_parts_list(
    ListSort("newest", gettext_lazy("Latest first"), ("-pk",)),
    NumberedPart(
        "proposed",
        gettext_lazy("Waiting for a second signature"),
        lambda: Q(pk__in=Release.objects.proposed().values("pk")),
    ),
)


def found(request: Request, pk: int) -> Release:
    return see_release.find(Release.objects.all(), request.user, pk=pk)


@require_GET
def releases(request: Request) -> HttpResponse:
    if not has_role(request.user, READERS):
        raise NotAccessible(see_release, Release, {})
    there = see_release.among(Release.objects.for_list(), request.user)
    wanted = LISTED.read(request.GET, None, here=request.path)
    context = {
        "wanted": wanted,
        "page": find_page(there.filter(wanted.where()), request, key=wanted.key),
        "may_propose": has_role(request.user, PROPOSERS),
    }
    return show(request, LIST, context)


@require_http_methods(["GET", "POST"])
@apply_once
def new(request: Request) -> HttpResponse:
    if not has_role(request.user, PROPOSERS):
        raise NotAccessible(propose_release, Release, {})
    years = figure_years.list_years()
    wanted = parse_small_int(request.GET.get("year", ""))
    chosen = (
        wanted
        if wanted in years
        else figure_years.choose_default_year(years)
        if years
        else None
    )
    year = figure_years.load_year(chosen) if chosen is not None else None
    if year is None:
        return show(request, NEW, {"year": None})
    form = ChooseForm(year, posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        some = choosing.build_choices(said["figures"], said["by"], said["twice"], year)
        release = actions.propose(year.number, some, by=request.user)
        messages.success(request, _("Proposed. Another person has to sign it next."))
        return done(request, then=reverse("release:one", args=[release.pk]))
    context = {
        "year": year,
        "when": format_year(year),
        "years": [
            (number, f"{reverse('release:new')}?year={number}", number == year.number)
            for number in years
        ],
        "form": form,
    }
    return show(request, NEW, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def check(request: Request) -> HttpResponse:
    """Check whether a table that a person uploads may be published. It is not kept."""
    if not has_role(request.user, READERS):
        raise NotAccessible(see_release, Release, {})
    files = request.FILES if request.method == "POST" else None
    form = CheckForm(posted(request), files)
    found = []
    if request.method == "POST" and form.is_valid():
        # Read from the upload, piece by piece, and stored nowhere: it may have a row
        # for each person.
        found = list_verdicts(form.cleaned_data["file"].chunks())
    wrong = form.is_bound and not found
    context = {"form": form, "found": found}
    return show(request, CHECK, context, status=422 if wrong else 200)


@require_GET
def one(request: Request, pk: int) -> HttpResponse:
    """Show what would be published, what is suppressed, and who has signed."""
    release = found(request, pk)
    tables = build_shelves(release)
    context = {
        "release": release,
        "tables": tables,
        "whole": [table for table in tables if table.is_whole],
        "figures": drawing.draw_figures(release, tables, "release:table"),
        "hidden": sum(table.hidden for table in tables),
        "of": sum(len(table.rows) for table in tables),
        "differences": list_differences(release),
        "may_sign": sign_release.permits(request.user, release),
        "may_put_away": release.state == ReleaseState.PROPOSED
        and put_away_release.permits(request.user, release),
        "may_restate": may_restate(request, release),
    }
    return show(request, ONE, context)


def may_restate(request: Request, release: Release) -> bool:
    others = Release.objects.filter(restates=release).exclude(state=ReleaseState.AWAY)
    mine = release.is_published and propose_release.permits(request.user, release)
    return mine and not others.exists()


@require_GET
def table(request: Request, pk: int, number: int) -> HttpResponse:
    release = found(request, pk)
    some = find_shelf(release, number)
    if some is None:
        raise NotAccessible(see_release, Release, {"pk": pk, "table": number})
    context = {"release": release, "table": some, "picture": drawing.draw_in_full(some)}
    return show(request, TABLE, context)


@require_POST
@apply_once
def sign(request: Request, pk: int) -> HttpResponse:
    release = found(request, pk)
    actions.sign(release, by=request.user)
    messages.success(
        request, _("Signed by two people and published. It can no longer be changed.")
    )
    return done(request, then=reverse("release:one", args=[pk]))


@require_POST
@apply_once
def put_away(request: Request, pk: int) -> HttpResponse:
    actions.archive_release(found(request, pk), by=request.user)
    messages.success(request, _("Archived. This release will not be published."))
    return done(request, then=reverse("release:list"))


@require_http_methods(["GET", "POST"])
@apply_once
def restate(request: Request, pk: int) -> HttpResponse:
    release = propose_release.find(Release.objects.published(), request.user, pk=pk)
    form = RestateForm(posted(request))
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        following = actions.restate(release, why, by=request.user)
        messages.success(request, _("Proposed. Another person has to sign it next."))
        return done(request, then=reverse("release:one", args=[following.pk]))
    context = {"release": release, "form": form}
    return show(request, RESTATE, context, status=422 if form.is_bound else 200)
