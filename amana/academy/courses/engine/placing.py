"""Check whether the questions that decide where to begin lead to lessons that exist."""

from collections.abc import Iterator, Mapping
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources, Plain
from amana.academy.courses.engine.references import (
    NO_COMPETENCY,
    NO_OBJECTIVE,
    NO_SOURCE,
    NOBODY_RIGHT,
    QUESTION_TWICE,
    can_be_right,
    check_question,
    check_unique_codes,
    map_competencies,
    map_objectives,
)
from amana.faults import Fault, check_known, gettext_noop
from amana.yaml_files.yamls import Place, YAMLSource

FILE = "placement.yaml"

NO_MODULE = gettext_noop("No module has the code “%(name)s”.")
NO_LESSON = gettext_noop(
    "No module of this placement has a lesson “%(name)s”. Write the "
    "module’s code and the file’s name: m1/01-name."
)
NO_QUESTION = gettext_noop("There is no question “%(name)s” in this course.")
NEVER_ASKED = gettext_noop("No sector is asked “%(name)s”.")

type Found = Iterator[Fault]


def check_placement(gathered: CourseSources) -> list[Fault]:
    source = gathered.sources.get(FILE)
    if source is None or "course.yaml" not in gathered.sources:
        return []
    return [
        *check_sectors(gathered, source),
        *check_own_questions(gathered, source),
    ]


def check_sectors(gathered: CourseSources, source: YAMLSource) -> Found:
    plain = source.plain
    folders = {gathered.module(folder)["code"]: folder for folder in gathered.folders}
    for at, code in enumerate(plain["modules"]):
        yield from check_known(source, ("modules", at), NO_MODULE, code, folders)
    yield from check_unique_codes(source, plain["sectors"], ("sectors",))
    yield from check_lesson_paths(source, list_lesson_paths(gathered, folders))
    yield from check_question_ids(gathered, source)


def list_lesson_paths(gathered: CourseSources, folders: Mapping[str, str]) -> list[str]:
    """List the lessons of the modules that the placement is about, by their paths."""
    return [
        f"{code}/{lesson.part}"
        for code in gathered.plain(FILE)["modules"]
        if code in folders
        for lesson in gathered.lessons_of(folders[code], gathered.first)
    ]


def check_lesson_paths(source: YAMLSource, lessons: list[str]) -> Found:
    for at, sector in enumerate(source.plain["sectors"]):
        for nth, path in enumerate(sector["first"]):
            place: Place = ("sectors", at, "first", nth)
            yield from check_known(source, place, NO_LESSON, path, lessons)
        for nth, ask in enumerate(sector["asks"]):
            for which, path in enumerate(ask["shows"]):
                place = ("sectors", at, "asks", nth, "shows", which)
                yield from check_known(source, place, NO_LESSON, path, lessons)


def check_question_ids(gathered: CourseSources, source: YAMLSource) -> Found:
    asked = {question["id"]: question for question in iterate_questions(gathered)}
    for at, sector in enumerate(source.plain["sectors"]):
        for nth, ask in enumerate(sector["asks"]):
            place, name = ("sectors", at, "asks", nth, "question"), ask["question"]
            yield from check_known(source, place, NO_QUESTION, name, asked)
            if name in asked and not can_be_right(asked[name]):
                yield source.fault(place, NOBODY_RIGHT, name=name)


def iterate_questions(gathered: CourseSources) -> Iterator[Plain]:
    for folder in gathered.folders:
        yield from gathered.questions(folder)
    yield from list_own_questions(gathered)


def list_own_questions(gathered: CourseSources) -> list[Plain]:
    return list(gathered.plain(FILE).get("questions") or ())


def check_own_questions(gathered: CourseSources, source: YAMLSource) -> Found:
    elsewhere = {
        question["id"]: written.file
        for folder in gathered.folders
        for written, _at, question in gathered.iterate_questions(folder)
    }
    used = {ask["question"] for s in source.plain["sectors"] for ask in s["asks"]}
    for at, question in enumerate(list_own_questions(gathered)):
        place: Place = ("questions", at)
        if question["id"] in elsewhere:
            values = {"name": question["id"], "first": elsewhere[question["id"]]}
            yield source.fault((*place, "id"), QUESTION_TWICE, **values)
        elsewhere.setdefault(question["id"], FILE)
        if question["id"] not in used:
            yield source.fault((*place, "id"), NEVER_ASKED, name=question["id"])
        for inner, sentence, said in check_question(
            translate_question(question, gathered.first)
        ):
            yield source.fault((*place, *inner), sentence, **said)
        yield from check_names(gathered, source, place, question)


def check_names(
    gathered: CourseSources, source: YAMLSource, place: Place, one: Plain
) -> Found:
    """Check the objectives, the competency and the source of a question."""
    objectives = map_objectives(gathered)
    for nth, name in enumerate(one["objectives"]):
        there: Place = (*place, "objectives", nth)
        yield from check_known(source, there, NO_OBJECTIVE, name, objectives)
    there, name = (*place, "competency"), one["competency"]
    yield from check_known(
        source, there, NO_COMPETENCY, name, map_competencies(gathered)
    )
    if "source" in one and not gathered.misread("sources.yaml"):
        there, sources = (*place, "source"), gathered.plain("sources.yaml")
        yield from check_known(source, there, NO_SOURCE, one["source"], sources)


def translate_question(question: Plain, language: str) -> dict[str, Any]:
    """Translate a question into one language: what is given once is in the first."""

    def said(text: Any) -> str:
        return str(text.get(language, "")) if isinstance(text, Mapping) else str(text)

    return {
        **question,
        **{key: said(question[key]) for key in ("text", "feedback") if key in question},
        "options": [
            {
                **option,
                "text": said(option["text"]),
                "feedback": said(option["feedback"]),
            }
            for option in question["options"]
        ],
    }


def list_languages(question: Plain, gathered: CourseSources) -> list[str]:
    """List the languages in which all of a question is written."""
    text = question["text"]
    every = set(text) if isinstance(text, Mapping) else {gathered.first}
    for option in question["options"]:
        for words in (option["text"], option["feedback"]):
            every &= set(words) if isinstance(words, Mapping) else {gathered.first}
    return [language for language in gathered.languages if language in every]
