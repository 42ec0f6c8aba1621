"""An interview, one answer at a time: buttons, and no script."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import Interview
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.practice.interviews import actions
from amana.academy.practice.interviews.models import PracticeConversation
from amana.academy.practice.interviews.rules import practise
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import apply_once

BEFORE, SCENE = "interviews/before.html", "interviews/scene.html"


def found(
    request: Request, slug: str, code: str, part: str
) -> tuple[Enrolment, Interview]:
    enrolments = Enrolment.objects.for_page()
    enrolment = learn.find(enrolments, request.user, version__course__slug=slug)
    interview = actions.find_interview(enrolment, code, part)
    if interview is None:
        raise NotAccessible(learn, Enrolment, {"interview": part})
    return enrolment, interview


def running(request: Request, slug: str, code: str, part: str) -> PracticeConversation:
    enrolment, _interview = found(request, slug, code, part)
    runs = PracticeConversation.objects.for_page()
    return practise.find(
        runs, request.user, enrolment=enrolment, module=code, name=part
    )


def build_url(slug: str, code: str, part: str) -> str:
    return reverse("interviews:interview", args=[slug, code, part])


@require_http_methods(["GET", "POST"])
@apply_once
def interview(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    """Show what it is about, before one begins; then how far the conversation is."""
    enrolment, one = found(request, slug, code, part)
    if request.method == "POST":
        actions.begin_interview(enrolment, code, part, by=request.user)
        return done(request, then=build_url(slug, code, part))
    course = load_content(enrolment.version)
    module = course.module(code)
    assert module is not None  # the interview was found in it
    spoken = pages.choose_text(course, one.texts)
    context = {
        "interview": one,
        "text": spoken.said,
        "slug": slug,
        "code": code,
        "module_title": pages.format_text(course, module.title),
        "language": pages.TextLanguage(spoken.language),
    }
    runs = PracticeConversation.objects.for_page().filter(
        enrolment=enrolment, module=code, name=part
    )
    run = practise.among(runs, request.user).first()
    if run is None:
        return show(request, BEFORE, context)
    scene = actions.get_scene(run, spoken.language)
    *before, now = scene.turns
    context |= {
        "scene": scene,
        "choices": actions.shuffle_choices(run, scene),
        "before": before,
        "now": now,
        "turn": len(run.chosen),
    }
    return show(request, SCENE, context)


@require_POST
@apply_once
def say(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    run = running(request, slug, code, part)
    actions.choose_answer(
        run,
        number(request, "choice"),
        turn=number(request, "turn"),
        by=request.user,
    )
    return done(request, then=f"{build_url(slug, code, part)}#now")


def number(request: Request, name: str) -> int:
    """Read a number; what is none is returned as -1, which is no choice and no turn."""
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else -1


@require_POST
@apply_once
def stop(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    actions.stop_interview(running(request, slug, code, part), by=request.user)
    return done(request, then=reverse("courses:module", args=[slug, code]))


@require_POST
@apply_once
def again(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    """Begin again, to try another way."""
    run = running(request, slug, code, part)
    enrolment = run.enrolment
    actions.stop_interview(run, by=request.user)
    actions.begin_interview(enrolment, code, part, by=request.user)
    return done(request, then=build_url(slug, code, part))
