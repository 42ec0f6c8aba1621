"""A lesson as one page with its drawings, its practice and one small script.

It asks no network for anything, so it works in any learning system and from a stick.
What a reader does goes to a second script, which knows the one format (SCORM, cmi5).
Practice stays practice: without `score` the other system receives no score.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation

from amana.academy.courses import pages
from amana.academy.courses.engine.course_content import (
    CourseContent,
    Lesson,
    Question,
    QuestionOption,
    QuestionText,
)
from amana.academy.courses.engine.marking import shuffle_by_seed
from amana.ui import helplines

STATIC = Path(__file__).parent / "static" / "lessons"
STYLE, SCRIPT = "lesson.css", "lesson.js"
SAME_DAY = (2026, 1, 1, 0, 0, 0)
"""Of every file in a package, so that the same lesson is the same package."""

type Files = dict[str, bytes]


@dataclass(frozen=True)
class LessonPage:
    """One lesson, written."""

    lesson: Lesson
    file: str
    title: str
    language: str
    html: str
    figures: tuple[str, ...]
    """The files of its drawings, which may be those of other lessons too."""


def write_sheets(
    course: CourseContent,
    lessons: Sequence[Lesson],
    language: str,
    *,
    runtime: str,
    score: bool = False,
) -> list[LessonPage]:
    return [write_sheet(course, lesson, language, runtime, score) for lesson in lessons]


def write_sheet(
    course: CourseContent, lesson: Lesson, language: str, runtime: str, score: bool
) -> LessonPage:
    spoken = course.in_language(lesson.texts, language)
    figures: list[str] = []

    def address_of(name: str) -> str:
        figures.append(format_figure_file(lesson.module, name))
        return figures[-1]

    with translation.override(spoken.language):
        html = render_to_string(
            "lessons/page.html",
            {
                "lesson": lesson,
                "text": spoken.said,
                "language": pages.TextLanguage(spoken.language),
                "pieces": list(
                    iterate_pieces(course, lesson, spoken.language, address_of)
                ),
                "sources": pages.list_sources(course, spoken.said.cites),
                "course_title": pages.format_text(course, course.title),
                "scripts": [SCRIPT, runtime],
                "style": STYLE,
                "score": score,
            },
        )
    return LessonPage(
        lesson=lesson,
        file=f"{lesson.module}-{lesson.part}.html",
        title=spoken.said.title,
        language=spoken.language,
        html=html,
        figures=tuple(dict.fromkeys(figures)),
    )


def format_figure_file(module: str, name: str) -> str:
    return f"figures/{module}-{name}.svg"


def iterate_pieces(
    course: CourseContent,
    lesson: Lesson,
    language: str,
    address_of: Callable[[str], str],
) -> Iterator[dict[str, object]]:
    text = lesson.texts[language]
    numbers = {key: number for number, key in enumerate(text.cites, 1)}
    for piece in text.pieces:
        said: dict[str, object] = {"kind": piece.kind, "said": piece.said}
        if piece.kind == "words":
            said["prose"] = pages.CourseProse(piece.said, numbers, address_of)
        elif piece.kind == "question":
            said["question"] = PracticeCheck.of(course, course.questions[piece.said])
        elif piece.kind == "helplines":
            said["lines"] = helplines.list_helplines()
        yield said


# --- practice


@dataclass(frozen=True)
class NumberedOption:
    """An option at the place by which an answer names it."""

    at: int
    option: QuestionOption


@dataclass(frozen=True)
class PracticeCheck:
    """A question as the script in the page checks it."""

    id: str
    kind: str
    text: str
    unit: str
    feedback: str
    options: list[NumberedOption]
    lefts: list[str]
    rights: list[tuple[int, str]]
    key: str
    """What is right, as the script reads it."""

    @classmethod
    def of(cls, course: CourseContent, question: Question) -> "PracticeCheck":
        asked = pages.choose_text(course, question.texts).said
        places = [
            # By the question's id, so that its options have one order in every package,
            # and a learner who opens it twice finds them at the same place.
            int(at)
            for at in shuffle_by_seed(map(str, range(question.count)), question.id)
        ]
        return cls(
            id=question.id,
            kind=question.kind,
            text=asked.text,
            unit=asked.unit,
            feedback=asked.feedback,
            options=[
                NumberedOption(at, asked.options[at]) for at in places if asked.options
            ],
            lefts=list_lefts(question, asked.pairs),
            rights=[(at, get_right(asked, at)) for at in places],
            key=json.dumps(build_key(question)),
        )


def list_lefts(question: Question, pairs: Sequence[tuple[str, str]]) -> list[str]:
    if question.kind == "order":
        return [str(place + 1) for place in range(question.count)]
    return [left for left, _right in pairs]


def get_right(asked: QuestionText, at: int) -> str:
    return asked.pairs[at][1] if asked.pairs else asked.options[at].text


def build_key(question: Question) -> Mapping[str, object]:
    return {
        "kind": question.kind,
        "right": list(range(question.count))
        if question.kind in ("order", "match")
        else sorted(question.right),
        "answer": question.answer,
        "tolerance": question.tolerance,
    }


# --- the package


def collect_files(course: CourseContent, written: Sequence[LessonPage]) -> Files:
    """Collect the pages, their drawings, and what all of them share."""
    found = {sheet.file: sheet.html.encode() for sheet in written}
    for sheet in written:
        module = course.module(sheet.lesson.module)
        assert module is not None
        for name, drawing in module.figures.items():
            if format_figure_file(module.code, name) in sheet.figures:
                found[format_figure_file(module.code, name)] = drawing.encode()
    shared = {name: (STATIC / name).read_bytes() for name in (STYLE, SCRIPT)}
    return found | shared


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """Write a package; the same files are the same bytes."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(files):
            package.writestr(zipfile.ZipInfo(name, SAME_DAY), files[name])
    return held.getvalue()
