"""Propose where people of one sector begin: what to read first, and what they know
already.

It only proposes. Nothing follows from it that the learner did not choose.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from amana.academy.courses.engine import marking
from amana.academy.courses.engine.certifications import Words
from amana.academy.courses.engine.course_content import (
    CourseContent,
    Lesson,
    Question,
    build_question,
)
from amana.academy.courses.engine.marking import Given


@dataclass(frozen=True)
class PlacementQuestion:
    question: str
    shows: tuple[str, ...]
    """The lessons of which a right answer shows that they are known."""


@dataclass(frozen=True)
class PlacementSector:
    code: str
    name: Words
    first: tuple[str, ...]
    """Lessons to read first, by their paths."""
    asks: tuple[PlacementQuestion, ...]


@dataclass(frozen=True)
class Placement:
    title: Words
    about: Words
    modules: tuple[str, ...]
    sectors: tuple[PlacementSector, ...]
    questions: Mapping[str, Question]
    """All of the course and those of its own."""

    def sector(self, code: str) -> PlacementSector | None:
        return next((sector for sector in self.sectors if sector.code == code), None)


def build_placement(course: CourseContent) -> Placement | None:
    plain = course.placement
    if not plain:
        return None
    own = {question["id"]: build_question(question) for question in plain["questions"]}
    return Placement(
        title=plain["title"],
        about=plain["about"],
        modules=tuple(plain["modules"]),
        sectors=tuple(
            PlacementSector(
                code=sector["code"],
                name=sector["name"],
                first=tuple(sector["first"]),
                asks=tuple(
                    PlacementQuestion(ask["question"], tuple(ask["shows"]))
                    for ask in sector["asks"]
                ),
            )
            for sector in plain["sectors"]
        ),
        questions={**course.practice, **own},
    )


@dataclass(frozen=True)
class LessonProposal:
    """An order for the lessons of the first modules."""

    order: tuple[Lesson, ...]
    first: frozenset[str]
    """The paths of those that matter most in this sector."""
    known: frozenset[str]
    """Of those that can be skimmed or left out: each question on them was right."""
    right: frozenset[str]
    """The questions that were."""


def propose_order(
    course: CourseContent,
    placement: Placement,
    sector: PlacementSector,
    answers: Mapping[str, Given],
) -> LessonProposal:
    right = frozenset(
        ask.question
        for ask in sector.asks
        if is_right(placement.questions[ask.question], answers.get(ask.question))
    )
    asked: dict[str, list[bool]] = {}
    for ask in sector.asks:
        for path in ask.shows:
            asked.setdefault(path, []).append(ask.question in right)
    # All of them: one right answer of two may be a guess.
    known = frozenset(path for path, came in asked.items() if all(came))
    lessons = {
        lesson.path: lesson
        for lesson in course.lessons
        if lesson.module in placement.modules
    }
    first = [path for path in sector.first if path in lessons]
    rest = [path for path in lessons if path not in first]
    own = [path for path in rest if sector.code in lessons[path].sectors]
    order = [*first, *own, *(path for path in rest if path not in own)]
    order.sort(key=lambda path: path in known)  # what is known comes last
    return LessonProposal(
        order=tuple(lessons[path] for path in order),
        first=frozenset(first),
        known=known,
        right=right,
    )


def is_right(question: Question, given: Given | None) -> bool:
    if given is None or not marking.is_answer(question, given):
        return False
    return marking.is_right(question, given)
