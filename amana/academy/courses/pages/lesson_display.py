"""Lessons, prose, figures and questions as pages show them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from amana.academy.courses import labels
from amana.academy.courses.engine import prose
from amana.academy.courses.engine.certifications import Words
from amana.academy.courses.engine.course_content import (
    CourseContent,
    LanguageText,
    Lesson,
    LessonText,
    Module,
    Question,
    QuestionText,
)
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.forms import AnswerForm
from amana.academy.courses.labels import AnswerFeedback
from amana.ui import helplines, languages


def get_page_language() -> str:
    return (get_language() or "en").split("-")[0]


def choose_text[T](course: CourseContent, texts: Mapping[str, T]) -> LanguageText[T]:
    return course.in_language(texts, get_page_language())


def format_text(course: CourseContent, words: Words) -> str:
    return choose_text(course, words).said if words else ""


@dataclass(frozen=True)
class TextLanguage:
    """In which language something is written, and which way that runs."""

    code: str

    @property
    def direction(self) -> str:
        return languages.get_direction(self.code)

    @property
    def name(self) -> str:
        return languages.format_language(self.code)

    @property
    def is_other(self) -> bool:
        """Not the language of the page."""
        return self.code != get_page_language()


@dataclass(frozen=True)
class TextList:
    """Texts of a list, all in the language in which each of them is there."""

    language: TextLanguage
    said: list[str]


def choose_texts(course: CourseContent, texts: Iterable[Words]) -> TextList:
    every = list(texts)
    # One language for the whole list: a mixed one would be read aloud in the wrong
    # voice, and run in two directions.
    here = (
        get_page_language()
        if all(get_page_language() in text for text in every)
        else course.first
    )
    return TextList(TextLanguage(here), [text[here] for text in every])


@dataclass(frozen=True)
class CourseProse:
    """Markdown of a course, to be written on a page."""

    words: str
    numbers: Mapping[str, int]
    address_of: Callable[[str], str]

    @property
    def html(self) -> str:
        return prose.render_html(
            self.words, numbers=self.numbers, address_of=self.address_of
        )


def build_figure_urls(course: CourseContent, module: Module) -> Callable[[str], str]:
    def address_of(name: str) -> str:
        place = [course.slug, module.code, *name.split(".")]
        return reverse("courses:figure", args=place)

    return address_of


OWN_RULES = "amana"
"""The source by which a course marks a rule of its own."""


@dataclass(frozen=True)
class ShownSource:
    number: int
    title: str
    by: str
    year: str
    url: str
    at: str
    """Where in it: the page, article or chapter that the course uses."""
    opened: date | None
    """When one of the course's authors opened it; None if no one has."""
    ours: bool
    """A rule of the course itself: there is nothing to open."""


def list_sources(course: CourseContent, keys: tuple[str, ...]) -> list[ShownSource]:
    return [
        build_source(number, key, course.sources[key])
        for number, key in enumerate(keys, 1)
    ]


def build_source(number: int, key: str, said: Mapping[str, Any]) -> ShownSource:
    opened = said.get("opened")
    return ShownSource(
        number,
        str(said["title"]),
        str(said.get("by", "")),
        str(said.get("year", "")),
        str(said.get("url", "")),
        str(said.get("at", "")),
        date.fromisoformat(opened) if opened else None,
        key == OWN_RULES,
    )


@dataclass
class ShownQuestion:
    question: Question
    form: AnswerForm
    language: TextLanguage
    feedback: AnswerFeedback | None = None
    source: str = ""

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def text(self) -> str:
        return self.form.asked.text

    @property
    def stale(self) -> bool:
        return self.form.asked.stale


def build_question(
    course: CourseContent,
    question: Question,
    *,
    seed: str,
    given: Given | None = None,
    data: Mapping[str, object] | None = None,
    must: bool = True,
    tested: bool = False,
) -> ShownQuestion:
    asked = choose_text(course, question.texts)
    form = AnswerForm(
        question,
        asked.said,
        seed=seed,
        data=data,
        given=given,
        must=must,
        tested=tested,
    )
    return ShownQuestion(
        question,
        form,
        TextLanguage(asked.language),
        build_feedback(question, asked.said, given),
        str(course.sources.get(question.source, {}).get("title", "")),
    )


def build_feedback(
    question: Question, asked: QuestionText, given: Given | None
) -> AnswerFeedback | None:
    return None if given is None else labels.build_feedback(question, asked, given)


@dataclass
class ShownPiece:
    kind: str
    said: str = ""
    prose: CourseProse | None = None
    question: ShownQuestion | None = None
    lines: tuple[helplines.Helpline, ...] = ()


@dataclass
class ShownLesson:
    course: CourseContent
    module: Module
    lesson: Lesson
    answers: Mapping[str, Given]
    seed: str
    open: ShownQuestion | None = None
    """A question whose answer was not accepted: shown as it was typed."""
    figures: Callable[[str], str] | None = None
    """Where its figures lie, if not where the academy shows them."""
    spoken: LanguageText[LessonText] = field(init=False)

    def __post_init__(self) -> None:
        self.spoken = choose_text(self.course, self.lesson.texts)

    @property
    def text(self) -> LessonText:
        return self.spoken.said

    @property
    def language(self) -> TextLanguage:
        return TextLanguage(self.spoken.language)

    @property
    def kind(self) -> str | Promise:
        return labels.KINDS[self.lesson.kind]

    @property
    def sources(self) -> list[ShownSource]:
        return list_sources(self.course, self.text.cites)

    def pieces(self) -> Iterator[ShownPiece]:
        numbers = {key: number for number, key in enumerate(self.text.cites, 1)}
        address_of = self.figures or build_figure_urls(self.course, self.module)
        for piece in self.text.pieces:
            if piece.kind == "words":
                words = CourseProse(piece.said, numbers, address_of)
                yield ShownPiece("words", prose=words)
            elif piece.kind == "question":
                yield ShownPiece("question", question=self.asked(piece.said))
            elif piece.kind == "helplines":
                yield ShownPiece("helplines", lines=helplines.list_helplines())
            else:
                yield ShownPiece(piece.kind, piece.said)

    def asked(self, name: str) -> ShownQuestion:
        if self.open and self.open.id == name:
            return self.open
        return build_question(
            self.course,
            self.course.questions[name],
            seed=self.seed,
            given=self.answers.get(name),
        )


def list_questions(lesson: Lesson, course: CourseContent) -> list[str]:
    # In the first language: the check has made sure that each translation asks the same
    # questions.
    text = lesson.texts[course.first]
    return [piece.said for piece in text.pieces if piece.kind == "question"]
