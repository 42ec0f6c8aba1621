"""What is published: without signing in, at addresses that stay."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from amana.insight.release import drawing, files
from amana.insight.release.models import NoisedTable, Release, State
from amana.insight.release.noised_views import Drawn
from amana.insight.release.published import Shelf, differences, shelves
from amana.ui.http import as_file, show
from amana.ui.paging import page

LIST, ONE, TABLE = (
    "release/public_list.html",
    "release/public_release.html",
    "release/public_table.html",
)
MOST_NOISED = 50


def found(pk: int, number: int | None = None) -> tuple[Release, list[Shelf]]:
    """Get a published release, with its tables or the one that is asked for. Raises
    `Http404`."""
    release = Release.objects.published().filter(pk=pk).first()
    tables = shelves(release) if release else []
    if number is not None:
        tables = [shelf for shelf in tables if shelf.number == number]
    if release is None or not tables:
        raise Http404
    return release, tables


@login_not_required
@require_GET
def releases(request: HttpRequest) -> HttpResponse:
    there = Release.objects.in_force().for_list()
    noised = NoisedTable.objects.published().defer("counts").order_by("-pk")
    context = {
        "page": page(there, request, key=("-pk",)),
        "noised": [Drawn(noised_table) for noised_table in noised[:MOST_NOISED]],
    }
    return show(request, LIST, context)


@login_not_required
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    release, tables = found(pk)
    newer = Release.objects.filter(restates=release, state=State.PUBLISHED).first()
    context = {
        "release": release,
        "whole": [table for table in tables if table.is_whole],
        "figures": drawing.figures(release, tables, "release:out"),
        "differences": differences(release),
        "newer": newer,
        "address": request.build_absolute_uri(),
    }
    return show(request, ONE, context)


@login_not_required
@require_GET
def table(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    release, (some,) = found(pk, number)
    newer = Release.objects.filter(restates=release, state=State.PUBLISHED).first()
    context = {
        "release": release,
        "table": some,
        "picture": drawing.in_full(some),
        "newer": newer,
        "address": request.build_absolute_uri(),
    }
    return show(request, TABLE, context)


@login_not_required
@require_GET
def file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    release, (some,) = found(pk, number)
    name = f"release-{release.pk}-{release.year}-{some.one.slug}.csv"
    return as_file(files.table(release, some), "text/csv; charset=utf-8", name)
