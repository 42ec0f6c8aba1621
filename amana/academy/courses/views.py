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

from amana.academy.courses import actions, labels, pages, sections, shipped_courses
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import files, marking
from amana.academy.courses.engine.course_content import CourseContent, Lesson, Module
from amana.academy.courses.learner_progress import load_progress, map_latest_answers
from amana.academy.courses.models import Attempt, Enrolment, Event, Version
from amana.academy.courses.models import Course as CourseRow
from amana.academy.courses.rules import (
    PUBLISHERS,
    learn,
    publish_course,
    see_version,
    take_test,
)
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.once import apply_once, read_key

HOME, COURSE, MODULE, LESSON = (
    "courses/home.html",
    "courses/course.html",
    "courses/module.html",
    "courses/lesson.html",
)
TEST, TAKE, RESULT = "courses/test.html", "courses/take.html", "courses/result.html"
PROGRESS, ASSIGNMENT = "courses/progress.html", "courses/assignment.html"


# --- finding


def find_latest(request: Request, slug: str) -> Version:
    versions = Version.objects.for_page().newest_first()
    return see_version.find(versions, request.user, course__slug=slug)


def find_enrolment(request: Request, slug: str) -> Enrolment:
    enrolments = Enrolment.objects.for_page()
    return learn.find(enrolments, request.user, version__course__slug=slug)


def get_module(course: CourseContent, code: str) -> Module:
    module = course.module(code)
    if module is None:
        raise NotAccessible(learn, Enrolment, {"module": code})
    return module


def get_lesson(module: Module, part: str) -> Lesson:
    lesson = module.lesson(part)
    if lesson is None:
        raise NotAccessible(learn, Enrolment, {"lesson": part})
    return lesson


def get_seed(enrolment: Enrolment) -> str:
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
    lines = [
        build_course_line(version, begun.get(pk)) for pk, version in newest.items()
    ]
    lie_here = (
        shipped_courses.map_folders() if has_role(request.user, PUBLISHERS) else {}
    )
    context = {
        "courses": lines,
        "shipped": list(lie_here),
        "offers": sections.list_links(request.user),
    }
    return show(request, HOME, context)


def build_course_line(
    version: Version, enrolment: Enrolment | None
) -> dict[str, object]:
    course = load_content(enrolment.version if enrolment else version)
    progress = load_progress(enrolment) if enrolment else None
    return {
        "title": pages.format_text(course, course.title),
        "summary": pages.format_text(course, course.summary),
        "url": reverse("courses:course", args=[course.slug]),
        "progress": progress,
        "next": pages.build_step(course, progress.next) if progress else None,
    }


@require_POST
@apply_once
def publish(request: Request, code: str) -> HttpResponse:
    """Publish a course that came as a folder; one with a fault is refused."""
    folder = shipped_courses.map_folders().get(code)
    if folder is None or not has_role(request.user, PUBLISHERS):
        raise NotAccessible(publish_course, CourseRow, {"folder": code})
    version = actions.publish_version(files.read_folder(folder), by=request.user)
    return done(request, then=reverse("courses:course", args=[version.course.slug]))


@require_GET
def course(request: Request, slug: str) -> HttpResponse:
    """Show what a course teaches; to those who have begun, what comes next."""
    version = find_latest(request, slug)
    mine = learn.among(Enrolment.objects.for_page(), request.user)
    # Learners stay with the version with which they began: what they have read and
    # passed is of that wording (ADR 12).
    enrolment = mine.filter(version__course__slug=slug).first()
    content = load_content(enrolment.version if enrolment else version)
    context = build_course_context(content) | {
        "version": version,
        "enrolment": enrolment,
    }
    if enrolment:
        progress = load_progress(enrolment)
        context |= {
            "progress": progress,
            "modules": pages.build_modules(content, progress),
            "next": pages.build_step(content, progress.next),
            "newer": enrolment.version_id != version.pk,
            "panels": sections.list_sections(sections.COURSE, enrolment),
        }
    return show(request, COURSE, context)


def build_course_context(content: CourseContent) -> dict[str, object]:
    return {
        "course": content,
        "title": pages.format_text(content, content.title),
        "summary": pages.format_text(content, content.summary),
        "review": pages.format_text(content, content.review),
        "objectives": pages.choose_texts(content, content.objectives.values()),
        "audiences": pages.choose_texts(content, content.audiences),
        "outline": [
            (
                pages.format_text(content, module.title),
                pages.format_text(content, module.summary),
                len(module.lessons),
            )
            for module in content.modules
        ],
        "content_language": pages.TextLanguage(
            pages.choose_text(content, content.title).language
        ),
    }


@require_POST
@apply_once
def begin(request: Request, slug: str) -> HttpResponse:
    """Begin the latest version, for the first time or again."""
    version = find_latest(request, slug)
    enrolment = actions.begin_course(version, by=request.user)
    content = load_content(version)
    step = load_progress(enrolment).next
    return done(
        request,
        then=pages.build_step_url(content, step)
        if step
        else reverse("courses:progress", args=[slug]),
    )


@require_GET
def progress(request: Request, slug: str) -> HttpResponse:
    """Show what is done, and what is missing and why."""
    enrolment = find_enrolment(request, slug)
    content = load_content(enrolment.version)
    standing = load_progress(enrolment)
    context = {
        "course": content,
        "title": pages.format_text(content, content.title),
        "progress": standing,
        "modules": pages.build_modules(content, standing),
        "next": pages.build_step(content, standing.next),
        "enrolment": enrolment,
        "panels": sections.list_sections(sections.PROGRESS, enrolment),
    }
    return show(request, PROGRESS, context)


# --- modules and lessons


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
        "lessons": pages.iterate_lesson_lines(content, one),
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


# --- tests


@require_http_methods(["GET", "POST"])
@apply_once
def test(request: Request, slug: str, code: str) -> HttpResponse:
    """Show what a test is and the results of those that were taken, or begin one."""
    enrolment = find_enrolment(request, slug)
    content = load_content(enrolment.version)
    found = get_module(content, code)
    if request.method == "POST":
        attempt = actions.begin_test(enrolment, found.code, by=request.user)
        return done(request, then=reverse("courses:take", args=[attempt.pk]))
    one = load_progress(enrolment).of(found)
    attempts = enrolment.attempts.filter(module=found.code)
    handed_in = attempts.filter(submitted_at__isnull=False).order_by("-submitted_at")
    context = build_module_context(content, found) | {
        "test": found.test,
        "title": pages.format_text(content, found.test.title),
        "about": pages.format_text(content, found.test.about),
        "progress": one,
        # Of any seed: how many are needed depends on how many are asked.
        "needed": marking.mark_test(found, "", {}).needed,
        "open": attempts.open().first(),
        "attempts": [(each, mark_attempt(each)) for each in handed_in],
    }
    return show(request, TEST, context)


def mark_attempt(attempt: Attempt) -> marking.MarkedTest:
    answers = get_answers(attempt)
    return marking.mark_test(actions.get_module(attempt), str(attempt.seed), answers)


def get_answers(attempt: Attempt) -> dict[str, marking.Given]:
    answers: dict[str, marking.Given] = get_submission(attempt).result["answers"]
    return answers


def get_submission(attempt: Attempt) -> Event:
    return attempt.events.get(verb="submitted")


@require_http_methods(["GET", "POST"])
def take(request: Request, pk: int) -> HttpResponse:
    """Show one's own attempt: its questions, or its result."""
    attempts = Attempt.objects.select_related("enrolment__version__course")
    attempt = take_test.find(
        attempts.defer("enrolment__version__compiled"), request.user, pk=pk
    )
    if request.method == "POST":
        return submit_answers(request, attempt)
    if attempt.submitted_at:
        return render_result(request, attempt)
    return show(request, TAKE, build_test_context(request, attempt))


def build_test_context(request: Request, attempt: Attempt) -> dict[str, object]:
    content = load_content(attempt.enrolment.version)
    module = actions.get_module(attempt)
    questions = [
        pages.build_question(
            content, question, seed=str(attempt.seed), data=posted(request), must=False
        )
        for question in actions.list_questions(attempt)
    ]
    return build_module_context(content, module) | {
        "attempt": attempt,
        "title": pages.format_text(content, module.test.title),
        "questions": questions,
        "forms": [question.form for question in questions],
    }


def submit_answers(request: Request, attempt: Attempt) -> HttpResponse:
    context = build_test_context(request, attempt)
    forms = context["forms"]
    assert isinstance(forms, list)
    if any([not form.is_valid() for form in forms]):  # noqa: C419 — ask each of them
        return show(request, TAKE, context | {"wrong": True}, status=422)
    answers = {form.prefix: form.given for form in forms if form.given is not None}
    id: UUID = read_key(request)
    actions.submit_test(attempt, answers, by=request.user, id=id)
    return done(request, then=reverse("courses:take", args=[attempt.pk]))


def render_result(request: Request, attempt: Attempt) -> HttpResponse:
    """Show passed or not, and something to learn from each answer."""
    content = load_content(attempt.enrolment.version)
    found = actions.get_module(attempt)
    came_to, answers = mark_attempt(attempt), get_answers(attempt)
    standing = load_progress(attempt.enrolment)
    context = build_module_context(content, found) | {
        "attempt": attempt,
        "title": pages.format_text(content, found.test.title),
        "result": came_to,
        "why": "" if came_to.passed else labels.describe_test(came_to),
        "questions": [
            (
                pages.build_question(
                    content,
                    question,
                    seed=str(attempt.seed),
                    given=answers.get(question.id),
                ),
                question.id in came_to.right,
                question.id in came_to.critical,
            )
            for question in actions.list_questions(attempt)
        ],
        "next": pages.build_step(content, standing.next),
    }
    return show(request, RESULT, context)
