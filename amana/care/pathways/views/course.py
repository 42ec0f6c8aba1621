"""A case's whole way: now, next, what it waits for, and what was done."""

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

from amana.care.cases.models import Case
from amana.care.cases.rules import see_case
from amana.care.pathways import (
    actions,
    catching,
    conference,
    drawn,
    labels,
    run_history,
    sealed,
)
from amana.care.pathways.forms import StartPathwayForm
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.rules import (
    manage_course,
    override_course,
    place_course,
)
from amana.care.pathways.views.run_lookup import get_course
from amana.design.mechanism import find_current_version
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.ui.http import done, show
from amana.ui.once import apply_once

COURSE, BEGIN = "pathways/course.html", "pathways/begin.html"


@require_GET
def course(request: Request, pk: UUID) -> HttpResponse:
    found, user = get_course(request, pk), request.user
    own = see_case.permits(user, found.case)
    told = run_history.get_told(found)
    said = sealed.open_words(found, by=user) if own else {}
    for words_of in said.values():
        invited = words_of.get("invited", ())
        words_of["who"] = conference.format_participants(invited, found.version.pack)
    context = {
        "course": found,
        "case": found.case,
        "told": told,
        "lines": drawn.draw_whole(found),
        "done": [(line, said.get(line.number)) for line in reversed(told.done)],
        "own": own,
        "missed": labels.list_missed(found),
        "may_manage": manage_course.permits(user, found),
        "may_override": override_course.permits(user, found),
        "may_place": place_course.permits(user, found),
        "title": labels.format_text(found.version.pack.title, found.version.pack),
    }
    return show(request, COURSE, context)


@require_http_methods(["GET", "POST"])
@apply_once
def begin(request: Request, case: UUID) -> HttpResponse:
    """Begin a pathway that could not begin by itself, as not enough was known at the
    door."""
    found = see_case.find(Case.objects.select_related("team"), request.user, pk=case)
    version = find_current_version()
    if version is None:
        raise Refused(_("No mechanism is in force here."))
    form = StartPathwayForm(
        request.POST or None, pack=version.pack, initial={"urgency": found.urgency}
    )
    if form.is_bound and form.is_valid():
        begun = actions.begin_pathway(found, data=form.cleaned_data, by=request.user)
        messages.success(request, _("The case pathway has started."))
        return done(request, then=reverse("pathways:course", args=[begun.pk]))
    context = {"case": found, "form": form}
    return show(request, BEGIN, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def hear(request: Request, pk: UUID) -> HttpResponse:
    """Record that something came that the case waits for."""
    found = get_course(request, pk)
    actions.record_message(
        found,
        request.POST.get("message", ""),
        step=request.POST.get("step", ""),
        by=request.user,
    )
    messages.success(request, _("Recorded. The case continues."))
    return done(request, then=reverse("pathways:course", args=[pk]))


@require_POST
@apply_once
def catch_up(request: Request, pk: UUID) -> HttpResponse:
    """Catch up after a mistake of the program's own."""
    found = manage_course.find(PathwayRun.objects.for_page(), request.user, pk=pk)
    catching.catch_up_course(found, by=request.user)
    messages.success(
        request, _("Pathway updated. Check whether the right steps are due.")
    )
    return done(request, then=reverse("pathways:course", args=[pk]))
