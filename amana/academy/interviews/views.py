"""An interview, one answer at a time: buttons, and no script."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from amana.academy.courses import pages
from amana.academy.courses.content import content_of
from amana.academy.courses.engine.course import Interview
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.interviews import actions
from amana.academy.interviews.models import Run
from amana.academy.interviews.rules import practise
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAmong
from amana.ui.http import done, show
from amana.ui.once import once

BEFORE, SCENE = "interviews/before.html", "interviews/scene.html"


def found(
    request: Request, slug: str, code: str, part: str
) -> tuple[Enrolment, Interview]:
    enrolments = Enrolment.objects.for_page()
    enrolment = learn.find(enrolments, request.user, version__course__slug=slug)
    interview = actions.found(enrolment, code, part)
    if interview is None:
        raise NotAmong(learn, Enrolment, {"interview": part})
    return enrolment, interview


def running(request: Request, slug: str, code: str, part: str) -> Run:
    enrolment, _interview = found(request, slug, code, part)
    runs = Run.objects.for_page()
    return practise.find(
        runs, request.user, enrolment=enrolment, module=code, name=part
    )


def here(slug: str, code: str, part: str) -> str:
    return reverse("interviews:interview", args=[slug, code, part])


@require_http_methods(["GET", "POST"])
@once
def interview(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    """Show what it is about, before one begins; then how far the conversation is."""
    enrolment, one = found(request, slug, code, part)
    if request.method == "POST":
        actions.begin(enrolment, code, part, by=request.user)
        return done(request, then=here(slug, code, part))
    course = content_of(enrolment.version)
    module = course.module(code)
    assert module is not None  # the interview was found in it
    context = {
        "interview": one,
        "slug": slug,
        "code": code,
        "module_title": pages.said(course, module.title),
        "language": pages.InLanguage(course.first),
    }
    runs = Run.objects.for_page().filter(enrolment=enrolment, module=code, name=part)
    run = practise.among(runs, request.user).first()
    if run is None:
        return show(request, BEFORE, context)
    scene = actions.scene_of(run)
    *before, now = scene.turns
    context |= {"scene": scene, "before": before, "now": now, "turn": len(run.chosen)}
    return show(request, SCENE, context)


@require_POST
@once
def say(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    run = running(request, slug, code, part)
    actions.say(
        run,
        number(request, "choice"),
        turn=number(request, "turn"),
        by=request.user,
    )
    return done(request, then=f"{here(slug, code, part)}#now")


def number(request: Request, name: str) -> int:
    """Read a number; what is none is returned as -1, which is no choice and no turn."""
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else -1


@require_POST
@once
def stop(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    actions.stop(running(request, slug, code, part), by=request.user)
    return done(request, then=reverse("courses:module", args=[slug, code]))


@require_POST
@once
def again(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    """Begin again, to try another way."""
    run = running(request, slug, code, part)
    enrolment = run.enrolment
    actions.stop(run, by=request.user)
    actions.begin(enrolment, code, part, by=request.user)
    return done(request, then=here(slug, code, part))
