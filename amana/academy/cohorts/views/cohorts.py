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
    a_new_one,
    as_planned,
)
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.rules import STAFF, handle_application, lead_cohort
from amana.academy.cohorts.rules import open_cohort as may_open
from amana.academy.cohorts.states import SEATED
from amana.academy.courses import pages
from amana.academy.courses.content import content_of
from amana.academy.courses.models import Version
from amana.errors import Changed, Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAmong, holds
from amana.ui.http import done, show
from amana.ui.meanwhile import show_both
from amana.ui.once import once

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
    content = content_of(found.version)
    context = {
        "cohort": found,
        "course": pages.said(content, content.title),
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


def to(found: Cohort) -> str:
    return reverse("cohorts:cohort", args=[found.pk])


@require_POST
@once
def invite(request: Request, pk: int) -> HttpResponse:
    found, form = led(request, pk), AccountForm(posted(request))
    if not form.is_valid() or form.person is None:
        return cohort_page(request, found, form)
    actions.invite(found, form.person, by=request.user)
    return done(request, then=to(found))


@require_POST
@once
def cancel(request: Request, pk: int) -> HttpResponse:
    actions.cancel_cohort(led(request, pk), by=request.user)
    return done(request, then="cohorts:desk")


@require_http_methods(["GET", "POST"])
@once
def begin(request: Request, slug: str) -> HttpResponse:
    """Open a new cohort, of the latest version of a course."""
    if not holds(request.user, STAFF):
        raise NotAmong(may_open, Version, {"course": slug})
    versions = Version.objects.for_page().newest_first().filter(course__slug=slug)
    version = versions.first()
    if version is None:
        raise NotAmong(may_open, Version, {"course": slug})
    form = CohortForm(posted(request), initial=a_new_one())
    if form.is_valid():
        try:
            opened = actions.open_cohort(version, form.plan, by=request.user)
        except Refused as no:
            form.add_error(None, str(no))
        else:
            return done(request, then=to(opened))
    return form_page(request, form, version)


@require_http_methods(["GET", "POST"])
@once
def change(request: Request, pk: int) -> HttpResponse:
    found = led(request, pk)
    form, status = CohortForm(posted(request), initial=as_planned(found)), 422
    if form.is_valid():
        plan, seen = form.plan, form.cleaned_data["seen"]
        try:
            actions.change_cohort(found, plan, by=request.user, seen=seen)
        except Changed as changed:
            # Both are shown, the saved plan and the typed one: the person decides what
            # to keep.
            now = CohortForm(initial=as_planned(led(request, pk)))
            show_both(form, now, str(changed))
            status = 409
        except Refused as no:
            form.add_error(None, str(no))
        else:
            return done(request, then=to(found))
    return form_page(request, form, found.version, found, status=status)


def form_page(
    request: Request,
    form: CohortForm,
    version: Version,
    found: Cohort | None = None,
    *,
    status: int = 422,
) -> HttpResponse:
    content = content_of(version)
    context = {
        "form": form,
        "cohort": found,
        "course": pages.said(content, content.title),
    }
    return show(request, FORM, context, status=status if form.is_bound else 200)
