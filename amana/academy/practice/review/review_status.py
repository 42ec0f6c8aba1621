"""What a learner has missed, and what of it is asked today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from fsrs import Rating

from amana.academy.courses.content import load_content
from amana.academy.courses.engine import marking
from amana.academy.courses.engine.course_content import CourseContent, Module, Question
from amana.academy.courses.models import Enrolment, LearningVerb
from amana.academy.courses.rules import learn
from amana.academy.practice.review.engine import cards
from amana.academy.practice.review.engine.cards import CardAnswer, Cards
from amana.trust.access.models import User

type Row = tuple[str, str, dict[str, Any], datetime, object]


@dataclass(frozen=True)
class ReviewStatus:
    enrolment: Enrolment
    course: CourseContent
    cards: Cards
    today: list[str]
    """What is still asked today."""
    asked: int
    """How much was asked today."""

    @property
    def next_day(self) -> datetime | None:
        return min((card.due for card in self.cards.values()), default=None)


def get_standing(enrolment: Enrolment, now: datetime | None = None) -> ReviewStatus:
    content = load_content(enrolment.version)
    seen = list(iterate_answers(enrolment, content))
    found = cards.build_cards(seen)
    today, asked = cards.choose_for_today(found, seen, now or timezone.now())
    return ReviewStatus(enrolment, content, found, today, asked)


def list_standings(user: User) -> list[ReviewStatus]:
    """List the standing in each course, in the version by which the person learns it
    now.
    """
    newest: dict[int, Enrolment] = {}
    for enrolment in learn.among(Enrolment.objects.for_page(), user):
        newest.setdefault(enrolment.version.course_id, enrolment)
    return [get_standing(enrolment) for enrolment in newest.values()]


def iterate_answers(
    enrolment: Enrolment, course: CourseContent
) -> Iterator[CardAnswer]:
    # Reading is left out: on a long course it is most of the events, and no answer.
    told = enrolment.events.in_order().exclude(verb=LearningVerb.READ)
    fields = ("verb", "object", "result", "received_at", "attempt__seed")
    for row in told.values_list(*fields):
        yield from iterate_answers_of_row(course, row)


def iterate_answers_of_row(course: CourseContent, row: Row) -> Iterator[CardAnswer]:
    verb, thing, result, at, seed = row
    if verb == LearningVerb.SUBMITTED:
        module = course.module(thing)
        if module is not None:
            came_to = marking.mark_test(module, str(seed), result["answers"])
            for name in list_practice(module, came_to.wrong):
                yield CardAnswer(name, Rating.Again, at)
        return
    question = course.practice.get(thing)
    if question is None or not can_be_missed(question):
        return
    if verb == LearningVerb.REVIEWED:
        yield CardAnswer(thing, Rating(result["rating"]), at, reviewed=True)
    elif verb == LearningVerb.ANSWERED and not marking.is_right(
        question, result["given"]
    ):
        yield CardAnswer(thing, Rating.Again, at)


def list_practice(module: Module, wrong: Sequence[str]) -> list[str]:
    """List the practice questions on what was answered wrong in a test: its own
    questions are asked again in tests, and never explained."""
    found: list[str] = []
    for competency in {module.questions[name].competency: None for name in wrong}:
        # A few: all of them would fill the reviews of weeks.
        found += [
            name
            for name, question in module.practice.items()
            if question.competency == competency and can_be_missed(question)
        ][:EACH]
    return found


EACH = 3
"""Practice questions on what was answered wrong in a test, of each competency."""


def can_be_missed(question: Question) -> bool:
    """Return whether a question can be missed: a decision in which nothing is right can
    only be talked about.
    """
    return question.kind not in ("one", "many", "decide") or bool(question.right)
