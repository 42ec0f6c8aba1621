"""The interviews of a module, on its page and below the lessons they belong to."""

from dataclasses import dataclass

from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import (
    CourseContent,
    Interview,
    InterviewText,
)
from amana.academy.courses.models import Enrolment
from amana.academy.courses.pages import TextLanguage, choose_text


@dataclass(frozen=True)
class OfferedInterview:
    name: str
    text: InterviewText
    language: TextLanguage


def load_for_module(enrolment: Enrolment, code: str) -> dict[str, object]:
    return _shown(load_content(enrolment.version), code)


def load_for_lesson(enrolment: Enrolment, path: str) -> dict[str, object]:
    code, _slash, part = path.partition("/")
    return _shown(load_content(enrolment.version), code, part)


def _shown(course: CourseContent, code: str, part: str = "") -> dict[str, object]:
    module = course.module(code)
    found = module.interviews if module else ()
    return {
        "slug": course.slug,
        "code": code,
        "interviews": [
            _offer(course, interview)
            for interview in found
            if part in ("", interview.lesson)
        ],
    }


def _offer(course: CourseContent, interview: Interview) -> OfferedInterview:
    spoken = choose_text(course, interview.texts)
    return OfferedInterview(interview.name, spoken.said, TextLanguage(spoken.language))
