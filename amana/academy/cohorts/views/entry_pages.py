"""Coming into a cohort by oneself: where anyone may, or by an invitation."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from amana.academy.cohorts import actions, invitation_links
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.rules import see_public_cohort
from amana.academy.cohorts.states import ApplicationStatus
from amana.academy.cohorts.views.public import around
from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.trust.access.http import signed_in
from amana.trust.access.models import User
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import apply_once

ENROL, OVER = "cohorts/enrol.html", "cohorts/invitation_over.html"


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@apply_once
def enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol in a cohort that is open to anyone."""
    rows = Cohort.objects.public().for_list()
    found = rows.filter(pk=pk).first()
    if found is None or not found.is_open_to_all:
        raise NotAccessible(see_public_cohort, Cohort, {"pk": pk})
    return come_in(request, found, lambda user: actions.enrol_oneself(found, by=user))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@apply_once
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by an invitation."""
    found = invitation_links.find_invitation(token)
    if found is None:
        return show(request, OVER, around(request), status=410)
    return come_in(
        request,
        found.cohort,
        lambda user: actions.use_invitation(found, by=user),
        is_invited=True,
    )


def come_in(
    request: HttpRequest,
    cohort: Cohort,
    enter: Callable[[User], Application],
    *,
    is_invited: bool = False,
) -> HttpResponse:
    """Show what one comes into, and ask who it is; then enter."""
    user = signed_in(request)
    if request.method == "POST" and user is not None:
        return lead_on(request, enter(user))
    content = load_content(cohort.version)
    context = around(request) | {
        "cohort": cohort,
        "course": pages.format_text(content, content.title),
        "slug": cohort.version.course.slug,
        "is_invited": is_invited,
        "is_closed": not (is_invited or cohort.is_open),
        "is_full": cohort.free_places() < 1,
        "here": request.path,
        "is_open": settings.OPEN_TO_LEARNERS,
    }
    return show(request, ENROL, context)


def lead_on(request: HttpRequest, application: Application) -> HttpResponse:
    """Lead to the course, or to one's dates where there is no place yet."""
    if application.state is ApplicationStatus.ENROLLED and application.cohort:
        course = application.cohort.version.course
        return done(request, then=reverse("courses:course", args=[course.slug]))
    return done(request, then="cohorts:mine")
