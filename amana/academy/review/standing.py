"""What a learner has missed, and what of it is asked today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from fsrs import Rating

from amana.academy.courses.content import content_of
from amana.academy.courses.engine import marking
from amana.academy.courses.engine.course import Course, Question
from amana.academy.courses.models import Enrolment, Verb
from amana.academy.courses.rules import learn
from amana.academy.review.engine import cards
from amana.academy.review.engine.cards import Cards, Happened
from amana.trust.access.models import User

type Row = tuple[str, str, dict[str, Any], datetime, object]


@dataclass(frozen=True)
class Standing:
    enrolment: Enrolment
    course: Course
    cards: Cards
    today: list[str]
    """What is still asked today."""
    asked: int
    """How much was asked today."""

    @property
    def next_day(self) -> datetime | None:
        return min((card.due for card in self.cards.values()), default=None)


def standing_of(enrolment: Enrolment, now: datetime | None = None) -> Standing:
    content = content_of(enrolment.version)
    seen = list(happened(enrolment, content))
    found = cards.cards(seen)
    today, asked = cards.for_today(found, seen, now or timezone.now())
    return Standing(enrolment, content, found, today, asked)


def standings_of(user: User) -> list[Standing]:
    """List the standing in each course, in the version by which the person learns it
    now.
    """
    newest: dict[int, Enrolment] = {}
    for enrolment in learn.among(Enrolment.objects.for_page(), user):
        newest.setdefault(enrolment.version.course_id, enrolment)
    return [standing_of(enrolment) for enrolment in newest.values()]


def happened(enrolment: Enrolment, course: Course) -> Iterator[Happened]:
    # Reading is left out: on a long course it is most of the events, and no answer.
    told = enrolment.events.in_order().exclude(verb=Verb.READ)
    fields = ("verb", "object", "result", "received_at", "attempt__seed")
    for row in told.values_list(*fields):
        yield from of_row(course, row)


def of_row(course: Course, row: Row) -> Iterator[Happened]:
    verb, thing, result, at, seed = row
    if verb == Verb.SUBMITTED:
        module = course.module(thing)
        if module is not None:
            came_to = marking.result(module, str(seed), result["answers"])
            for name in came_to.wrong:
                yield Happened(name, Rating.Again, at)
        return
    question = course.questions.get(thing)
    if question is None or not can_be_missed(question):
        return
    if verb == Verb.REVIEWED:
        yield Happened(thing, Rating(result["rating"]), at, reviewed=True)
    elif verb == Verb.ANSWERED and not marking.is_right(question, result["given"]):
        yield Happened(thing, Rating.Again, at)


def can_be_missed(question: Question) -> bool:
    """Return whether a question can be missed: a decision in which nothing is right can
    only be talked about.
    """
    return question.kind not in ("one", "many", "decide") or bool(question.right)
