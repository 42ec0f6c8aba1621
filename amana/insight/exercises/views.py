"""Exercises that were held, what was learned, and the steps that followed."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.design.mechanism.models import Version
from amana.design.mechanism.rules import see_version
from amana.insight.exercises import actions
from amana.insight.exercises.forms import ExerciseForm, FinishForm, StepForm
from amana.insight.exercises.models import Exercise, Step
from amana.insight.exercises.rules import (
    READERS,
    WRITERS,
    read_exercise,
    write_exercise,
)
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Sphere
from amana.trust.access.rules import NotAmong, holds
from amana.ui.http import done, show, written
from amana.ui.once import once
from amana.ui.paging import page

LIST = "exercises/exercises.html"
ONE = "exercises/exercise.html"
WRITE = "exercises/write.html"


@require_GET
def exercises(request: Request) -> HttpResponse:
    if not holds(request.user, READERS):
        raise NotAmong(read_exercise, Exercise, {})
    held = Exercise.objects.with_steps().for_list()
    context = {
        "exercises": page(
            read_exercise.among(held, request.user), request, key=("-held_on", "-pk")
        ),
        "may_write": holds(request.user, WRITERS),
    }
    return show(request, LIST, context)


@require_GET
def exercise(request: Request, pk: UUID) -> HttpResponse:
    found = read_exercise.find(Exercise.objects.for_list(), request.user, pk=pk)
    context = {
        "exercise": found,
        "sectors": [Sphere(sphere).label for sphere in found.spheres],
        "steps": found.steps.for_list(),
        "may_write": holds(request.user, WRITERS),
    }
    return show(request, ONE, context)


def address(exercise: Exercise) -> str:
    return reverse("exercises:exercise", args=[exercise.pk])


@require_http_methods(["GET", "POST"])
@once
def new(request: Request) -> HttpResponse:
    if not holds(request.user, WRITERS):
        raise NotAmong(write_exercise, Exercise, {})
    versions = see_version.among(Version.objects.for_list(), request.user)
    initial = {"version": versions.filter(state="in_force").first()}
    form = ExerciseForm(posted(request), versions=versions, initial=initial)
    if form.is_valid():
        held = actions.record(form.held, by=request.user)
        return done(request, then=address(held))
    context = {
        "form": form,
        "title": _("Record an exercise"),
        "back": reverse("exercises:exercises"),
    }
    return show(request, WRITE, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@once
def agree(request: Request, pk: UUID) -> HttpResponse:
    found = write_exercise.find(Exercise.objects.all(), request.user, pk=pk)
    return written(
        request,
        WRITE,
        StepForm(posted(request)),
        lambda said: actions.agree(found, **said, by=request.user),
        title=_("Add an agreed step"),
        back=address(found),
    )


@require_http_methods(["GET", "POST"])
@once
def finish(request: Request, pk: UUID, number: int) -> HttpResponse:
    steps = Step.objects.select_related("exercise").filter(done_on=None)
    step = write_exercise.find(steps, request.user, pk=number, exercise=pk)
    return written(
        request,
        WRITE,
        FinishForm(posted(request)),
        lambda said: actions.finish(step, **said, by=request.user),
        title=step.words,
        back=address(step.exercise),
    )


@require_POST
@once
def take_out(request: Request, pk: UUID) -> HttpResponse:
    found = write_exercise.find(Exercise.objects.all(), request.user, pk=pk)
    actions.take_out(found, by=request.user)
    return done(request, then="exercises:exercises")
