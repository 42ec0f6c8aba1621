"""The page on which those who led an exercise record what was learned from it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.academy.exercises import actions, rules
from amana.academy.exercises.labels import choose_text
from amana.academy.exercises.models import Exercise
from amana.academy.held_exercises.forms import PlayedExerciseForm
from amana.academy.held_exercises.views import WRITE, build_url
from amana.design.mechanism.models import Version
from amana.design.mechanism.rules import see_version
from amana.trust.access.http import Request, posted
from amana.ui.http import done, show
from amana.ui.once import apply_once


@require_http_methods(["GET", "POST"])
@apply_once
def record(request: Request, pk: UUID) -> HttpResponse:
    """Show the form, and once it is sent lead to the register, where steps are
    agreed."""
    played = Exercise.objects.kept().for_list()
    found = rules.record.find(played, request.user, pk=pk)
    # A colleague may have been faster, or the same person in another window.
    if found.held:
        return redirect(build_url(found.held))
    scenario = actions.get_scenario(found.scenario).scenario
    # Most talk about it on the day on which it was closed.
    form = PlayedExerciseForm(
        posted(request),
        scenario=choose_text(scenario.title),
        versions=see_version.among(Version.objects.for_list(), request.user),
        initial={"held_on": timezone.localdate(found.closed_at or found.opened_at)},
    )
    if form.is_valid():
        held = actions.record_outcome(found, form.held, by=request.user)
        return done(request, then=build_url(held))
    context = {
        "form": form,
        "title": _("Record what was learned"),
        "back": reverse("scenarios:exercise", args=[pk]),
    }
    return show(request, WRITE, context, status=422 if form.is_bound else 200)
