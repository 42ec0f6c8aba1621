"""Show courses to learners: one next step, always."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.courses import actions, pages, panels, sentences, shipped
from amana.academy.courses.content import content_of
from amana.academy.courses.engine import files, marking
from amana.academy.courses.engine.course import Course, Lesson, Module
from amana.academy.courses.models import Attempt, Enrolment, Event, Version
from amana.academy.courses.models import Course as CourseRow
from amana.academy.courses.rules import (
    PUBLISHERS,
    learn,
    publish_course,
    see_version,
    take_test,
)
from amana.academy.courses.standing import practised, progress_of
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAmong, holds
from amana.ui.http import done, show
from amana.ui.once import key_of, once

HOME, COURSE, MODULE, LESSON = (
    "courses/home.html",
    "courses/course.html",
    "courses/module.html",
    "courses/lesson.html",
)
TEST, TAKE, RESULT = "courses/test.html", "courses/take.html", "courses/result.html"
PROGRESS, ASSIGNMENT = "courses/progress.html", "courses/assignment.html"


# --- finding


def latest(request: Request, slug: str) -> Version:
    versions = Version.objects.for_page().newest_first()
    return see_version.find(versions, request.user, course__slug=slug)


def enrolled(request: Request, slug: str) -> Enrolment:
    enrolments = Enrolment.objects.for_page()
    return learn.find(enrolments, request.user, version__course__slug=slug)


def module_in(course: Course, code: str) -> Module:
    module = course.module(code)
    if module is None:
        raise NotAmong(learn, Enrolment, {"module": code})
    return module


def lesson_in(module: Module, part: str) -> Lesson:
    lesson = module.lesson(part)
    if lesson is None:
        raise NotAmong(learn, Enrolment, {"lesson": part})
    return lesson


def seed_of(enrolment: Enrolment) -> str:
    """Get the seed of the order in which this learner is offered options."""
    return str(enrolment.pk)


# --- courses


@require_GET
def home(request: Request) -> HttpResponse:
    """Show every course, in its latest version, and how far one is."""
    versions = Version.objects.for_page().newest_first()
    newest: dict[int, Version] = {}
    for version in see_version.among(versions, request.user):
        # Newest first, so that the first one seen of each course is its latest.
        newest.setdefault(version.course_id, version)
    mine = learn.among(Enrolment.objects.for_page(), request.user)
    begun: dict[int, Enrolment] = {}
    for enrolment in mine:
        begun.setdefault(enrolment.version.course_id, enrolment)
    lines = [course_line(version, begun.get(pk)) for pk, version in newest.items()]
    lie_here = shipped.folders() if holds(request.user, PUBLISHERS) else {}
    context = {
        "courses": lines,
        "shipped": list(lie_here),
        "offers": panels.offered(request.user),
    }
    return show(request, HOME, context)


def course_line(version: Version, enrolment: Enrolment | None) -> dict[str, object]:
    course = content_of(enrolment.version if enrolment else version)
    progress = progress_of(enrolment) if enrolment else None
    return {
        "title": pages.said(course, course.title),
        "summary": pages.said(course, course.summary),
        "url": reverse("courses:course", args=[course.slug]),
        "progress": progress,
        "next": pages.shown_step(course, progress.next) if progress else None,
    }


@require_POST
@once
def publish(request: Request, code: str) -> HttpResponse:
    """Publish a course that came as a folder; one with a fault is refused."""
    folder = shipped.folders().get(code)
    if folder is None or not holds(request.user, PUBLISHERS):
        raise NotAmong(publish_course, CourseRow, {"folder": code})
    version = actions.publish(files.of_folder(folder), by=request.user)
    return done(request, then=reverse("courses:course", args=[version.course.slug]))


@require_GET
def course(request: Request, slug: str) -> HttpResponse:
    """Show what a course teaches; to those who have begun, what comes next."""
    version = latest(request, slug)
    mine = learn.among(Enrolment.objects.for_page(), request.user)
    # Learners stay with the version with which they began: what they have read and
    # passed is of that wording (ADR 12).
    enrolment = mine.filter(version__course__slug=slug).first()
    content = content_of(enrolment.version if enrolment else version)
    context = about_course(content) | {"version": version, "enrolment": enrolment}
    if enrolment:
        progress = progress_of(enrolment)
        context |= {
            "progress": progress,
            "modules": pages.shown_modules(content, progress),
            "next": pages.shown_step(content, progress.next),
            "newer": enrolment.version_id != version.pk,
            "panels": panels.shown(panels.COURSE, enrolment),
        }
    return show(request, COURSE, context)


def about_course(content: Course) -> dict[str, object]:
    return {
        "course": content,
        "title": pages.said(content, content.title),
        "summary": pages.said(content, content.summary),
        "review": pages.said(content, content.review),
        "objectives": pages.several(content, content.objectives.values()),
        "audiences": pages.several(content, content.audiences),
        "outline": [
            (
                pages.said(content, module.title),
                pages.said(content, module.summary),
                len(module.lessons),
            )
            for module in content.modules
        ],
        "content_language": pages.InLanguage(
            pages.spoken(content, content.title).language
        ),
    }


@require_POST
@once
def begin(request: Request, slug: str) -> HttpResponse:
    """Begin the latest version, for the first time or again."""
    version = latest(request, slug)
    enrolment = actions.begin(version, by=request.user)
    content = content_of(version)
    step = progress_of(enrolment).next
    return done(
        request,
        then=pages.url_of_step(content, step)
        if step
        else reverse("courses:progress", args=[slug]),
    )


@require_GET
def progress(request: Request, slug: str) -> HttpResponse:
    """Show what is done, and what is missing and why."""
    enrolment = enrolled(request, slug)
    content = content_of(enrolment.version)
    standing = progress_of(enrolment)
    context = {
        "course": content,
        "title": pages.said(content, content.title),
        "progress": standing,
        "modules": pages.shown_modules(content, standing),
        "next": pages.shown_step(content, standing.next),
        "enrolment": enrolment,
        "panels": panels.shown(panels.PROGRESS, enrolment),
    }
    return show(request, PROGRESS, context)


# --- modules and lessons


def around(content: Course, module: Module) -> dict[str, object]:
    """Build what every page of a module shows of where one is."""
    return {
        "course": content,
        "module": module,
        "module_title": pages.said(content, module.title),
        "module_name": _("Module %(number)s")
        % {"number": content.modules.index(module) + 1},
    }


@require_GET
def module(request: Request, slug: str, code: str) -> HttpResponse:
    enrolment = enrolled(request, slug)
    content = content_of(enrolment.version)
    found = module_in(content, code)
    standing = progress_of(enrolment)
    one = standing.of(found)
    context = around(content, found) | {
        "summary": pages.said(content, found.summary),
        "objectives": pages.several(
            content, [content.objectives[name] for name in found.objectives]
        ),
        "lessons": pages.lesson_lines(content, one),
        "progress": one,
        "missing": sentences.missing(one),
        "test_title": pages.said(content, found.test.title),
        "panels": panels.shown(panels.MODULE, enrolment, found.code),
        "assignment": pages.assignment_of(content, found),
        "next": pages.shown_step(content, standing.next),
    }
    return show(request, MODULE, context)


@require_GET
def assignment(request: Request, slug: str, code: str) -> HttpResponse:
    """Show what to make at work, and how it is marked."""
    enrolment = enrolled(request, slug)
    content = content_of(enrolment.version)
    found = module_in(content, code)
    shown = pages.assignment_of(content, found)
    if shown is None:
        raise NotAmong(learn, Enrolment, {"assignment": code})
    context = around(content, found) | {
        "assignment": shown,
        "panels": panels.shown(panels.ASSIGNMENT, enrolment, found.code),
    }
    return show(request, ASSIGNMENT, context)


@require_GET
def lesson(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    return lesson_page(request, enrolled(request, slug), code, part)


def lesson_page(
    request: Request,
    enrolment: Enrolment,
    code: str,
    part: str,
    typed: pages.ShownQuestion | None = None,
) -> HttpResponse:
    content = content_of(enrolment.version)
    found = module_in(content, code)
    shown_lesson = lesson_in(found, part)
    standing = progress_of(enrolment)
    asked = pages.questions_in(shown_lesson, content)
    answers = practised(enrolment, asked) if asked else {}
    shown = pages.ShownLesson(
        content, found, shown_lesson, answers, seed_of(enrolment), typed
    )
    position = found.lessons.index(shown_lesson)
    context = around(content, found) | {
        "lesson": shown_lesson,
        "shown": shown,
        "position": position + 1,
        "read": shown_lesson not in standing.of(found).unread,
        "next": pages.shown_step(content, standing.next),
        "after": after(content, found, position),
        "panels": panels.shown(panels.LESSON, enrolment, shown_lesson.path),
        "typed": typed,
    }
    return show(request, LESSON, context, status=422 if typed else 200)


def after(content: Course, found: Module, position: int) -> str:
    """Get the page that follows a lesson which is left out."""
    if position + 1 < len(found.lessons):
        return pages.url_of_lesson(content, found.lessons[position + 1])
    return reverse("courses:module", args=[content.slug, found.code])


@require_POST
def read(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    """Record a lesson as read, and go to what comes next."""
    enrolment = enrolled(request, slug)
    content = content_of(enrolment.version)
    found = lesson_in(module_in(content, code), part)
    actions.read(enrolment, found.path, by=request.user, id=key_of(request))
    step = progress_of(enrolment).next
    return done(
        request,
        then=pages.url_of_step(content, step)
        if step
        else reverse("courses:progress", args=[slug]),
    )


@require_POST
def answer(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    """Record an answer to a practice question of a lesson, and show its feedback."""
    enrolment = enrolled(request, slug)
    content = content_of(enrolment.version)
    found = lesson_in(module_in(content, code), part)
    name = request.POST.get("question", "")
    if name not in pages.questions_in(found, content):
        raise NotAmong(learn, Enrolment, {"question": found.path})
    typed = pages.shown_question(
        content,
        content.questions[name],
        seed=seed_of(enrolment),
        data=request.POST,
    )
    if not typed.form.is_valid() or typed.form.given is None:
        return lesson_page(request, enrolment, code, part, typed)
    actions.answer(
        enrolment, name, typed.form.given, by=request.user, id=key_of(request)
    )
    return done(request, then=f"{pages.url_of_lesson(content, found)}#{name}")


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
    content = content_of(enrolled(request, slug).version)
    figures = module_in(content, code).figures
    name = f"{part}.{language}" if language else part
    if name not in figures:
        raise NotAmong(learn, Enrolment, {"figure": name})
    response = HttpResponse(figures[name], content_type="image/svg+xml")
    # Private: it is shown to those who are enrolled, and no proxy may keep it for
    # others.
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


# --- tests


@require_http_methods(["GET", "POST"])
@once
def test(request: Request, slug: str, code: str) -> HttpResponse:
    """Show what a test is and the results of those that were taken, or begin one."""
    enrolment = enrolled(request, slug)
    content = content_of(enrolment.version)
    found = module_in(content, code)
    if request.method == "POST":
        attempt = actions.begin_test(enrolment, found.code, by=request.user)
        return done(request, then=reverse("courses:take", args=[attempt.pk]))
    one = progress_of(enrolment).of(found)
    attempts = enrolment.attempts.filter(module=found.code)
    handed_in = attempts.filter(submitted_at__isnull=False).order_by("-submitted_at")
    context = around(content, found) | {
        "test": found.test,
        "title": pages.said(content, found.test.title),
        "about": pages.said(content, found.test.about),
        "progress": one,
        # Of any seed: how many are needed depends on how many are asked.
        "needed": marking.result(found, "", {}).needed,
        "open": attempts.open().first(),
        "attempts": [(each, result_of(each)) for each in handed_in],
    }
    return show(request, TEST, context)


def result_of(attempt: Attempt) -> marking.Result:
    answers = answers_of(attempt)
    return marking.result(actions.module_of(attempt), str(attempt.seed), answers)


def answers_of(attempt: Attempt) -> dict[str, marking.Given]:
    answers: dict[str, marking.Given] = submission_of(attempt).result["answers"]
    return answers


def submission_of(attempt: Attempt) -> Event:
    return attempt.events.get(verb="submitted")


@require_http_methods(["GET", "POST"])
def take(request: Request, pk: int) -> HttpResponse:
    """Show one's own attempt: its questions, or its result."""
    attempts = Attempt.objects.select_related("enrolment__version__course")
    attempt = take_test.find(
        attempts.defer("enrolment__version__compiled"), request.user, pk=pk
    )
    if request.method == "POST":
        return hand_in(request, attempt)
    if attempt.submitted_at:
        return result(request, attempt)
    return show(request, TAKE, taking(request, attempt))


def taking(request: Request, attempt: Attempt) -> dict[str, object]:
    content = content_of(attempt.enrolment.version)
    module = actions.module_of(attempt)
    questions = [
        pages.shown_question(
            content, question, seed=str(attempt.seed), data=posted(request), must=False
        )
        for question in actions.questions_of(attempt)
    ]
    return around(content, module) | {
        "attempt": attempt,
        "title": pages.said(content, module.test.title),
        "questions": questions,
        "forms": [question.form for question in questions],
    }


def hand_in(request: Request, attempt: Attempt) -> HttpResponse:
    context = taking(request, attempt)
    forms = context["forms"]
    assert isinstance(forms, list)
    if any([not form.is_valid() for form in forms]):  # noqa: C419 — ask each of them
        return show(request, TAKE, context | {"wrong": True}, status=422)
    answers = {form.prefix: form.given for form in forms if form.given is not None}
    id: UUID = key_of(request)
    actions.submit(attempt, answers, by=request.user, id=id)
    return done(request, then=reverse("courses:take", args=[attempt.pk]))


def result(request: Request, attempt: Attempt) -> HttpResponse:
    """Show passed or not, and something to learn from each answer."""
    content = content_of(attempt.enrolment.version)
    found = actions.module_of(attempt)
    came_to, answers = result_of(attempt), answers_of(attempt)
    standing = progress_of(attempt.enrolment)
    context = around(content, found) | {
        "attempt": attempt,
        "title": pages.said(content, found.test.title),
        "result": came_to,
        "why": "" if came_to.passed else sentences.about_test(came_to),
        "questions": [
            (
                pages.shown_question(
                    content,
                    question,
                    seed=str(attempt.seed),
                    given=answers.get(question.id),
                ),
                question.id in came_to.right,
                question.id in came_to.critical,
            )
            for question in actions.questions_of(attempt)
        ],
        "next": pages.shown_step(content, standing.next),
    }
    return show(request, RESULT, context)
