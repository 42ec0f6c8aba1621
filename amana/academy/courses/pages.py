"""Build what the pages of a course show, in the language of the page or the course's
own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from amana.academy.courses import sentences
from amana.academy.courses.engine import prose
from amana.academy.courses.engine.course import (
    Asked,
    Course,
    Lesson,
    LessonText,
    Module,
    Question,
    Spoken,
    Words,
)
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.engine.progress import ModuleProgress, Progress, Step
from amana.academy.courses.forms import AnswerForm
from amana.academy.courses.sentences import Feedback
from amana.ui import helplines, languages


def language() -> str:
    return (get_language() or "en").split("-")[0]


def spoken[T](course: Course, texts: Mapping[str, T]) -> Spoken[T]:
    return course.in_language(texts, language())


def said(course: Course, words: Words) -> str:
    return spoken(course, words).said if words else ""


@dataclass(frozen=True)
class InLanguage:
    """In which language something is written, and which way that runs."""

    code: str

    @property
    def direction(self) -> str:
        return languages.direction(self.code)

    @property
    def name(self) -> str:
        return languages.name(self.code)

    @property
    def is_other(self) -> bool:
        """Not the language of the page."""
        return self.code != language()


@dataclass(frozen=True)
class Several:
    """Texts of a list, all in the language in which each of them is there."""

    language: InLanguage
    said: list[str]


def several(course: Course, texts: Iterable[Words]) -> Several:
    every = list(texts)
    # One language for the whole list: a mixed one would be read aloud in the wrong
    # voice, and run in two directions.
    here = language() if all(language() in text for text in every) else course.first
    return Several(InLanguage(here), [text[here] for text in every])


# --- prose


@dataclass(frozen=True)
class Prose:
    """Markdown of a course, to be written on a page."""

    words: str
    numbers: Mapping[str, int]
    address_of: Callable[[str], str]

    @property
    def html(self) -> str:
        return prose.html(self.words, numbers=self.numbers, address_of=self.address_of)


def figures_of(course: Course, module: Module) -> Callable[[str], str]:
    def address_of(name: str) -> str:
        place = [course.slug, module.code, *name.split(".")]
        return reverse("courses:figure", args=place)

    return address_of


@dataclass(frozen=True)
class Source:
    number: int
    title: str
    by: str
    year: str
    url: str


def sources_of(course: Course, keys: tuple[str, ...]) -> list[Source]:
    return [
        Source(
            number,
            str(course.sources[key]["title"]),
            str(course.sources[key].get("by", "")),
            str(course.sources[key].get("year", "")),
            str(course.sources[key].get("url", "")),
        )
        for number, key in enumerate(keys, 1)
    ]


# --- lessons


@dataclass
class ShownQuestion:
    question: Question
    form: AnswerForm
    language: InLanguage
    feedback: Feedback | None = None
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


def shown_question(
    course: Course,
    question: Question,
    *,
    seed: str,
    given: Given | None = None,
    data: Mapping[str, Any] | None = None,
    must: bool = True,
) -> ShownQuestion:
    asked = spoken(course, question.texts)
    form = AnswerForm(
        question, asked.said, seed=seed, data=data, given=given, must=must
    )
    return ShownQuestion(
        question,
        form,
        InLanguage(asked.language),
        about(question, asked.said, given),
        str(course.sources.get(question.source, {}).get("title", "")),
    )


def about(question: Question, asked: Asked, given: Given | None) -> Feedback | None:
    return None if given is None else sentences.feedback(question, asked, given)


@dataclass
class ShownPiece:
    kind: str
    said: str = ""
    prose: Prose | None = None
    question: ShownQuestion | None = None
    lines: tuple[helplines.Line, ...] = ()


@dataclass
class ShownLesson:
    course: Course
    module: Module
    lesson: Lesson
    answers: Mapping[str, Given]
    seed: str
    open: ShownQuestion | None = None
    """A question whose answer was not accepted: shown as it was typed."""
    figures: Callable[[str], str] | None = None
    """Where its figures lie, if not where the academy shows them."""
    spoken: Spoken[LessonText] = field(init=False)

    def __post_init__(self) -> None:
        self.spoken = spoken(self.course, self.lesson.texts)

    @property
    def text(self) -> LessonText:
        return self.spoken.said

    @property
    def language(self) -> InLanguage:
        return InLanguage(self.spoken.language)

    @property
    def kind(self) -> str | Promise:
        return sentences.KINDS[self.lesson.kind]

    @property
    def sources(self) -> list[Source]:
        return sources_of(self.course, self.text.cites)

    def pieces(self) -> Iterator[ShownPiece]:
        numbers = {key: number for number, key in enumerate(self.text.cites, 1)}
        address_of = self.figures or figures_of(self.course, self.module)
        for piece in self.text.pieces:
            if piece.kind == "words":
                words = Prose(piece.said, numbers, address_of)
                yield ShownPiece("words", prose=words)
            elif piece.kind == "question":
                yield ShownPiece("question", question=self.asked(piece.said))
            elif piece.kind == "helplines":
                yield ShownPiece("helplines", lines=helplines.lines())
            else:
                yield ShownPiece(piece.kind, piece.said)

    def asked(self, name: str) -> ShownQuestion:
        if self.open and self.open.id == name:
            return self.open
        return shown_question(
            self.course,
            self.course.questions[name],
            seed=self.seed,
            given=self.answers.get(name),
        )


def questions_in(lesson: Lesson, course: Course) -> list[str]:
    # In the first language: the check has made sure that each translation asks the same
    # questions.
    text = lesson.texts[course.first]
    return [piece.said for piece in text.pieces if piece.kind == "question"]


# --- where one is, and what comes next


@dataclass(frozen=True)
class ShownStep:
    title: str
    url: str
    minutes: int | None
    is_test: bool


def url_of_step(course: Course, step: Step) -> str:
    if step.lesson is None:
        return reverse("courses:test", args=[course.slug, step.module.code])
    return url_of_lesson(course, step.lesson)


def url_of_lesson(course: Course, lesson: Lesson) -> str:
    return reverse("courses:lesson", args=[course.slug, lesson.module, lesson.part])


def shown_step(course: Course, step: Step | None) -> ShownStep | None:
    if step is None:
        return None
    url = url_of_step(course, step)
    if step.lesson is None:
        return ShownStep(said(course, step.module.test.title), url, None, True)
    title = spoken(course, step.lesson.texts).said.title
    return ShownStep(title, url, step.lesson.minutes, False)


@dataclass(frozen=True)
class ShownModule:
    number: int
    code: str
    title: str
    summary: str
    url: str
    progress: ModuleProgress
    status: str
    tone: str
    missing: list[str]

    @property
    def what_is_missing(self) -> str:
        return " · ".join(self.missing)


def shown_modules(course: Course, progress: Progress) -> list[ShownModule]:
    return [
        ShownModule(
            number,
            module.module.code,
            said(course, module.module.title),
            said(course, module.module.summary),
            reverse("courses:module", args=[course.slug, module.module.code]),
            module,
            sentences.status_of(module),
            sentences.tone_of(module),
            sentences.missing(module),
        )
        for number, module in enumerate(progress.modules, 1)
    ]


@dataclass(frozen=True)
class LessonLine:
    title: str
    url: str
    kind: str | Promise
    minutes: int | None
    read: bool
    other_language: InLanguage | None


def lesson_lines(course: Course, one: ModuleProgress) -> Iterator[LessonLine]:
    for lesson in one.module.lessons:
        text = spoken(course, lesson.texts)
        here = InLanguage(text.language)
        yield LessonLine(
            text.said.title,
            url_of_lesson(course, lesson),
            sentences.KINDS[lesson.kind],
            lesson.minutes,
            lesson not in one.unread,
            here if here.is_other else None,
        )


# --- the assignment


@dataclass(frozen=True)
class Criterion:
    text: str
    critical: bool
    human: bool
    levels: list[tuple[str, str]]


@dataclass(frozen=True)
class Assignment:
    title: str
    what: Prose
    produces: str | Promise
    where: str
    criteria: list[Criterion]


def assignment_of(course: Course, module: Module) -> Assignment | None:
    plain = module.assignment
    if not plain:
        return None
    words = said(course, plain["what"])
    return Assignment(
        title=said(course, plain["title"]),
        what=Prose(words, {}, figures_of(course, module)),
        produces=sentences.PRODUCES[plain["produces"]],
        where=address_of_page(plain["where"]),
        criteria=[
            Criterion(
                said(course, criterion["criterion"]),
                criterion["critical"],
                criterion["human"],
                [
                    (level["level"], said(course, level["text"]))
                    for level in criterion["levels"]
                ],
            )
            for criterion in plain["rubric"]
        ],
    )


def address_of_page(name: str) -> str:
    """Build the address of a page of Amana by its name, where this installation has
    one."""
    try:
        return reverse(name) if name else ""
    # A course may name a page of a room that this installation does not have.
    except NoReverseMatch:
        return ""
