"""The files of a release, for the public; and the classifications that are loaded."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.errors import Refused
from amana.exchange.figures import actions, classified
from amana.exchange.figures.forms import LoadForm
from amana.exchange.figures.models import Classification
from amana.exchange.figures.release_formats import CSV, FORMATS, list_formats
from amana.exchange.figures.rules import KEEPERS, keep_classification
from amana.insight.release.models import Release
from amana.trust.access.http import Request, posted, slow_down
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, send_file, show
from amana.ui.once import apply_once

FILES, CLASSIFICATIONS = "figures/files.html", "figures/classifications.html"


def get_release(pk: int) -> Release:
    return get_object_or_404(Release.objects.published(), pk=pk)


@login_not_required
@require_GET
def files(request: HttpRequest, pk: int) -> HttpResponse:
    release = get_release(pk)
    context = {
        "release": release,
        "formats": list_formats(release),
        "classifications": Classification.objects.in_use().for_list(),
    }
    return show(request, FILES, context)


@login_not_required
@require_GET
def file(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    slow_down(request, "figures")  # open to all, and written each time
    release, wanted = get_release(pk), FORMATS.get(code)
    if wanted is None or not wanted.fits(release):
        raise Http404(_("This release has no such file."))
    return send_file(wanted.write(release), wanted.media, wanted.name_of(release))


@login_not_required
@require_GET
def in_codes(request: HttpRequest, pk: int, classification: int) -> HttpResponse:
    slow_down(request, "figures")  # open to all, and written each time
    release = get_release(pk)
    loaded = get_object_or_404(Classification.objects.in_use(), pk=classification)
    name = f"release-{release.pk}-{release.year}-classified-{loaded.pk}.csv"
    return send_file(classified.write_classified(release, loaded), CSV, name)


@require_http_methods(["GET", "POST"])
@apply_once
def classifications(request: Request) -> HttpResponse:
    if not has_role(request.user, KEEPERS):
        raise NotAccessible(keep_classification, Classification, {})
    form = LoadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        blob = said.pop("file").read()
        try:
            actions.load_classification(blob, **said, by=request.user)
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(
                request, _("Loaded. Releases are now available in its codes.")
            )
            return done(request, then=reverse("figures:classifications"))
    in_use = Classification.objects.in_use().for_list()
    loaded = keep_classification.among(in_use, request.user)
    context = {"form": form, "loaded": loaded}
    return show(request, CLASSIFICATIONS, context, status=422 if form.errors else 200)


@require_POST
@apply_once
def put_away(request: Request, pk: int) -> HttpResponse:
    some = Classification.objects.in_use()
    actions.archive_classification(
        keep_classification.find(some, request.user, pk=pk), by=request.user
    )
    messages.success(request, _("Archived. No more files are made in its codes."))
    return done(request, then=reverse("figures:classifications"))
