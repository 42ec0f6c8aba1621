"""What the page of a case shows of its way: a part, lines of the timeline, what is due
by whom."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import sections
from amana.care.cases.models import Case
from amana.care.cases.sections import CaseSection, TimelineEntry
from amana.care.pathways import drawn, labels, retired, run_history
from amana.care.pathways.models import OpenTask, PathwayRun
from amana.care.pathways.rules import manage_course
from amana.design.mechanism.models import Version
from amana.trust.access.models import User


def get_course(case: Case) -> PathwayRun | None:
    """Get the course with one query however often asked; on the page of a case it has
    come along."""
    try:
        return case.course
    except PathwayRun.DoesNotExist:
        return None


def build_section(case: Case, user: User) -> dict[str, object]:
    course = get_course(case)
    if course is not None and course.ended_at is None:
        version: Version | None = course.version
    else:
        version = sections.find_version_in_force(case)
    # It follows none, or one that has ended: another may fit by now.
    chooses = version is None and case.is_open and sections.may_work(case, user)
    here: dict[str, object] = {"case": case, "follows": version, "may_choose": chooses}
    if course is None:
        may_begin = case.is_open and sections.may_work(case, user)
        return here | {"course": None, "may_begin": may_begin and version is not None}
    missed = labels.list_missed(course)
    left = retired.find_retired(course, case)
    return here | {
        "course": course,
        "retired": left,
        "may_change": left is not None and manage_course.permits(user, course),
        "told": run_history.get_told(course),
        "line": None if course.ended_at else drawn.draw_nearby(course),
        "title": drawn.format_title(course),
        "missed": missed,
        "may_manage": bool(missed) and manage_course.permits(user, course),
    }


def iterate_entries(case: Case, user: User) -> Iterator[TimelineEntry]:
    course = get_course(case)
    if course is None:
        return
    url = reverse("pathways:course", args=[course.pk])
    for line in run_history.get_told(course).done:
        yield TimelineEntry(line.at, line.words, line.by, url)


def iterate_due(case: Case, user: User) -> Iterator[tuple[datetime, str, str]]:
    course = get_course(case)
    if course is None:
        return
    sections.store_version(case, course.version)
    if course.ended_at:
        return
    for step in run_history.load_dues(course):
        url = reverse("pathways:step", args=[course.pk, step.key])
        yield step.by_at, format_step(course, step), url


def format_step(course: PathwayRun, due: OpenTask) -> str:
    """Format what is to be done; by whom, where that is another team."""
    step = labels.format_step_of_course(course, due.key)
    if due.own:
        return step
    return _("%(team)s: %(step)s") % {"team": due.team.name, "step": step}


def register_sections() -> None:
    sections.PANELS.append(CaseSection(10, "pathways/panel.html", build_section))
    sections.ENTRIES.append(iterate_entries)
    sections.DUE.append(iterate_due)
    sections.ALONG.append("course__version__mechanism")
