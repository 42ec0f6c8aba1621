"""A cohort for those who lead it: its numbers, who takes part, who waits."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.cohorts import actions
from amana.academy.cohorts.forms import (
    AccountForm,
    CohortForm,
    build_default_values,
    build_initial_values,
)
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.rules import STAFF, handle_application, lead_cohort
from amana.academy.cohorts.rules import open_cohort as may_open
from amana.academy.cohorts.states import SEATED
from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Version
from amana.errors import Changed, Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.meanwhile import show_both
from amana.ui.once import apply_once

COHORT, FORM = "cohorts/cohort.html", "cohorts/cohort_form.html"


def led(request: Request, pk: int) -> Cohort:
    rows = Cohort.objects.for_list()
    return lead_cohort.find(rows, request.user, pk=pk)


@require_GET
def cohort(request: Request, pk: int) -> HttpResponse:
    """Show who takes part, to those who lead the cohort and on no other page."""
    return cohort_page(request, led(request, pk), AccountForm())


def cohort_page(request: Request, found: Cohort, form: AccountForm) -> HttpResponse:
    rows = handle_application.among(Application.objects.for_list(), request.user)
    of_it = list(rows.filter(cohort=found).order_by("asked_at", "pk"))
    content = load_content(found.version)
    context = {
        "cohort": found,
        "course": pages.format_text(content, content.title),
        "seated": [application for application in of_it if application.state in SEATED],
        "applied": [
            application for application in of_it if application.status == "applied"
        ],
        "waiting": [
            application for application in of_it if application.status == "waitlisted"
        ],
        "over": [
            application
            for application in of_it
            if not application.is_open and application.state not in SEATED
        ],
        "facilitators": found.facilitators.order_by("name", "pk"),
        "form": form,
    }
    return show(request, COHORT, context, status=422 if form.is_bound else 200)


def build_url(found: Cohort) -> str:
    return reverse("cohorts:cohort", args=[found.pk])


@require_POST
@apply_once
def invite(request: Request, pk: int) -> HttpResponse:
    found, form = led(request, pk), AccountForm(posted(request))
    if not form.is_valid() or form.person is None:
        return cohort_page(request, found, form)
    actions.invite_person(found, form.person, by=request.user)
    return done(request, then=build_url(found))


@require_POST
@apply_once
def cancel(request: Request, pk: int) -> HttpResponse:
    actions.cancel_cohort(led(request, pk), by=request.user)
    return done(request, then="cohorts:desk")


@require_http_methods(["GET", "POST"])
@apply_once
def begin(request: Request, slug: str) -> HttpResponse:
    """Open a new cohort, of the latest version of a course."""
    if not has_role(request.user, STAFF):
        raise NotAccessible(may_open, Version, {"course": slug})
    versions = Version.objects.for_page().newest_first().filter(course__slug=slug)
    version = versions.first()
    if version is None:
        raise NotAccessible(may_open, Version, {"course": slug})
    form = CohortForm(
        posted(request),
        tracks=list_track_choices(version),
        initial=build_default_values(request.user),
    )
    if form.is_valid():
        try:
            opened = actions.open_cohort(version, form.plan, by=request.user)
        except Refused as no:
            form.add_error(None, str(no))
        else:
            return done(request, then=build_url(opened))
    return form_page(request, form, version)


@require_http_methods(["GET", "POST"])
@apply_once
def change(request: Request, pk: int) -> HttpResponse:
    found, status = led(request, pk), 422
    tracks = list_track_choices(found.version)
    initial = build_initial_values(found)
    form = CohortForm(posted(request), tracks=tracks, initial=initial)
    if form.is_valid():
        plan, seen = form.plan, form.cleaned_data["seen"]
        try:
            actions.change_cohort(found, plan, by=request.user, seen=seen)
        except Changed as changed:
            # Both are shown, the saved plan and the typed one: the person decides what
            # to keep.
            initial = build_initial_values(led(request, pk))
            now = CohortForm(tracks=tracks, initial=initial)
            show_both(form, now, str(changed))
            status = 409
        except Refused as no:
            form.add_error(None, str(no))
        else:
            # A trainer who no longer leads it has nothing more to see there.
            leads = lead_cohort.permits(request.user, found)
            then = build_url(found) if leads else reverse("cohorts:desk")
            return done(request, then=then)
    return form_page(request, form, found.version, found, status=status)


def list_track_choices(version: Version) -> list[tuple[str, str]]:
    """List the tracks of a course, for its cohorts."""
    tracks = pages.list_tracks(load_content(version), "")
    return [(track.code, track.name) for track in tracks]


def form_page(
    request: Request,
    form: CohortForm,
    version: Version,
    found: Cohort | None = None,
    *,
    status: int = 422,
) -> HttpResponse:
    content = load_content(version)
    context = {
        "form": form,
        "cohort": found,
        "course": pages.format_text(content, content.title),
    }
    return show(request, FORM, context, status=status if form.is_bound else 200)
