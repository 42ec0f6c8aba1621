"""Review: one question that was missed before, and when it comes again."""

import json
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from fsrs import Rating

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.labels import AnswerFeedback
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.practice.review import actions
from amana.academy.practice.review.engine import cards
from amana.academy.practice.review.review_status import (
    ReviewStatus,
    get_standing,
    list_standings,
)
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import read_key

TODAY, ANSWERED = "review/today.html", "review/answered.html"


@require_GET
def today(request: Request) -> HttpResponse:
    """Show the first question of today, or when the next ones come."""
    standings = list_standings(request.user)
    for standing in standings:
        if standing.today:
            return question_page(request, standing, standing.today[0])
    days = [day for standing in standings if (day := standing.next_day)]
    context = {
        "asked": sum(standing.asked for standing in standings),
        "next_day": min(days, default=None),
    }
    return show(request, TODAY, context)


def question_page(
    request: Request,
    standing: ReviewStatus,
    name: str,
    typed: pages.ShownQuestion | None = None,
) -> HttpResponse:
    shown = typed or build_shown_question(standing, name)
    context = {
        "shown": shown,
        "enrolment": standing.enrolment,
        "left": len(standing.today),
        "title": pages.format_text(standing.course, standing.course.title),
    }
    return show(request, TODAY, context, status=422 if typed else 200)


def build_shown_question(standing: ReviewStatus, name: str) -> pages.ShownQuestion:
    return pages.build_question(
        standing.course,
        standing.course.questions[name],
        seed=f"{standing.enrolment.pk} {standing.asked}",
    )


def found(request: Request, pk: int, code: str) -> ReviewStatus:
    enrolments = Enrolment.objects.for_page()
    enrolment = learn.find(enrolments, request.user, pk=pk)
    if code not in load_content(enrolment.version).practice:
        raise NotAccessible(learn, Enrolment, {"question": code})
    return get_standing(enrolment)


@dataclass(frozen=True)
class RatingChoice:
    """One of the four, and when the question comes back after it."""

    value: int
    label: str
    comes: str


@require_POST
def answer(request: Request, pk: int, code: str) -> HttpResponse:
    """Show the feedback on the answer. Nothing is stored before the learner has rated
    how hard it was.
    """
    standing = found(request, pk, code)
    if code not in standing.cards:
        raise NotAccessible(learn, Enrolment, {"question": code})
    content = standing.course
    question = content.questions[code]
    # The same seed as on the page before, or the options would be in another order.
    seed = f"{standing.enrolment.pk} {standing.asked}"
    typed = pages.build_question(content, question, seed=seed, data=request.POST)
    if not typed.form.is_valid() or typed.form.given is None:
        return question_page(request, standing, code, typed)
    given = typed.form.given
    shown = pages.build_question(content, question, seed=seed, given=given)
    assert shown.feedback is not None
    context = {
        "shown": shown,
        "feedback": shown.feedback,
        "given": json.dumps(given),
        "enrolment": standing.enrolment,
        "choices": list_choices(standing, code, shown.feedback),
    }
    return show(request, ANSWERED, context)


def list_choices(
    standing: ReviewStatus, code: str, feedback: AnswerFeedback
) -> list[RatingChoice]:
    labels = {
        Rating.Again: _("I guessed") if feedback.right else _("Continue"),
        Rating.Hard: _("It was hard"),
        Rating.Good: _("I knew it"),
        Rating.Easy: _("It was easy"),
    }
    # After a wrong answer there is nothing to rate: it comes back soon in any case.
    offered = labels if feedback.right else [Rating.Again]
    now = timezone.now()
    card = standing.cards[code]
    return [
        RatingChoice(
            rating.value,
            labels[rating],
            format_return(cards.count_days_until(card, rating, now)),
        )
        for rating in offered
    ]


def format_return(days: int) -> str:
    if days == 1:
        return _("comes back tomorrow")
    return ngettext("comes back in %(n)s day", "comes back in %(n)s days", days) % {
        "n": days
    }


@require_POST
def rate(request: Request, pk: int, code: str) -> HttpResponse:
    standing = found(request, pk, code)
    try:
        given = json.loads(request.POST.get("given", ""))
        rating = Rating(int(request.POST.get("rating", "")))
    # Deeply nested JSON raises RecursionError: it is a wrong answer, not our error.
    except (ValueError, RecursionError):
        raise Refused(_("This is not an answer to that question.")) from None
    actions.review(
        standing.enrolment, code, given, rating, by=request.user, id=read_key(request)
    )
    return done(request, then="review:today")
