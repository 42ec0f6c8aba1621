"""Pages to leave the way that was agreed, with a reason that stays."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from amana.care.pathways import actions, labels, status
from amana.care.pathways.actions.pathway_steps import build_already_done
from amana.care.pathways.forms import (
    AssignPersonForm,
    AssignTeamForm,
    OverridePathwayForm,
    ReassignStepForm,
    ReopenStepForm,
    SkipStepForm,
)
from amana.care.pathways.models import OpenTask, PathwayRun
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
from amana.trust.access.models import Team, User
from amana.trust.access.rules import Rule
from amana.ui.form_options import Posted
from amana.ui.http import done, show
from amana.ui.once import apply_once

LEAVE = "pathways/leave.html"


@dataclass(frozen=True)
class DeviationPage:
    """What differs between these pages. The texts may name the step and its role, and
    the message what was chosen."""

    title: Promise
    lead: Promise
    button: Promise
    message: Promise
    find: Callable[[Request, UUID, str], PathwayRun]
    build_form: Callable[[Posted, PathwayRun, OpenTask], forms.Form]
    apply: Callable[..., object]
    is_of_due_step: bool = True


def find_by(rule: Rule) -> Callable[[Request, UUID, str], PathwayRun]:
    return lambda request, pk, step: rule.find(
        PathwayRun.objects.for_page(), request.user, pk=pk
    )


def find_to_skip(request: Request, pk: UUID, step: str) -> PathwayRun:
    course = get_course_of_step(request, pk, step)
    if due := course.dues.filter(key=step).first():
        do_step.find(OpenTask.objects.all(), request.user, pk=due.pk)
    return course


def build_skip_form(posted: Posted, course: PathwayRun, task: OpenTask) -> SkipStepForm:
    return SkipStepForm(
        posted,
        step=get_step(course, task.key),
        pack=course.version.pack,
        initial={"expected": course.length},
    )


def build_team_form(
    posted: Posted, course: PathwayRun, task: OpenTask
) -> AssignTeamForm:
    """Offer the teams that play the role."""
    could = status.RoleTeams.of(course.version).by_role.get(task.role, ())
    teams = Team.objects.filter(pk__in=could).select_related("organisation")
    return AssignTeamForm(
        posted,
        teams=teams.order_by("organisation__name", "name"),
        initial={"team": task.team_id},
    )


def give_to_team(course: PathwayRun, step: str, team: Team, *, by: User) -> None:
    due = course.dues.filter(key=step).first()
    if due is None:  # a colleague has just done it
        raise build_already_done(course, step)
    actions.give_to_team(course, due.role, team, by=by)


def build_person_form(
    posted: Posted, course: PathwayRun, task: OpenTask
) -> AssignPersonForm:
    """Offer who could do an office's step, in a case kept to named people."""
    could = status.RoleTeams.of(course.version).could_be_named(task.role)
    people = could.select_related("user", "team__organisation")
    return AssignPersonForm(posted, people=people)


def build_override_form(
    posted: Posted, course: PathwayRun, task: OpenTask
) -> OverridePathwayForm:
    at = [
        *course.dues.order_by("by_at", "pk").values_list("key", flat=True),
        *course.awaited.order_by("pk").values_list("key", flat=True),
    ]
    return OverridePathwayForm(posted, pack=course.version.pack, at=at)


DEVIATIONS = {
    "skip": DeviationPage(
        title=_("Skip: %(step)s"),
        lead=_("The case continues as if this step had been done."),
        button=_("Skip this step"),
        message=_("Step skipped. The reason stays in the case."),
        find=find_to_skip,
        build_form=build_skip_form,
        apply=actions.skip_step,
    ),
    "reopen": DeviationPage(
        title=_("Do it again: %(step)s"),
        lead=_("What was done before stays in the history."),
        button=_("Do it again"),
        message=_("The step is due again."),
        find=find_by(manage_course),
        build_form=lambda posted, course, task: ReopenStepForm(posted),
        apply=actions.reopen_step,
        is_of_due_step=False,
    ),
    "reassign": DeviationPage(
        title=_("Assign to another role: %(step)s"),
        lead=_("The deadline does not change."),
        button=_("Assign it"),
        message=_("Assigned to another role. The deadline has not changed."),
        find=find_by(place_course | manage_course),
        build_form=lambda posted, course, task: ReassignStepForm(
            posted, pack=course.version.pack, but=task.role
        ),
        apply=actions.reassign_step,
    ),
    "team": DeviationPage(
        title=_("Who does it: %(step)s"),
        lead=_(
            "%(role)s: the team sees the step, its deadline and a reference. The "
            "person decides what the team may know about them."
        ),
        button=_("Ask this team"),
        message=_("Assigned to %(team)s. The team is notified."),
        find=find_by(choose_team),
        build_form=build_team_form,
        apply=give_to_team,
    ),
    "person": DeviationPage(
        title=_("Who does it: %(step)s"),
        lead=_(
            "%(role)s: one person sees this step only, its deadline and what was "
            "done before. The person whose case it is decides what this colleague "
            "may know about them."
        ),
        button=_("Name this person"),
        message=_("Assigned to %(person)s, who is notified."),
        find=find_by(manage_course),
        build_form=build_person_form,
        apply=actions.name_person,
    ),
    "override": DeviationPage(
        title=_("Move to another step"),
        lead=_(
            "This step is closed, and the case continues at another one. Who decided "
            "it and why stays in the history."
        ),
        button=_("Continue from there"),
        message=_("The case continues from there. The reason is kept."),
        find=find_by(override_course),
        build_form=build_override_form,
        apply=actions.override_pathway,
        is_of_due_step=False,
    ),
}


@require_http_methods(["GET", "POST"])
@apply_once
def leave(request: Request, pk: UUID, how: str, step: str = "") -> HttpResponse:
    what = DEVIATIONS[how]
    course = what.find(request, pk, step)
    due = course.dues.filter(key=step).first()
    if due is None and what.is_of_due_step:
        return show(request, OVER, describe_past_step(request, course, step))
    task = due or OpenTask(course=course, key=step)
    form = what.build_form(request.POST or None, course, task)
    if form.is_bound and form.is_valid():
        what.apply(course, **{"step": step} | form.cleaned_data, by=request.user)
        messages.success(request, str(what.message) % form.cleaned_data)
        return done(request, then=reverse("pathways:course", args=[course.pk]))
    names = {
        "step": labels.format_step_of_course(course, step) if step else "",
        "role": labels.format_role(task.role, course.version.pack) if due else "",
    }
    context = {
        "course": course,
        "case": course.case,
        "form": form,
        "title": str(what.title) % names,
        "lead": str(what.lead) % names,
        "do": what.button,
    }
    return show(request, LEAVE, context, status=422 if form.is_bound else 200)
