"""A course as pages that need no server: kept on a device, or on a stick.

They are drawn without a request, so they hold nothing of a learner: only the version's
content, in one language, the same for everyone. Of the test they hold what was drawn
for an attempt."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from amana.academy.courses import labels, pages
from amana.academy.courses.engine.course_content import (
    CourseContent,
    Lesson,
    Module,
    Question,
    QuestionText,
)
from amana.academy.courses.labels import AnswerRemark
from amana.ui import languages


class BookShelf(Protocol):
    """Where the pages of a book lie, and what belongs to them."""

    @property
    def mode(self) -> str: ...
    @property
    def home(self) -> str: ...
    @property
    def styles(self) -> list[str]: ...
    @property
    def scripts(self) -> list[str]: ...
    def module(self, code: str) -> str: ...
    def lesson(self, code: str, part: str) -> str: ...
    def test(self, code: str) -> str: ...
    def figure(self, code: str, name: str) -> str: ...


@dataclass(frozen=True)
class PracticeQuestion:
    """A question with everything that its feedback needs, and how to mark an answer."""

    shown: pages.ShownQuestion
    asked: QuestionText
    remarks: list[AnswerRemark]
    """On each option, in the order of the options."""
    right: str
    wrong: str

    @property
    def marks(self) -> str:
        """How a script recognises a right answer."""
        question = self.shown.question
        return json.dumps(
            {
                "kind": question.kind,
                "count": question.count,
                "right": sorted(question.right),
                "answer": question.answer,
                "tolerance": question.tolerance,
            }
        )


@dataclass(frozen=True)
class BookPiece:
    kind: str
    piece: pages.ShownPiece
    practice: PracticeQuestion | None = None


@dataclass(frozen=True)
class Book:
    course: CourseContent
    sha256: str
    language: str
    shelf: BookShelf

    def module_page(self, module: Module, *, has_test: bool = False) -> str:
        """Render the page of a module; with a link to its test where that is kept."""
        with translation.override(self.language):
            lines = [
                (lesson.path, line, self.shelf.lesson(module.code, lesson.part))
                for lesson, line in zip(module.lessons, self.lines(module), strict=True)
            ]
            return self.page(
                "module",
                title=pages.format_text(self.course, module.title),
                module=module,
                module_name=self.name_of(module),
                summary=pages.format_text(self.course, module.summary),
                lines=lines,
                test_title=pages.format_text(self.course, module.test.title),
                test_url=self.shelf.test(module.code) if has_test else "",
            )

    def lines(self, module: Module) -> Iterator[tuple[str, str, int | None]]:
        for lesson in module.lessons:
            title = pages.choose_text(self.course, lesson.texts).said.title
            yield title, str(labels.KINDS[lesson.kind]), lesson.minutes

    def lesson_page(self, module: Module, lesson: Lesson) -> str:
        with translation.override(self.language):
            shown = pages.ShownLesson(
                self.course,
                module,
                lesson,
                {},
                self.sha256,
                figures=self.figures_of(module),
            )
            position = module.lessons.index(lesson)
            later = module.lessons[position + 1 : position + 2]
            return self.page(
                "lesson",
                title=shown.text.title,
                module=module,
                module_name=self.name_of(module),
                module_url=self.shelf.module(module.code),
                lesson=lesson,
                shown=shown,
                position=position + 1,
                pieces=list(self.pieces(shown)),
                after=self.shelf.lesson(module.code, later[0].part)
                if later
                else self.shelf.module(module.code),
            )

    def test_page(self, module: Module, drawn: Sequence[str], *, seed: str) -> str:
        """Render the test with the questions that were drawn for an attempt, and
        without what is right. Never with the whole bank: it would soon be known."""
        with translation.override(self.language):
            questions = [
                pages.build_question(
                    self.course,
                    module.questions[name],
                    seed=seed,
                    must=False,
                    tested=True,
                )
                for name in drawn
            ]
            return self.page(
                "test",
                title=pages.format_text(self.course, module.test.title),
                module=module,
                module_name=self.name_of(module),
                module_url=self.shelf.module(module.code),
                questions=questions,
            )

    def index_page(self) -> str:
        with translation.override(self.language):
            return self.page(
                "index",
                title=pages.format_text(self.course, self.course.title),
                summary=pages.format_text(self.course, self.course.summary),
                review=pages.format_text(self.course, self.course.review),
                modules=[
                    (
                        pages.format_text(self.course, module.title),
                        pages.format_text(self.course, module.summary),
                        self.shelf.module(module.code),
                    )
                    for module in self.course.modules
                ],
            )

    def page(self, template: str, /, **context: object) -> str:
        return render_page(
            template,
            self.language,
            self.shelf,
            course=self.course,
            course_title=pages.format_text(self.course, self.course.title),
            sha256=self.sha256,
            **context,
        )

    def name_of(self, module: Module) -> str:
        number = self.course.modules.index(module) + 1
        return _("Module %(number)s") % {"number": number}

    def figures_of(self, module: Module) -> Callable[[str], str]:
        return lambda name: self.shelf.figure(module.code, name)

    def pieces(self, shown: pages.ShownLesson) -> Iterator[BookPiece]:
        for piece in shown.pieces():
            practice = self.for_practice(piece.question) if piece.question else None
            yield BookPiece(piece.kind, piece, practice)

    def for_practice(self, shown: pages.ShownQuestion) -> PracticeQuestion:
        question, asked = shown.question, shown.form.asked
        return PracticeQuestion(
            shown,
            asked,
            list(iterate_remarks(question, asked)),
            right=labels.format_title(question, True),
            wrong=labels.format_title(question, False),
        )


def iterate_remarks(question: Question, asked: QuestionText) -> Iterator[AnswerRemark]:
    for at, option in enumerate(asked.options):
        if question.kind in ("one", "many", "decide"):
            verdict = labels.judge_option(question, at, [at])
            yield AnswerRemark(option.text, option.feedback, verdict)


def render_page(
    template: str, language: str, shelf: BookShelf, /, **context: object
) -> str:
    with translation.override(language):
        return render_to_string(
            f"offline/{template}.html",
            {
                "LANGUAGE_CODE": language,
                "LANGUAGE_BIDI": languages.get_direction(language) == "rtl",
                "shelf": shelf,
                **context,
            },
        )
