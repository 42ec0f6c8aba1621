"""What a request for a package asks for, and the answer with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import CourseContent, Lesson, Module
from amana.academy.courses.models import Version
from amana.academy.courses.rules import publish_course, see_version
from amana.exchange.learning.lessons.rules import may_take_along
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.trust.audit import log
from amana.ui.http import send_file


@dataclass(frozen=True)
class CourseLessons:
    """Lessons of a published course, in one language."""

    version: Version
    course: CourseContent
    module: Module
    lessons: Sequence[Lesson]
    language: str
    score: bool

    @property
    def title(self) -> str:
        return self.course.in_language(self.module.title, self.language).said

    @property
    def about(self) -> str:
        return self.course.in_language(self.module.summary, self.language).said


def get_version(request: Request, slug: str) -> Version:
    """Get the latest version; to others than those who publish, there is none."""
    if not may_take_along(request.user):
        raise NotAccessible(publish_course, Version, {"course": slug})
    versions = Version.objects.for_page().newest_first()
    return see_version.find(versions, request.user, course__slug=slug)


def read_taken(request: Request, slug: str, code: str, part: str = "") -> CourseLessons:
    version = get_version(request, slug)
    course = load_content(version)
    module = course.module(code)
    if module is None:
        raise NotAccessible(see_version, Version, {"module": code})
    lessons = [lesson for lesson in module.lessons if part in ("", lesson.part)]
    if not lessons:
        raise NotAccessible(see_version, Version, {"lesson": part})
    return CourseLessons(
        version=version,
        course=course,
        module=module,
        lessons=lessons,
        language=choose_language(request, course),
        score=request.GET.get("score") == "yes",
    )


def choose_language(request: HttpRequest, course: CourseContent) -> str:
    """Choose the language that was asked for, else that of the page, else the course's
    first."""
    asked = request.GET.get("language", "")
    here = pages.get_page_language() if get_language() else ""
    return next(
        (language for language in (asked, here) if language in course.languages),
        course.first,
    )


def send_package(
    taken: CourseLessons, made: bytes, format: str, by: Request
) -> HttpResponse:
    log.record("took lessons along", taken.version, by=by.user, format=format)
    part = f"-{taken.lessons[0].part}" if len(taken.lessons) == 1 else ""
    name = (
        f"{taken.course.slug}-{taken.module.code}{part}-{taken.language}-{format}.zip"
    )
    return send_file(made, "application/zip", name)
