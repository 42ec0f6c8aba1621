"""To leave the way that was agreed, with a reason that stays."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.care.pathways import actions, labels, status
from amana.care.pathways.forms import (
    AssignPersonForm,
    AssignTeamForm,
    OverridePathwayForm,
    ReassignStepForm,
    ReopenStepForm,
    SkipStepForm,
)
from amana.care.pathways.models import DeviationReason, OpenTask, PathwayRun
from amana.care.pathways.rules import (
    choose_team,
    do_step,
    manage_course,
    override_course,
    place_course,
)
from amana.care.pathways.views.run_lookup import get_course_of_step
from amana.care.pathways.views.step import OVER, describe_past_step, get_step
from amana.trust.access.http import Request
from amana.trust.access.models import Team
from amana.ui.http import done, show
from amana.ui.once import apply_once

LEAVE = "pathways/leave.html"


def get_course_page(course: PathwayRun) -> str:
    return reverse("pathways:course", args=[course.pk])


def answer_page(
    request: Request,
    course: PathwayRun,
    form: object,
    *,
    title: str,
    lead: str,
    do: str,
) -> HttpResponse:
    context = {
        "course": course,
        "case": course.case,
        "form": form,
        "title": title,
        "lead": lead,
        "do": do,
    }
    return show(request, LEAVE, context, status=422 if request.POST else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def skip(request: Request, pk: UUID, step: str) -> HttpResponse:
    course = get_course_of_step(request, pk, step)
    due = course.dues.filter(key=step).first()
    if due is None:
        return show(request, OVER, describe_past_step(request, course, step))
    do_step.find(OpenTask.objects.all(), request.user, pk=due.pk)
    form = SkipStepForm(
        request.POST or None,
        step=get_step(course, step),
        pack=course.version.pack,
        initial={"expected": course.length},
    )
    if form.is_bound and form.is_valid():
        actions.skip_step(
            course,
            step,
            reason=DeviationReason(form.cleaned_data["reason"]),
            data=form.data_given,
            said=form.cleaned_data["said"],
            expected=form.cleaned_data["expected"],
            by=request.user,
        )
        messages.success(request, _("Step skipped. The reason stays in the case."))
        return done(request, then=get_course_page(course))
    return answer_page(
        request,
        course,
        form,
        title=_("Skip: %(step)s")
        % {"step": labels.format_step_of_course(course, step)},
        lead=_("The case continues as if this step had been done."),
        do=_("Skip this step"),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def reopen(request: Request, pk: UUID, step: str) -> HttpResponse:
    course = manage_course.find(PathwayRun.objects.for_page(), request.user, pk=pk)
    form = ReopenStepForm(request.POST or None)
    if form.is_bound and form.is_valid():
        actions.reopen_step(
            course,
            step,
            reason=DeviationReason(form.cleaned_data["reason"]),
            onward=form.cleaned_data["onward"] == "yes",
            said=form.cleaned_data["said"],
            by=request.user,
        )
        messages.success(request, _("The step is due again."))
        return done(request, then=get_course_page(course))
    return answer_page(
        request,
        course,
        form,
        title=_("Do it again: %(step)s")
        % {"step": labels.format_step_of_course(course, step)},
        lead=_("What was done before stays in the history."),
        do=_("Do it again"),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def reassign(request: Request, pk: UUID, step: str) -> HttpResponse:
    course = (place_course | manage_course).find(
        PathwayRun.objects.for_page(), request.user, pk=pk
    )
    due = course.dues.filter(key=step).first()
    if due is None:
        return show(request, OVER, describe_past_step(request, course, step))
    form = ReassignStepForm(
        request.POST or None, pack=course.version.pack, but=due.role
    )
    if form.is_bound and form.is_valid():
        actions.reassign_step(
            course,
            step,
            to=form.cleaned_data["to"],
            reason=DeviationReason(form.cleaned_data["reason"]),
            said=form.cleaned_data["said"],
            by=request.user,
        )
        messages.success(
            request, _("Assigned to another role. The deadline has not changed.")
        )
        return done(request, then=get_course_page(course))
    return answer_page(
        request,
        course,
        form,
        title=_("Assign to another role: %(step)s")
        % {"step": labels.format_step_of_course(course, step)},
        lead=_("The deadline does not change."),
        do=_("Assign it"),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def team(request: Request, pk: UUID, step: str) -> HttpResponse:
    """Choose, of several teams that play the role, the one that does it in this
    case."""
    course = choose_team.find(PathwayRun.objects.for_page(), request.user, pk=pk)
    due = course.dues.filter(key=step).first()
    if due is None:
        return show(request, OVER, describe_past_step(request, course, step))
    could = status.RoleTeams.of(course.version).by_role.get(due.role, ())
    teams = Team.objects.filter(pk__in=could).select_related("organisation")
    form = AssignTeamForm(
        request.POST or None,
        teams=teams.order_by("organisation__name", "name"),
        initial={"team": due.team_id},
    )
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["team"]
        actions.give_to_team(course, due.role, chosen, by=request.user)
        messages.success(
            request, _("Assigned to %(team)s. The team is notified.") % {"team": chosen}
        )
        return done(request, then=get_course_page(course))
    role = labels.format_role(due.role, course.version.pack)
    return answer_page(
        request,
        course,
        form,
        title=_("Who does it: %(step)s")
        % {"step": labels.format_step_of_course(course, step)},
        lead=_(
            "%(role)s: the team sees the step, its deadline and a reference. The "
            "person decides what the team may know about them."
        )
        % {"role": role},
        do=_("Ask this team"),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def person(request: Request, pk: UUID, step: str) -> HttpResponse:
    """Choose who does an office's step, in a case kept to named people."""
    course = manage_course.find(PathwayRun.objects.for_page(), request.user, pk=pk)
    due = course.dues.filter(key=step).first()
    if due is None:
        return show(request, OVER, describe_past_step(request, course, step))
    could = status.RoleTeams.of(course.version).could_be_named(due.role)
    people = could.select_related("user", "team__organisation")
    form = AssignPersonForm(request.POST or None, people=people)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data["person"].user
        actions.name_person(course, step, chosen, by=request.user)
        messages.success(
            request,
            _("Assigned to %(person)s, who is notified.") % {"person": chosen.name},
        )
        return done(request, then=get_course_page(course))
    role = labels.format_role(due.role, course.version.pack)
    return answer_page(
        request,
        course,
        form,
        title=_("Who does it: %(step)s")
        % {"step": labels.format_step_of_course(course, step)},
        lead=_(
            "%(role)s: one person sees this step only, its deadline and what was "
            "done before. The person whose case it is decides what this colleague "
            "may know about them."
        )
        % {"role": role},
        do=_("Name this person"),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def override(request: Request, pk: UUID) -> HttpResponse:
    course = override_course.find(PathwayRun.objects.for_page(), request.user, pk=pk)
    at = [
        *course.dues.order_by("by_at", "pk").values_list("key", flat=True),
        *course.awaited.order_by("pk").values_list("key", flat=True),
    ]
    form = OverridePathwayForm(request.POST or None, pack=course.version.pack, at=at)
    if form.is_bound and form.is_valid():
        actions.override_pathway(
            course,
            form.cleaned_data["step"],
            to=form.cleaned_data["to"],
            reason=DeviationReason(form.cleaned_data["reason"]),
            said=form.cleaned_data["said"],
            by=request.user,
        )
        messages.success(
            request, _("The case continues from there. The reason is kept.")
        )
        return done(request, then=get_course_page(course))
    return answer_page(
        request,
        course,
        form,
        title=_("Move to another step"),
        lead=_(
            "This step is closed, and the case continues at another one. Who decided "
            "it and why stays in the history."
        ),
        do=_("Continue from there"),
    )
