"""A case's whole way: now, next, what it waits for, and what was done."""

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

from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.cases.rules import change_or_choose, see_case
from amana.care.pathways import (
    actions,
    catching,
    conference,
    drawn,
    labels,
    retired,
    run_history,
    sealed,
)
from amana.care.pathways.forms import ChangeMechanismForm, StartPathwayForm
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.rules import (
    manage_course,
    override_course,
    place_course,
)
from amana.care.pathways.views.run_lookup import get_course
from amana.design.mechanism.choosing import (
    find_successor,
    find_version_of,
    list_versions_for_team,
)
from amana.design.mechanism.models import Version
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.ui.http import done, show
from amana.ui.once import apply_once

COURSE, BEGIN = "pathways/course.html", "pathways/begin.html"
CHANGE = "pathways/change_mechanism.html"


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
        "may_change": manage_course.permits(user, found)
        and bool(list_other_mechanisms(found.case)),
        "retired": retired.find_retired(found, found.case),
        "title": labels.format_text(found.version.pack.title, found.version.pack),
    }
    return show(request, COURSE, context)


@require_http_methods(["GET", "POST"])
@apply_once
def begin(request: Request, case: UUID) -> HttpResponse:
    """Begin a pathway that could not begin by itself, as not enough was known at the
    door."""
    found = see_case.find(Case.objects.select_related("team"), request.user, pk=case)
    version = find_version_of(found.mechanism_id)
    if version is None:
        raise Refused(_("No mechanism is in force for this case."))
    form = StartPathwayForm(
        request.POST or None, pack=version.pack, initial={"urgency": found.urgency}
    )
    if form.is_bound and form.is_valid():
        begun = actions.begin_pathway(found, data=form.cleaned_data, by=request.user)
        messages.success(request, _("The case pathway has started."))
        return done(request, then=reverse("pathways:course", args=[begun.pk]))
    context = {"case": found, "form": form}
    return show(request, BEGIN, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def change_mechanism(request: Request, case: UUID) -> HttpResponse:
    """Choose another of the mechanisms in which the case's team takes part."""
    found = change_or_choose.find(
        Case.objects.select_related("team", "mechanism"), request.user, pk=case
    )
    others = list_other_mechanisms(found)
    form = ChangeMechanismForm(
        request.POST or None, versions=others, initial=choose_successor(found, others)
    )
    if form.is_bound and form.is_valid():
        chosen = next(v for v in others if str(v.pk) == form.cleaned_data["version"])
        cases.change_mechanism(found, chosen, by=request.user)
        messages.success(request, _("The case follows the other mechanism."))
        return done(request, then=reverse("cases:case", args=[found.pk]))
    now = find_version_of(found.mechanism_id)
    context = {"case": found, "form": form, "now": now, "others": others}
    return show(request, CHANGE, context, status=422 if form.is_bound else 200)


def choose_successor(case: Case, others: Sequence[Version]) -> dict[str, str]:
    """Choose what follows the case's mechanism, if that has retired."""
    successor = find_successor(case.mechanism) if case.mechanism else None
    return {"version": str(successor.pk)} if successor in others and successor else {}


def list_other_mechanisms(case: Case) -> list[Version]:
    """List what is in force of the others in which the case's team takes part."""
    versions = list_versions_for_team(case.team)
    return [v for v in versions if v.mechanism_id != case.mechanism_id]


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
