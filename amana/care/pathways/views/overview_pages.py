"""For who coordinates or analyses: how all cases stand, where they left the way, and
which could not go on by a new version."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.care.pathways import labels, version_moves
from amana.care.pathways import overview as counted
from amana.care.pathways.forms import StepPlacementForm
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.rules import (
    READERS,
    place_course,
    read_all_courses,
    watch_course,
)
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.choosing import find_version_of, list_versions_in_force
from amana.design.mechanism.models import Version
from amana.design.mechanism.models.versions import FIXED
from amana.design.mechanism.rules import keep_version
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.access.rules import Denied, has_role
from amana.ui.http import done, show
from amana.ui.once import apply_once

OVERVIEW, CONFORMANCE = "pathways/overview.html", "pathways/conformance.html"
PLACE, NONE = "pathways/place.html", "pathways/none.html"
MOST_LEFT = 50
FORMATS = [("json", "OCEL 2.0"), ("csv", "CSV")]
"""In which `exchange` writes the event log."""


def require_reader(request: Request) -> None:
    if not has_role(request.user, READERS):
        raise Denied(watch_course, request.user)


def choose_shown(
    request: Request, versions: Sequence[Version], name: str
) -> Version | None:
    """Choose the version that the address names, else the first."""
    wanted = request.GET.get(name, "")
    first = next(iter(versions), None)
    return next((v for v in versions if str(v.pk) == wanted), first)


@require_GET
def overview(request: Request) -> HttpResponse:
    require_reader(request)
    in_force = list_versions_in_force()
    version = choose_shown(request, in_force, "mechanism")
    if version is None:
        return show(request, NONE)
    left = watch_course.among(version_moves.find_set_aside(version), request.user)
    context = {
        "version": version,
        "in_force": in_force,
        "found": counted.count_cases(request.user, version),
        "moving": mechanisms.find_move_progress(version, by=request.user),
        "left": version_moves.list_unmoved(version, left, MOST_LEFT),
        "formats": FORMATS,
        "title": labels.format_text(version.pack.title, version.pack),
    }
    return show(request, OVERVIEW, context)


@require_GET
def conformance(request: Request) -> HttpResponse:
    """Show cases replayed against the version by which they go."""
    require_reader(request)
    in_force = list_versions_in_force()
    if not in_force:
        return show(request, NONE)
    fixed = Version.objects.filter(
        mechanism__in=[v.mechanism_id for v in in_force], state__in=FIXED
    )
    # What is in force comes first: the page opens with it.
    earlier = fixed.exclude(pk__in=[v.pk for v in in_force]).select_related("mechanism")
    versions = [*in_force, *earlier.order_by("mechanism", "-number")]
    version = choose_shown(request, versions, "version") or in_force[0]
    context = {
        "version": version,
        "versions": versions,
        "several": len(in_force) > 1,
        "found": counted.replay_cases(request.user, version),
        "names_cases": watch_course.among(
            read_all_courses.among(PathwayRun.objects.all(), request.user), request.user
        ).exists(),
        "most": counted.MOST_CASES,
    }
    return show(request, CONFORMANCE, context)


@require_http_methods(["GET", "POST"])
@apply_once
def place(request: Request, pk: UUID) -> HttpResponse:
    """Choose where a case continues that has no place in the version in force."""
    rows = PathwayRun.objects.for_page()
    course = place_course.find(rows, request.user, pk=pk)
    version = find_version_of(course.case.mechanism_id)
    if version is None or version.pk == course.version_id:
        raise Refused(_("This case already follows the version in force."))
    this = PathwayRun.objects.running().filter(pk=course.pk)
    this = this.select_related("case", "version__mechanism")
    left = next(iter(version_moves.iterate_left(version, this)), None)
    gaps = left.gaps if left else ()
    form = StepPlacementForm(
        request.POST or None,
        pack=version.pack,
        gaps=[(gap, labels.format_step_of_course(course, gap.key)) for gap in gaps],
    )
    if form.is_bound and form.is_valid():
        version_moves.place_case(course, form.where, by=request.user)
        messages.success(request, _("The case continues under the new version."))
        return done(request, then=version_moves.build_overview_address(version))
    context = {"course": course, "case": course.case, "left": left, "form": form}
    return show(request, PLACE, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def move_again(request: Request, pk: int) -> HttpResponse:
    """Move those once more that were set aside."""
    versions = Version.objects.select_related("mechanism")
    version = keep_version.find(versions, request.user, pk=pk)
    version_moves.retry_set_aside(version, by=request.user)
    messages.success(request, _("Trying again to move the cases that were set aside."))
    return done(request, then=reverse("mechanism:adoption", args=[version.pk]))
