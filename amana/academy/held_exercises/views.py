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

from amana.academy.held_exercises import actions
from amana.academy.held_exercises.forms import ExerciseForm, FinishForm, StepForm
from amana.academy.held_exercises.models import ExerciseStep, HeldExercise
from amana.academy.held_exercises.rules import (
    READERS,
    WRITERS,
    read_exercise,
    write_exercise,
    write_step,
)
from amana.design.mechanism.models import Version
from amana.design.mechanism.rules import see_version
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Sphere
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import answer_form, done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

LIST = "held_exercises/exercises.html"
ONE = "held_exercises/exercise.html"
WRITE = "held_exercises/write.html"


@require_GET
def exercises(request: Request) -> HttpResponse:
    held = HeldExercise.objects.with_steps().for_list()
    mine = read_exercise.among(held, request.user)
    # An empty list tells readers that there is none; to others it is not there.
    if not has_role(request.user, READERS) and not mine.exists():
        raise NotAccessible(read_exercise, HeldExercise, {})
    context = {
        "exercises": find_page(mine, request, key=("-held_on", "-pk")),
        "may_write": has_role(request.user, WRITERS),
    }
    return show(request, LIST, context)


@require_GET
def exercise(request: Request, pk: UUID) -> HttpResponse:
    found = read_exercise.find(HeldExercise.objects.for_list(), request.user, pk=pk)
    context = {
        "exercise": found,
        "sectors": [Sphere(sphere).label for sphere in found.spheres],
        "steps": found.steps.for_list(),
        "may_write": write_exercise.permits(request.user, found),
    }
    return show(request, ONE, context)


def build_url(exercise: HeldExercise) -> str:
    return reverse("held_exercises:exercise", args=[exercise.pk])


@require_http_methods(["GET", "POST"])
@apply_once
def new(request: Request) -> HttpResponse:
    if not has_role(request.user, WRITERS):
        raise NotAccessible(write_exercise, HeldExercise, {})
    versions = see_version.among(Version.objects.for_list(), request.user)
    initial = {"version": versions.filter(state="in_force").first()}
    form = ExerciseForm(posted(request), versions=versions, initial=initial)
    if form.is_valid():
        held = actions.record_exercise(form.held, by=request.user)
        return done(request, then=build_url(held))
    context = {
        "form": form,
        "title": _("Record an exercise"),
        "back": reverse("held_exercises:exercises"),
    }
    return show(request, WRITE, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def agree(request: Request, pk: UUID) -> HttpResponse:
    found = write_exercise.find(HeldExercise.objects.all(), request.user, pk=pk)
    return answer_form(
        request,
        WRITE,
        StepForm(posted(request)),
        lambda said: actions.agree_step(found, **said, by=request.user),
        title=_("Add an agreed step"),
        back=build_url(found),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def finish(request: Request, pk: UUID, number: int) -> HttpResponse:
    steps = ExerciseStep.objects.select_related("exercise").filter(done_on=None)
    step = write_step.find(steps, request.user, pk=number, exercise=pk)
    return answer_form(
        request,
        WRITE,
        FinishForm(posted(request)),
        lambda said: actions.finish_step(step, **said, by=request.user),
        title=step.words,
        back=build_url(step.exercise),
    )


@require_POST
@apply_once
def take_out(request: Request, pk: UUID) -> HttpResponse:
    found = write_exercise.find(HeldExercise.objects.all(), request.user, pk=pk)
    actions.remove_exercise(found, by=request.user)
    # Who has no other has no list either.
    if not has_role(request.user, READERS):
        return done(request, then="courses:home")
    return done(request, then="held_exercises:exercises")
