"""What the page of a case shows of its way: a part, lines of the timeline, what is due
by whom."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import panels
from amana.care.cases.models import Case
from amana.care.cases.panels import Entry, Panel
from amana.care.pathways import drawn, telling, words
from amana.care.pathways.models import Course, Due
from amana.care.pathways.rules import manage_course
from amana.trust.access.models import User


def course_of(case: Case) -> Course | None:
    """Get the course with one query however often asked; on the page of a case it has
    come along."""
    try:
        return case.course
    except Course.DoesNotExist:
        return None


def panel(case: Case, user: User) -> dict[str, Any]:
    course = course_of(case)
    if course is None:
        may_begin = case.is_open and panels.may_work(case, user)
        return {
            "course": None,
            "may_begin": may_begin and panels.in_force(case) is not None,
        }
    missed = words.missed_of(course)
    return {
        "course": course,
        "told": telling.of(course),
        "line": None if course.ended_at else drawn.nearby(course),
        "title": drawn.title(course),
        "missed": missed,
        "may_manage": bool(missed) and manage_course.permits(user, course),
    }


def entries(case: Case, user: User) -> Iterator[Entry]:
    course = course_of(case)
    if course is None:
        return
    url = reverse("pathways:course", args=[course.pk])
    for line in telling.of(course).done:
        yield Entry(line.at, line.words, line.by, url)


def due(case: Case, user: User) -> Iterator[tuple[datetime, str, str]]:
    course = course_of(case)
    if course is None:
        return
    panels.goes_by(case, course.version)
    if course.ended_at:
        return
    for step in telling.dues_of(course):
        url = reverse("pathways:step", args=[course.pk, step.key])
        yield step.by_at, sentence(course, step), url


def sentence(course: Course, due: Due) -> str:
    """Format what is to be done; by whom, where that is another team."""
    step = words.step_of(course, due.key)
    if due.own:
        return step
    return _("%(team)s: %(step)s") % {"team": due.team.name, "step": step}


def register() -> None:
    panels.PANELS.append(Panel(10, "pathways/panel.html", panel))
    panels.ENTRIES.append(entries)
    panels.DUE.append(due)
    panels.ALONG.append("course__version__mechanism")
