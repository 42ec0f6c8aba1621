"""The interviews of a module, on its page."""

from typing import Any

from amana.academy.courses.content import content_of
from amana.academy.courses.models import Enrolment
from amana.academy.courses.pages import InLanguage


def of_module(enrolment: Enrolment, code: str) -> dict[str, Any]:
    course = content_of(enrolment.version)
    module = course.module(code)
    return {
        "slug": course.slug,
        "code": code,
        "language": InLanguage(course.first),
        "interviews": module.interviews if module else (),
    }
