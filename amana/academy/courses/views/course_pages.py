"""Courses: the list, one course, one's progress."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from amana.academy.courses import actions, pages, sections, shipped_courses
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import files
from amana.academy.courses.engine.course_content import CourseContent, Lesson, Module
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Course as CourseRow
from amana.academy.courses.models import Enrolment, Version
from amana.academy.courses.rules import PUBLISHERS, learn, publish_course, see_version
from amana.academy.credentials.endorsing import list_endorsements
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.once import apply_once

HOME, COURSE, MODULE, LESSON = (
    "courses/home.html",
    "courses/course.html",
    "courses/module.html",
    "courses/lesson.html",
)


PROGRESS, ASSIGNMENT = "courses/progress.html", "courses/assignment.html"


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
            "tracks": pages.list_tracks(content, enrolment.track),
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
        "endorsements": list_endorsements(
            [certificate.code for certificate in content.certificates]
        ),
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


@require_POST
@apply_once
def choose_track(request: Request, slug: str) -> HttpResponse:
    """Learn for a sector, or for none."""
    enrolment = find_enrolment(request, slug)
    actions.choose_track(enrolment, request.POST.get("track", ""), by=request.user)
    return done(request, then=reverse("courses:course", args=[slug]))


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
