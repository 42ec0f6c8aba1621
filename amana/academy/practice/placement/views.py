"""Where to begin: choose a sector, answer a few questions, and decide oneself."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import lesson_order as placements
from amana.academy.courses.engine.course_content import CourseContent, Lesson
from amana.academy.courses.engine.lesson_order import (
    LessonProposal,
    Placement,
    PlacementSector,
)
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.courses.views import find_enrolment, get_seed
from amana.academy.practice.placement import actions
from amana.academy.practice.placement.placement_status import find_placed
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import read_key

CHOOSE, ASK, RESULT = (
    "placement/choose.html",
    "placement/ask.html",
    "placement/result.html",
)


def found(request: Request, slug: str) -> tuple[Enrolment, CourseContent, Placement]:
    enrolment = find_enrolment(request, slug)
    course = load_content(enrolment.version)
    about = placements.build_placement(course)
    if about is None:
        raise NotAccessible(learn, Enrolment, {"placement": slug})
    return enrolment, course, about


def get_sector(about: Placement, code: str) -> PlacementSector:
    sector = about.sector(code)
    if sector is None:
        raise NotAccessible(learn, Enrolment, {"sector": code})
    return sector


@require_GET
def choose(request: Request, slug: str) -> HttpResponse:
    _enrolment, course, about = found(request, slug)
    context = {
        "course": course,
        "title": pages.format_text(course, about.title),
        "about": pages.format_text(course, about.about),
        "sectors": [
            (
                pages.format_text(course, sector.name),
                reverse("placement:ask", args=[slug, sector.code]),
                len(sector.asks),
            )
            for sector in about.sectors
        ],
    }
    return show(request, CHOOSE, context)


@require_http_methods(["GET", "POST"])
def ask(request: Request, slug: str, code: str) -> HttpResponse:
    enrolment, course, about = found(request, slug)
    sector = get_sector(about, code)
    questions = [
        pages.build_question(
            course,
            about.questions[asked.question],
            seed=get_seed(enrolment),
            data=posted(request),
            must=False,
        )
        for asked in sector.asks
    ]
    context = {
        "course": course,
        "title": pages.format_text(course, about.title),
        "sector": pages.format_text(course, sector.name),
        "questions": questions,
    }
    if request.method == "GET":
        return show(request, ASK, context)
    # A list, and no generator: each form is checked, so that all mistakes are shown at
    # once.
    if any([not question.form.is_valid() for question in questions]):  # noqa: C419 — ask each
        return show(request, ASK, context | {"wrong": True}, status=422)
    answers = {
        question.id: question.form.given
        for question in questions
        if question.form.given is not None
    }
    actions.record_placement(
        enrolment, code, answers, by=request.user, id=read_key(request)
    )
    return done(request, then=reverse("placement:result", args=[slug, code]))


@dataclass(frozen=True)
class LessonOrderLine:
    """A lesson in the order that is proposed."""

    path: str
    title: str
    url: str
    minutes: int | None
    first: bool
    known: bool
    read: bool


@require_GET
def result(request: Request, slug: str, code: str) -> HttpResponse:
    """Show a proposal; the learner decides."""
    enrolment, course, about = found(request, slug)
    sector = get_sector(about, code)
    standing = find_placed(enrolment)
    if standing is None or standing.sector != sector:
        return done(request, then=reverse("placement:ask", args=[slug, code]))
    proposal = standing.proposal
    lines_ = list_lines(course, enrolment, proposal)
    context = {
        "course": course,
        "title": pages.format_text(course, about.title),
        "sector": pages.format_text(course, sector.name),
        "code": code,
        "lines": lines_,
        "can_be_known": [line_ for line_ in lines_ if line_.known and not line_.read],
        "questions": [
            (
                pages.build_question(
                    course,
                    about.questions[asked.question],
                    seed=get_seed(enrolment),
                    given=standing.answers.get(asked.question),
                ),
                asked.question in proposal.right,
            )
            for asked in sector.asks
        ],
    }
    return show(request, RESULT, context)


def list_lines(
    course: CourseContent, enrolment: Enrolment, proposal: LessonProposal
) -> list[LessonOrderLine]:
    unread = {
        lesson.path
        for module in load_progress(enrolment).modules
        for lesson in module.unread
    }
    return [build_line(course, lesson, proposal, unread) for lesson in proposal.order]


def build_line(
    course: CourseContent, lesson: Lesson, proposal: LessonProposal, unread: set[str]
) -> LessonOrderLine:
    return LessonOrderLine(
        lesson.path,
        pages.choose_text(course, lesson.texts).said.title,
        pages.build_lesson_url(course, lesson),
        lesson.minutes,
        lesson.path in proposal.first,
        lesson.path in proposal.known,
        lesson.path not in unread,
    )


@require_POST
def known(request: Request, slug: str, code: str) -> HttpResponse:
    """Count the lessons that the learner ticked as read."""
    enrolment, _course, _about = found(request, slug)
    chosen = request.POST.getlist("lesson")
    actions.record_known_lessons(
        enrolment, chosen, by=request.user, id=read_key(request)
    )
    return done(request, then=reverse("courses:course", args=[slug]))
