"""Where to begin, as the pages of a course and of a module show it."""

from typing import Any

from django.urls import reverse

from amana.academy.courses import pages
from amana.academy.courses.content import content_of
from amana.academy.courses.engine import placement as placements
from amana.academy.courses.engine.course import Course, Lesson
from amana.academy.courses.models import Enrolment
from amana.academy.courses.panels import Panel
from amana.academy.courses.standing import progress_of
from amana.academy.placement.standing import placed

MOST = 4
"""Lessons that a module's page names as those to read first."""


def of_course(enrolment: Enrolment, module: str) -> dict[str, Any]:
    """Build the way to the questions, and for which sector they were answered."""
    course = content_of(enrolment.version)
    about = placements.of(course)
    if about is None:
        return {}
    standing = placed(enrolment)
    url = reverse("placement:choose", args=[course.slug])
    if standing is None:
        return {"url": url, "title": pages.said(course, about.title)}
    place = [course.slug, standing.sector.code]
    return {
        "url": url,
        "sector": pages.said(course, standing.sector.name),
        "result": reverse("placement:result", args=place),
    }


def of_module(enrolment: Enrolment, module: str) -> dict[str, Any]:
    """Build what to read first in this module, of what is not read yet."""
    standing = placed(enrolment)
    if standing is None or module not in standing.placement.modules:
        return {}
    course = standing.course
    unread = {
        lesson.path
        for module in progress_of(enrolment).modules
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
        "sector": pages.said(course, standing.sector.name),
        "first": [link(course, lesson) for lesson in first[:MOST]],
        "known": [link(course, lesson) for lesson in known],
        "result": reverse("placement:result", args=[course.slug, standing.sector.code]),
    }


def link(course: Course, lesson: Lesson) -> tuple[str, str]:
    title = pages.spoken(course, lesson.texts).said.title
    return title, pages.url_of_lesson(course, lesson)


on_course = Panel("placement/on_course.html", of_course)
on_module = Panel("placement/on_module.html", of_module)
