"""What is published: without signing in, at addresses that stay."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from amana.insight.release import drawing, release_files
from amana.insight.release.models import NoisedTable, Release, ReleaseState
from amana.insight.release.noised_views import DrawnTable
from amana.insight.release.published_tables import (
    PublishedTable,
    build_shelves,
    list_differences,
)
from amana.ui.http import send_file, show
from amana.ui.paging import find_page

LIST, ONE, TABLE = (
    "release/public_list.html",
    "release/public_release.html",
    "release/public_table.html",
)
MOST_NOISED = 50


def get_published(
    pk: int, number: int | None = None
) -> tuple[Release, list[PublishedTable]]:
    """Get a published release, with its tables or the one that is asked for. Raises
    `Http404`."""
    release = Release.objects.published().filter(pk=pk).first()
    tables = build_shelves(release) if release else []
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
        "page": find_page(there, request, key=("-pk",)),
        "noised": [DrawnTable(noised_table) for noised_table in noised[:MOST_NOISED]],
    }
    return show(request, LIST, context)


@login_not_required
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    release, tables = get_published(pk)
    newer = Release.objects.filter(
        restates=release, state=ReleaseState.PUBLISHED
    ).first()
    context = {
        "release": release,
        "whole": [table for table in tables if table.is_whole],
        "figures": drawing.draw_figures(release, tables, "release:out"),
        "differences": list_differences(release),
        "newer": newer,
        "address": request.build_absolute_uri(),
    }
    return show(request, ONE, context)


@login_not_required
@require_GET
def table(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    release, (some,) = get_published(pk, number)
    newer = Release.objects.filter(
        restates=release, state=ReleaseState.PUBLISHED
    ).first()
    context = {
        "release": release,
        "table": some,
        "picture": drawing.draw_in_full(some),
        "newer": newer,
        "address": request.build_absolute_uri(),
    }
    return show(request, TABLE, context)


@login_not_required
@require_GET
def file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    release, (some,) = get_published(pk, number)
    name = f"release-{release.pk}-{release.year}-{some.one.slug}.csv"
    return send_file(
        release_files.write_table(release, some), "text/csv; charset=utf-8", name
    )
