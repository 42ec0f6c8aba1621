"""Build what the pages of a course show, in the language of the page or the course's
own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from amana.academy.courses import labels
from amana.academy.courses.engine import prose
from amana.academy.courses.engine.course_content import (
    CourseContent,
    LanguageText,
    Lesson,
    LessonText,
    Module,
    Question,
    QuestionText,
    Words,
)
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.engine.progress import (
    CourseProgress,
    CourseStep,
    ModuleProgress,
)
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


# --- prose


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


@dataclass(frozen=True)
class ShownSource:
    number: int
    title: str
    by: str
    year: str
    url: str


def list_sources(course: CourseContent, keys: tuple[str, ...]) -> list[ShownSource]:
    return [
        ShownSource(
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
    data: Mapping[str, Any] | None = None,
    must: bool = True,
) -> ShownQuestion:
    asked = choose_text(course, question.texts)
    form = AnswerForm(
        question, asked.said, seed=seed, data=data, given=given, must=must
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


# --- where one is, and what comes next


@dataclass(frozen=True)
class ShownLessonStep:
    title: str
    url: str
    minutes: int | None
    is_test: bool


def build_step_url(course: CourseContent, step: CourseStep) -> str:
    if step.lesson is None:
        return reverse("courses:test", args=[course.slug, step.module.code])
    return build_lesson_url(course, step.lesson)


def build_lesson_url(course: CourseContent, lesson: Lesson) -> str:
    return reverse("courses:lesson", args=[course.slug, lesson.module, lesson.part])


def build_step(
    course: CourseContent, step: CourseStep | None
) -> ShownLessonStep | None:
    if step is None:
        return None
    url = build_step_url(course, step)
    if step.lesson is None:
        return ShownLessonStep(
            format_text(course, step.module.test.title), url, None, True
        )
    title = choose_text(course, step.lesson.texts).said.title
    return ShownLessonStep(title, url, step.lesson.minutes, False)


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


def build_modules(course: CourseContent, progress: CourseProgress) -> list[ShownModule]:
    return [
        ShownModule(
            number,
            module.module.code,
            format_text(course, module.module.title),
            format_text(course, module.module.summary),
            reverse("courses:module", args=[course.slug, module.module.code]),
            module,
            labels.format_status(module),
            labels.get_tone(module),
            labels.list_missing(module),
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
    other_language: TextLanguage | None


def iterate_lesson_lines(
    course: CourseContent, one: ModuleProgress
) -> Iterator[LessonLine]:
    for lesson in one.module.lessons:
        text = choose_text(course, lesson.texts)
        here = TextLanguage(text.language)
        yield LessonLine(
            text.said.title,
            build_lesson_url(course, lesson),
            labels.KINDS[lesson.kind],
            lesson.minutes,
            lesson not in one.unread,
            here if here.is_other else None,
        )


# --- the assignment


@dataclass(frozen=True)
class ShownCriterionText:
    text: str
    critical: bool
    human: bool
    levels: list[tuple[str, str]]


@dataclass(frozen=True)
class ShownAssignment:
    title: str
    what: CourseProse
    produces: str | Promise
    where: str
    criteria: list[ShownCriterionText]


def build_assignment(course: CourseContent, module: Module) -> ShownAssignment | None:
    plain = module.assignment
    if not plain:
        return None
    words = format_text(course, plain["what"])
    return ShownAssignment(
        title=format_text(course, plain["title"]),
        what=CourseProse(words, {}, build_figure_urls(course, module)),
        produces=labels.PRODUCES[plain["produces"]],
        where=build_page_url(plain["where"]),
        criteria=[
            ShownCriterionText(
                format_text(course, criterion["criterion"]),
                criterion["critical"],
                criterion["human"],
                [
                    (level["level"], format_text(course, level["text"]))
                    for level in criterion["levels"]
                ],
            )
            for criterion in plain["rubric"]
        ],
    )


def build_page_url(name: str) -> str:
    """Build the address of a page of Amana by its name, where this installation has
    one."""
    try:
        return reverse(name) if name else ""
    # A course may name a page of a room that this installation does not have.
    except NoReverseMatch:
        return ""
