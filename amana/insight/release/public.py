"""What is out: for anybody, without signing in, at addresses that stay."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from amana.insight.release import files
from amana.insight.release.models import Release, State
from amana.insight.release.published import Shelf, differences, shelf, shelves
from amana.ui.http import show
from amana.ui.paging import page

LIST, ONE, TABLE = (
    "release/public_list.html",
    "release/public_release.html",
    "release/public_table.html",
)


def found(pk: int) -> Release:
    return get_object_or_404(Release.objects.published(), pk=pk)


@login_not_required
@require_GET
def releases(request: HttpRequest) -> HttpResponse:
    there = Release.objects.in_force().for_list()
    return show(request, LIST, {"page": page(there, request, key=("-pk",))})


@login_not_required
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    release = found(pk)
    tables = shelves(release)
    newer = Release.objects.filter(restates=release, state=State.PUBLISHED).first()
    context = {
        "release": release,
        "whole": [table for table in tables if table.is_whole],
        "split": [table for table in tables if not table.is_whole],
        "differences": differences(release),
        "newer": newer,
        "address": request.build_absolute_uri(),
    }
    return show(request, ONE, context)


@login_not_required
@require_GET
def table(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    release = found(pk)
    newer = Release.objects.filter(restates=release, state=State.PUBLISHED).first()
    context = {
        "release": release,
        "table": there(release, number),
        "newer": newer,
        "address": request.build_absolute_uri(),
    }
    return show(request, TABLE, context)


@login_not_required
@require_GET
def file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    release = found(pk)
    some = there(release, number)
    response = HttpResponse(
        files.table(release, some), content_type="text/csv; charset=utf-8"
    )
    name = f"release-{release.pk}-{release.year}-{some.one.slug}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def there(release: Release, number: int) -> Shelf:
    some = shelf(release, number)
    if some is None:
        raise Http404(_("There is no such table."))
    return some
