"""Modules and lessons."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from amana.academy.courses import actions, labels, pages, sections
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import CourseContent, Module
from amana.academy.courses.learner_progress import load_progress, map_latest_answers
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.courses.views.course_pages import (
    ASSIGNMENT,
    LESSON,
    MODULE,
    find_enrolment,
    get_lesson,
    get_module,
    get_seed,
)
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import read_key


def build_module_context(content: CourseContent, module: Module) -> dict[str, object]:
    """Build what every page of a module shows of where one is."""
    return {
        "course": content,
        "module": module,
        "module_title": pages.format_text(content, module.title),
        "module_name": _("Module %(number)s")
        % {"number": content.modules.index(module) + 1},
    }


@require_GET
def module(request: Request, slug: str, code: str) -> HttpResponse:
    enrolment = find_enrolment(request, slug)
    content = load_content(enrolment.version)
    found = get_module(content, code)
    standing = load_progress(enrolment)
    one = standing.of(found)
    context = build_module_context(content, found) | {
        "summary": pages.format_text(content, found.summary),
        "objectives": pages.choose_texts(
            content, [content.objectives[name] for name in found.objectives]
        ),
        "lessons": pages.iterate_lesson_lines(content, one, enrolment.track),
        "progress": one,
        "missing": labels.list_missing(one),
        "test_title": pages.format_text(content, found.test.title),
        "panels": sections.list_sections(sections.MODULE, enrolment, found.code),
        "assignment": pages.build_assignment(content, found),
        "next": pages.build_step(content, standing.next),
    }
    return show(request, MODULE, context)


@require_GET
def assignment(request: Request, slug: str, code: str) -> HttpResponse:
    """Show what to make at work, and how it is marked."""
    enrolment = find_enrolment(request, slug)
    content = load_content(enrolment.version)
    found = get_module(content, code)
    shown = pages.build_assignment(content, found)
    if shown is None:
        raise NotAccessible(learn, Enrolment, {"assignment": code})
    context = build_module_context(content, found) | {
        "assignment": shown,
        "panels": sections.list_sections(sections.ASSIGNMENT, enrolment, found.code),
    }
    return show(request, ASSIGNMENT, context)


@require_GET
def lesson(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    return render_lesson(request, find_enrolment(request, slug), code, part)


def render_lesson(
    request: Request,
    enrolment: Enrolment,
    code: str,
    part: str,
    typed: pages.ShownQuestion | None = None,
) -> HttpResponse:
    content = load_content(enrolment.version)
    found = get_module(content, code)
    shown_lesson = get_lesson(found, part)
    standing = load_progress(enrolment)
    asked = pages.list_questions(shown_lesson, content)
    answers = map_latest_answers(enrolment, asked) if asked else {}
    shown = pages.ShownLesson(
        content, found, shown_lesson, answers, get_seed(enrolment), typed
    )
    position = found.lessons.index(shown_lesson)
    context = build_module_context(content, found) | {
        "lesson": shown_lesson,
        "shown": shown,
        "position": position + 1,
        "read": shown_lesson not in standing.of(found).unread,
        "next": pages.build_step(content, standing.next),
        "after": get_next_url(content, found, position),
        "panels": sections.list_sections(sections.LESSON, enrolment, shown_lesson.path),
        "typed": typed,
    }
    return show(request, LESSON, context, status=422 if typed else 200)


def get_next_url(content: CourseContent, found: Module, position: int) -> str:
    """Get the page that follows a lesson which is left out."""
    if position + 1 < len(found.lessons):
        return pages.build_lesson_url(content, found.lessons[position + 1])
    return reverse("courses:module", args=[content.slug, found.code])


@require_POST
def read(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    """Record a lesson as read, and go to what comes next."""
    enrolment = find_enrolment(request, slug)
    content = load_content(enrolment.version)
    found = get_lesson(get_module(content, code), part)
    actions.record_read_lesson(
        enrolment, found.path, by=request.user, id=read_key(request)
    )
    step = load_progress(enrolment).next
    return done(
        request,
        then=pages.build_step_url(content, step)
        if step
        else reverse("courses:progress", args=[slug]),
    )


@require_POST
def answer(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    """Record an answer to a practice question of a lesson, and show its feedback."""
    enrolment = find_enrolment(request, slug)
    content = load_content(enrolment.version)
    found = get_lesson(get_module(content, code), part)
    name = request.POST.get("question", "")
    if name not in pages.list_questions(found, content):
        raise NotAccessible(learn, Enrolment, {"question": found.path})
    typed = pages.build_question(
        content,
        content.questions[name],
        seed=get_seed(enrolment),
        data=request.POST,
    )
    if not typed.form.is_valid() or typed.form.given is None:
        return render_lesson(request, enrolment, code, part, typed)
    actions.record_answer(
        enrolment, name, typed.form.given, by=request.user, id=read_key(request)
    )
    return done(request, then=f"{pages.build_lesson_url(content, found)}#{name}")


FIGURE_MAY = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
"""A figure is drawn and does nothing, also where it is opened by itself."""


@csp_override(FIGURE_MAY)
@require_GET
def figure(
    request: Request, slug: str, code: str, part: str, language: str = ""
) -> HttpResponse:
    """Send a drawing, or the same with its words in another language."""
    content = load_content(find_enrolment(request, slug).version)
    figures = get_module(content, code).figures
    name = f"{part}.{language}" if language else part
    if name not in figures:
        raise NotAccessible(learn, Enrolment, {"figure": name})
    response = HttpResponse(figures[name], content_type="image/svg+xml")
    # Private: it is shown to those who are enrolled, and no proxy may keep it for
    # others.
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
