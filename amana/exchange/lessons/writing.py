"""A lesson as one page with its drawings, its practice and one small script.

It asks no network for anything, so it works in any learning system and from a stick.
What a reader does is told to a second script, which knows the one format (SCORM, cmi5).
Practice stays practice: without `score` nobody is told which answers were right.
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
from amana.academy.courses.engine.course import (
    Asked,
    Course,
    Lesson,
    Option,
    Question,
)
from amana.academy.courses.engine.marking import shuffled
from amana.ui import helplines

STATIC = Path(__file__).parent / "static" / "lessons"
STYLE, SCRIPT = "lesson.css", "lesson.js"
SAME_DAY = (2026, 1, 1, 0, 0, 0)
"""Of every file in a package, so that the same lesson is the same package."""

type Files = dict[str, bytes]


@dataclass(frozen=True)
class Sheet:
    """One lesson, written."""

    lesson: Lesson
    file: str
    title: str
    language: str
    html: str
    figures: tuple[str, ...]
    """The files of its drawings, which may be those of other lessons too."""


def sheets(
    course: Course,
    lessons: Sequence[Lesson],
    language: str,
    *,
    runtime: str,
    score: bool = False,
) -> list[Sheet]:
    return [sheet(course, lesson, language, runtime, score) for lesson in lessons]


def sheet(
    course: Course, lesson: Lesson, language: str, runtime: str, score: bool
) -> Sheet:
    spoken = course.in_language(lesson.texts, language)
    figures: list[str] = []

    def address_of(name: str) -> str:
        figures.append(figure_file(lesson.module, name))
        return figures[-1]

    with translation.override(spoken.language):
        html = render_to_string(
            "lessons/page.html",
            {
                "lesson": lesson,
                "text": spoken.said,
                "language": pages.InLanguage(spoken.language),
                "pieces": list(pieces(course, lesson, spoken.language, address_of)),
                "sources": pages.sources_of(course, spoken.said.cites),
                "course_title": pages.said(course, course.title),
                "scripts": [SCRIPT, runtime],
                "style": STYLE,
                "score": score,
            },
        )
    return Sheet(
        lesson=lesson,
        file=f"{lesson.module}-{lesson.part}.html",
        title=spoken.said.title,
        language=spoken.language,
        html=html,
        figures=tuple(dict.fromkeys(figures)),
    )


def figure_file(module: str, name: str) -> str:
    return f"figures/{module}-{name}.svg"


def pieces(
    course: Course, lesson: Lesson, language: str, address_of: Callable[[str], str]
) -> Iterator[dict[str, object]]:
    text = lesson.texts[language]
    numbers = {key: number for number, key in enumerate(text.cites, 1)}
    for piece in text.pieces:
        said: dict[str, object] = {"kind": piece.kind, "said": piece.said}
        if piece.kind == "words":
            said["prose"] = pages.Prose(piece.said, numbers, address_of)
        elif piece.kind == "question":
            said["question"] = Practice.of(course, course.questions[piece.said])
        elif piece.kind == "helplines":
            said["lines"] = helplines.lines()
        yield said


# --- practice


@dataclass(frozen=True)
class Offered:
    """An option at the place by which an answer names it."""

    at: int
    option: Option


@dataclass(frozen=True)
class Practice:
    """A question as the script in the page checks it."""

    id: str
    kind: str
    text: str
    unit: str
    feedback: str
    options: list[Offered]
    lefts: list[str]
    rights: list[tuple[int, str]]
    key: str
    """What is right, as the script reads it."""

    @classmethod
    def of(cls, course: Course, question: Question) -> "Practice":
        asked = pages.spoken(course, question.texts).said
        places = [
            # By the question's id, so that its options have one order in every package,
            # and a learner who opens it twice finds them at the same place.
            int(at) for at in shuffled(map(str, range(question.count)), question.id)
        ]
        return cls(
            id=question.id,
            kind=question.kind,
            text=asked.text,
            unit=asked.unit,
            feedback=asked.feedback,
            options=[Offered(at, asked.options[at]) for at in places if asked.options],
            lefts=lefts_of(question, asked.pairs),
            rights=[(at, right_at(asked, at)) for at in places],
            key=json.dumps(key_of(question)),
        )


def lefts_of(question: Question, pairs: Sequence[tuple[str, str]]) -> list[str]:
    if question.kind == "order":
        return [str(place + 1) for place in range(question.count)]
    return [left for left, _right in pairs]


def right_at(asked: Asked, at: int) -> str:
    return asked.pairs[at][1] if asked.pairs else asked.options[at].text


def key_of(question: Question) -> Mapping[str, object]:
    return {
        "kind": question.kind,
        "right": list(range(question.count))
        if question.kind in ("order", "match")
        else sorted(question.right),
        "answer": question.answer,
        "tolerance": question.tolerance,
    }


# --- the package


def files_of(course: Course, written: Sequence[Sheet]) -> Files:
    """Collect the pages, their drawings, and what all of them share."""
    found = {sheet.file: sheet.html.encode() for sheet in written}
    for sheet in written:
        module = course.module(sheet.lesson.module)
        assert module is not None
        for name, drawing in module.figures.items():
            if figure_file(module.code, name) in sheet.figures:
                found[figure_file(module.code, name)] = drawing.encode()
    shared = {name: (STATIC / name).read_bytes() for name in (STYLE, SCRIPT)}
    return found | shared


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Write a package; the same files are the same bytes."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(files):
            package.writestr(zipfile.ZipInfo(name, SAME_DAY), files[name])
    return held.getvalue()
