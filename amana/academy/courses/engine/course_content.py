"""A published course as its pages and its marking see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from amana.academy.courses.engine.certifications import (
    Certification,
    Words,
    build_certification,
)
from amana.academy.courses.engine.kit_pieces import KitPiece, build_kit_piece
from amana.academy.courses.engine.tracks import (
    ModuleTrack,
    Track,
    build_module_tracks,
    build_tracks,
)


@dataclass(frozen=True)
class LanguageText[T]:
    """Something in one language: the one that was asked for, or the course's first."""

    language: str
    said: T


@dataclass(frozen=True)
class QuestionOption:
    text: str
    feedback: str


@dataclass(frozen=True)
class QuestionText:
    """A question's words in one language."""

    text: str
    options: tuple[QuestionOption, ...]
    pairs: tuple[tuple[str, str], ...]
    feedback: str
    unit: str
    stale: bool
    """The question has changed since it was translated."""
    document: str = ""
    """What lies on the desk: a note, a register, a message; empty without one."""


@dataclass(frozen=True)
class Question:
    id: str
    kind: str
    objectives: tuple[str, ...]
    competency: str
    right: frozenset[int]
    """Places of the right options."""
    answer: float | None
    tolerance: float
    source: str
    texts: Mapping[str, QuestionText]

    @property
    def count(self) -> int:
        """How many options or pairs it has."""
        asked = next(iter(self.texts.values()))
        return len(asked.options) or len(asked.pairs)


@dataclass(frozen=True)
class LessonPiece:
    kind: str
    said: str


@dataclass(frozen=True)
class LessonText:
    title: str
    content_note: str
    stale: bool
    cites: tuple[str, ...]
    pieces: tuple[LessonPiece, ...]


@dataclass(frozen=True)
class Lesson:
    module: str
    part: str
    kind: str
    minutes: int
    objectives: tuple[str, ...]
    competencies: tuple[str, ...]
    sectors: tuple[str, ...]
    texts: Mapping[str, LessonText]

    @property
    def path(self) -> str:
        """Its place in the course, by which an event names it."""
        return f"{self.module}/{self.part}"


@dataclass(frozen=True)
class ModuleTest:
    title: Words
    about: Words
    draw: int
    pass_share: float
    questions: tuple[str, ...]
    """All of the module's bank, from which each attempt draws."""
    critical: tuple[str, ...]
    """Those whose mistake could harm a person."""
    critical_draw: int
    """How many of the critical ones each attempt asks; all have to be right."""
    online_only: bool
    """Its questions are not kept on a device."""


@dataclass(frozen=True)
class InterviewText:
    """A conversation in one language."""

    title: str
    about: str
    note: str
    story: str
    """As ink compiled it; the same in each language, but for its words."""
    stale: bool


@dataclass(frozen=True)
class Interview:
    """A conversation to practise, which branches by what one says."""

    name: str
    minutes: str
    lesson: str
    """The part of the lesson below which it is offered."""
    texts: Mapping[str, InterviewText]


@dataclass(frozen=True)
class LearningTime:
    """Minutes that a module takes, by what they are spent on."""

    lessons: int
    test: int
    work: int
    """An estimate of the course’s authors; the others are counted."""
    session: int
    conversations: int

    @property
    def total(self) -> int:
        return self.lessons + self.test + self.work + self.session + self.conversations


@dataclass(frozen=True)
class Module:
    code: str
    title: Words
    summary: Words
    lines: tuple[str, ...]
    """The words of the course's description that it covers."""
    objectives: tuple[str, ...]
    minutes: LearningTime
    lessons: tuple[Lesson, ...]
    questions: Mapping[str, Question]
    test: ModuleTest
    assignment: Mapping[str, Any]
    live: Mapping[str, Any]
    """The plan of its live session, as its file says it; empty without one."""
    figures: Mapping[str, str]
    interviews: tuple[Interview, ...] = ()
    kit: tuple[KitPiece, ...] = ()
    """What its live session is led with, in order."""
    tracks: Mapping[str, ModuleTrack] = MappingProxyType({})
    """What of it is for which sector, by the codes of the course’s tracks."""

    def interview(self, name: str) -> Interview | None:
        return next(
            (interview for interview in self.interviews if interview.name == name), None
        )

    def lesson(self, part: str) -> Lesson | None:
        return next((lesson for lesson in self.lessons if lesson.part == part), None)

    @cached_property
    def practice(self) -> Mapping[str, Question]:
        """The questions that explain themselves; those of tests never do."""
        tested = frozenset(self.test.questions)
        return {id: q for id, q in self.questions.items() if id not in tested}


@dataclass(frozen=True)
class Term:
    """A word that all who take the course use alike."""

    term: Words
    meaning: Words
    source: str


@dataclass(frozen=True)
class CourseContent:
    slug: str
    version: str
    title: Words
    summary: Words
    languages: tuple[str, ...]
    review: Words
    licence: str
    objectives: Mapping[str, Words]
    competencies: Mapping[str, Mapping[str, Any]]
    audiences: tuple[Words, ...]
    sources: Mapping[str, Mapping[str, Any]]
    glossary: tuple[Term, ...]
    certificates: tuple[Certification, ...]
    modules: tuple[Module, ...]
    placement: Mapping[str, Any]
    """Questions by sector on where to begin, see `placement`; empty without them."""
    labs: Mapping[str, Mapping[str, Any]]
    """Negotiations by name, as their files say them."""
    clinics: Mapping[str, Mapping[str, Any]]
    """Cases for a clinic by name, as their files say them."""
    tracks: tuple[Track, ...] = ()
    """The sectors that one can learn it for."""

    def track(self, code: str) -> Track | None:
        return next((track for track in self.tracks if track.code == code), None)

    def module(self, code: str) -> Module | None:
        return next((module for module in self.modules if module.code == code), None)

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        return {id: q for module in self.modules for id, q in module.questions.items()}

    @cached_property
    def practice(self) -> Mapping[str, Question]:
        return {id: q for module in self.modules for id, q in module.practice.items()}

    @property
    def first(self) -> str:
        """The language in which it is written."""
        return self.languages[0]

    def in_language[T](self, texts: Mapping[str, T], language: str) -> LanguageText[T]:
        """Choose the text in that language, else in the first."""
        here = language if language in texts else self.first
        return LanguageText(here, texts[here])


def build_course(compiled: str) -> CourseContent:
    plain = json.loads(compiled)
    return CourseContent(
        slug=plain["slug"],
        version=plain["version"],
        title=plain["title"],
        summary=plain["summary"],
        languages=tuple(plain["languages"]),
        review=plain["review"],
        licence=plain["licence"],
        objectives={
            objective["code"]: objective["text"] for objective in plain["objectives"]
        },
        competencies={
            competency["code"]: competency for competency in plain["competencies"]
        },
        audiences=tuple(plain["audiences"]),
        sources=plain["sources"],
        glossary=tuple(Term(**term) for term in plain["glossary"]),
        certificates=tuple(map(build_certification, plain["certificates"])),
        modules=tuple(
            build_module(module, plain["languages"][0]) for module in plain["modules"]
        ),
        placement=plain["placement"],
        labs=plain["labs"],
        clinics=plain.get("clinics", {}),
        tracks=build_tracks(plain.get("tracks", ())),
    )


def build_module(plain: Mapping[str, Any], first: str) -> Module:
    return Module(
        code=plain["code"],
        title=plain["title"],
        summary=plain["summary"],
        lines=tuple(plain["lines"]),
        objectives=tuple(plain["objectives"]),
        minutes=build_time(plain),
        lessons=tuple(
            build_lesson(plain["code"], lesson) for lesson in plain["lessons"]
        ),
        questions={
            question["id"]: build_question(question) for question in plain["questions"]
        },
        test=ModuleTest(
            title=plain["test"]["title"],
            about=plain["test"]["about"],
            draw=plain["test"]["draw"],
            pass_share=plain["test"]["pass_share"],
            questions=tuple(plain["test"]["questions"]),
            critical=tuple(plain["test"]["critical"]),
            # A version that was published before has neither: it asks all of them.
            critical_draw=plain["test"].get(
                "critical_draw", len(plain["test"]["critical"])
            ),
            online_only=plain["test"]["online_only"],
        ),
        assignment=plain["assignment"],
        live=plain["live"],
        interviews=tuple(
            build_interview(interview, first) for interview in plain["interviews"]
        ),
        figures=plain["figures"],
        kit=tuple(map(build_kit_piece, plain.get("kit", ()))),
        tracks=build_module_tracks(plain.get("tracks", {})),
    )


def build_time(plain: Mapping[str, Any]) -> LearningTime:
    if "minutes" in plain:
        return LearningTime(**plain["minutes"])
    # A version that was published before has nothing counted but its lessons.
    read = sum(lesson["minutes"] or 0 for lesson in plain["lessons"])
    return LearningTime(lessons=read, test=0, work=0, session=0, conversations=0)


def build_interview(plain: Mapping[str, Any], first: str) -> Interview:
    # A version that was published before has it in its first language alone.
    words = {key: plain.get(key) for key in ("title", "about", "note", "story")}
    texts = plain.get("texts", {first: {**words, "stale": False}})
    return Interview(
        name=plain["name"],
        minutes=plain["minutes"],
        lesson=plain["lesson"],
        texts={language: InterviewText(**text) for language, text in texts.items()},
    )


def build_lesson(module: str, plain: Mapping[str, Any]) -> Lesson:
    return Lesson(
        module=module,
        part=plain["part"],
        kind=plain["kind"],
        minutes=plain["minutes"],
        objectives=tuple(plain["objectives"]),
        competencies=tuple(plain["competencies"]),
        sectors=tuple(plain["sectors"]),
        texts={
            language: LessonText(
                title=text["title"],
                content_note=text["content_note"],
                stale=text["stale"],
                cites=tuple(text["cites"]),
                pieces=tuple(LessonPiece(**piece) for piece in text["pieces"]),
            )
            for language, text in plain["texts"].items()
        },
    )


def build_question(plain: Mapping[str, Any]) -> Question:
    return Question(
        id=plain["id"],
        kind=plain["kind"],
        objectives=tuple(plain["objectives"]),
        competency=plain["competency"],
        right=frozenset(plain["right"]),
        answer=plain["answer"],
        tolerance=plain["tolerance"],
        source=plain["source"],
        texts={
            language: QuestionText(
                text=text["text"],
                document=text.get("document", ""),
                options=tuple(QuestionOption(**option) for option in text["options"]),
                pairs=tuple((left, right) for left, right in text["pairs"]),
                feedback=text["feedback"],
                unit=text["unit"],
                stale=text["stale"],
            )
            for language, text in plain["texts"].items()
        },
    )
