"""Tests."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from amana.academy.courses import actions, labels, pages, retakes
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import marking
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Attempt, Event
from amana.academy.courses.rules import take_test
from amana.academy.courses.views.course_pages import find_enrolment, get_module
from amana.academy.courses.views.lesson_pages import build_module_context
from amana.trust.access.http import Request, posted
from amana.ui.http import done, show
from amana.ui.once import apply_once, read_key

TEST, TAKE, RESULT = "courses/test.html", "courses/take.html", "courses/result.html"


@require_http_methods(["GET", "POST"])
@apply_once
def test(request: Request, slug: str, code: str) -> HttpResponse:
    """Show what a test is and the results of those that were taken, or begin one."""
    enrolment = find_enrolment(request, slug)
    content = load_content(enrolment.version)
    found = get_module(content, code)
    if request.method == "POST":
        attempt = actions.begin_test(enrolment, found.code, by=request.user)
        return done(request, then=reverse("courses:take", args=[attempt.pk]))
    one = load_progress(enrolment).of(found)
    attempts = enrolment.attempts.filter(module=found.code)
    handed_in = attempts.filter(submitted_at__isnull=False).order_by("-submitted_at")
    context = build_module_context(content, found) | {
        "test": found.test,
        "title": pages.format_text(content, found.test.title),
        "about": pages.format_text(content, found.test.about),
        "progress": one,
        # Of any seed: how many are needed depends on how many are asked.
        "needed": marking.mark_test(found, "", {}).needed,
        "open": attempts.open().first(),
        "retakes": retakes.load_retakes(enrolment, found.code),
        "most": retakes.IN_A_ROW,
        "attempts": [(each, mark_attempt(each)) for each in handed_in],
    }
    return show(request, TEST, context)


@require_POST
@apply_once
def ask_for_attempts(request: Request, slug: str, code: str) -> HttpResponse:
    enrolment = find_enrolment(request, slug)
    found = get_module(load_content(enrolment.version), code)
    actions.ask_for_attempts(enrolment, found.code, by=request.user)
    return done(request, then=reverse("courses:test", args=[slug, code]))


def mark_attempt(attempt: Attempt) -> marking.MarkedTest:
    answers = get_answers(attempt)
    return marking.mark_test(actions.get_module(attempt), str(attempt.seed), answers)


def get_answers(attempt: Attempt) -> dict[str, marking.Given]:
    answers: dict[str, marking.Given] = get_submission(attempt).result["answers"]
    return answers


def get_submission(attempt: Attempt) -> Event:
    return attempt.events.get(verb="submitted")


@require_http_methods(["GET", "POST"])
def take(request: Request, pk: int) -> HttpResponse:
    """Show one's own attempt: its questions, or its result."""
    attempts = Attempt.objects.select_related("enrolment__version__course")
    attempt = take_test.find(
        attempts.defer("enrolment__version__compiled"), request.user, pk=pk
    )
    if request.method == "POST":
        return submit_answers(request, attempt)
    if attempt.submitted_at:
        return render_result(request, attempt)
    return show(request, TAKE, build_test_context(request, attempt))


def build_test_context(request: Request, attempt: Attempt) -> dict[str, object]:
    content = load_content(attempt.enrolment.version)
    module = actions.get_module(attempt)
    questions = [
        pages.build_question(
            content,
            question,
            seed=str(attempt.seed),
            data=posted(request),
            must=False,
            tested=True,
        )
        for question in actions.list_questions(attempt)
    ]
    return build_module_context(content, module) | {
        "attempt": attempt,
        "title": pages.format_text(content, module.test.title),
        "questions": questions,
        "forms": [question.form for question in questions],
    }


def submit_answers(request: Request, attempt: Attempt) -> HttpResponse:
    context = build_test_context(request, attempt)
    forms = context["forms"]
    assert isinstance(forms, list)
    if any([not form.is_valid() for form in forms]):  # noqa: C419 — ask each of them
        return show(request, TAKE, context | {"wrong": True}, status=422)
    answers = {form.prefix: form.given for form in forms if form.given is not None}
    id: UUID = read_key(request)
    actions.submit_test(attempt, answers, by=request.user, id=id)
    return done(request, then=reverse("courses:take", args=[attempt.pk]))


def render_result(request: Request, attempt: Attempt) -> HttpResponse:
    """Show passed or not, and what to read again; not which answers were right: others
    are asked the same questions."""
    content = load_content(attempt.enrolment.version)
    found = actions.get_module(attempt)
    came_to = mark_attempt(attempt)
    standing = load_progress(attempt.enrolment)
    context = build_module_context(content, found) | {
        "attempt": attempt,
        "title": pages.format_text(content, found.test.title),
        "result": came_to,
        "why": "" if came_to.passed else labels.describe_test(came_to),
        "again": [
            (pages.choose_text(content, lesson.texts).said.title, lesson.part)
            for lesson in marking.list_lessons_again(found, came_to)
        ],
        "next": pages.build_step(content, standing.next),
    }
    return show(request, RESULT, context)
