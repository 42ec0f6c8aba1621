"""Where to begin, as the pages of a course and of a module show it."""

from django.urls import reverse

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import lesson_order as placements
from amana.academy.courses.engine.course_content import CourseContent, Lesson
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Enrolment
from amana.academy.courses.sections import EnrolmentSection
from amana.academy.practice.placement.placement_status import find_placed

MOST = 4
"""Lessons that a module's page names as those to read first."""


def build_course_part(enrolment: Enrolment, module: str) -> dict[str, object]:
    """Build the way to the questions, and for which sector they were answered."""
    course = load_content(enrolment.version)
    about = placements.build_placement(course)
    if about is None:
        return {}
    standing = find_placed(enrolment)
    url = reverse("placement:choose", args=[course.slug])
    if standing is None:
        return {"url": url, "title": pages.format_text(course, about.title)}
    place = [course.slug, standing.sector.code]
    return {
        "url": url,
        "sector": pages.format_text(course, standing.sector.name),
        "result": reverse("placement:result", args=place),
    }


def build_module_part(enrolment: Enrolment, module: str) -> dict[str, object]:
    """Build what to read first in this module, of what is not read yet."""
    standing = find_placed(enrolment)
    if standing is None or module not in standing.placement.modules:
        return {}
    course = standing.course
    unread = {
        lesson.path
        for module in load_progress(enrolment).modules
        for lesson in module.unread
    }
    proposal = standing.proposal
    here = [
        lesson
        for lesson in proposal.order
        if lesson.module == module and lesson.path in unread
    ]
    first = [
        lesson for lesson in here if lesson.path in proposal.first - proposal.known
    ]
    known = [lesson for lesson in here if lesson.path in proposal.known]
    return {
        "sector": pages.format_text(course, standing.sector.name),
        "first": [build_link(course, lesson) for lesson in first[:MOST]],
        "known": [build_link(course, lesson) for lesson in known],
        "result": reverse("placement:result", args=[course.slug, standing.sector.code]),
    }


def build_link(course: CourseContent, lesson: Lesson) -> tuple[str, str]:
    title = pages.choose_text(course, lesson.texts).said.title
    return title, pages.build_lesson_url(course, lesson)


on_course = EnrolmentSection("placement/on_course.html", build_course_part)
on_module = EnrolmentSection("placement/on_module.html", build_module_part)
