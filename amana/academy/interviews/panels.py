"""The interviews of a module, on its page and below the lessons they belong to."""

from typing import Any

from amana.academy.courses.content import content_of
from amana.academy.courses.engine.course import Course
from amana.academy.courses.models import Enrolment
from amana.academy.courses.pages import InLanguage


def of_module(enrolment: Enrolment, code: str) -> dict[str, Any]:
    return _shown(content_of(enrolment.version), code)


def of_lesson(enrolment: Enrolment, path: str) -> dict[str, Any]:
    code, _slash, part = path.partition("/")
    return _shown(content_of(enrolment.version), code, part)


def _shown(course: Course, code: str, part: str = "") -> dict[str, Any]:
    module = course.module(code)
    found = module.interviews if module else ()
    return {
        "slug": course.slug,
        "code": code,
        "language": InLanguage(course.first),
        "interviews": [
            interview for interview in found if part in ("", interview.lesson)
        ],
    }
