"""Remarks: what could be better."""

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.markdown_files import MarkdownFile
from amana.academy.courses.engine.references.course_faults import (
    AIM,
    HARDEST,
    MODULE_NOT_TRANSLATED,
    NEVER_ASKED,
    NEVER_CITED,
    NEVER_SHOWN,
    NOT_ASSESSED_ANYWHERE,
    NOT_TRANSLATED,
    OF_UNKNOWN_AGE,
    STALE,
    TOO_HARD,
    Found,
    iterate_texts,
)
from amana.academy.courses.engine.references.lesson_checks import grade_lessons
from amana.academy.courses.engine.references.module_checks import (
    iterate_referrers,
    map_competencies,
)
from amana.academy.courses.engine.translations import name_translation
from amana.faults import Fault


def suggest_easier_text(gathered: CourseSources) -> Found:
    for lesson, grade in grade_lessons(gathered):
        if AIM < grade <= HARDEST:
            values = {"grade": round(grade), "aim": AIM}
            yield lesson.fault(lesson.first, TOO_HARD, **values)


def check_completeness(gathered: CourseSources) -> Found:
    for language in gathered.languages[1:]:
        for folder in gathered.folders:
            if not gathered.lessons_of(folder, language):
                said_of = {"language": language}
                yield Fault(f"modules/{folder}", None, MODULE_NOT_TRANSLATED, said_of)
                continue
            for original in gathered.lessons_of(folder, gathered.first):
                if gathered.lesson(folder, language, original.part) is None:
                    yield original.fault(1, NOT_TRANSLATED, language=language)
            yield from iterate_untranslated(gathered, folder, language)
    for source, place, said in iterate_texts(gathered):
        for language in gathered.languages:
            if language not in said and gathered.first in said:
                yield source.fault(place, NOT_TRANSLATED, language=language)


def iterate_untranslated(gathered: CourseSources, folder: str, language: str) -> Found:
    for source, at, question in gathered.iterate_questions(folder):
        if question["id"] not in gathered.plain(
            name_translation(source.file, language)
        ):
            yield source.fault((at, "id"), NOT_TRANSLATED, language=language)


def check_translation_age(gathered: CourseSources) -> Found:
    for lesson in gathered.lessons.values():
        original = gathered.lesson(lesson.folder, gathered.first, lesson.part)
        if lesson.language != gathered.first and original is not None:
            yield from check_age(lesson, original, STALE)


def check_age(text: MarkdownFile, original: MarkdownFile, stale: str) -> Found:
    """Check that a translation records of which wording it is one, and that this is
    the present one."""
    of = text.said.get("translated_from")
    if of is None:
        yield text.fault(1, OF_UNKNOWN_AGE, sha256=original.sha256)
    elif of != original.sha256:
        line = text.source.line("translated_from")
        yield text.fault(line, stale, sha256=original.sha256)


def check_unused(gathered: CourseSources) -> Found:
    cited = {key for _text, key in gathered.cites()}
    cited |= {str(said.get("source")) for *_place, said in gathered.iterate_findings()}
    shown: set[str] = set()
    asked: set[str] = set()
    for lesson in gathered.lessons.values():
        asked.update(lesson.asked())
        for block in lesson.blocks:
            around = f"modules/{lesson.folder}/"
            shown.update(around + address for address, _ in block.figures)
    for folder in gathered.folders:
        source = gathered.of_module(folder, "questions")
        cited |= {
            str(question.get("source"))
            for _source, _at, question in gathered.iterate_questions(folder)
        }
        for at, question in enumerate(gathered.questions(folder)):
            if source and question["id"] not in asked:
                yield source.fault((at, "id"), NEVER_ASKED, name=question["id"])
    if source := gathered.sources.get("sources.yaml"):
        cited |= {str(term.get("source")) for term in gathered.plain("glossary.yaml")}
        for name in source.plain or ():
            if name not in cited:
                yield source.fault((name,), NEVER_CITED, name=name)
    for name in sorted(gathered.figures.keys() - shown):
        yield Fault(name, None, NEVER_SHOWN)


def check_competency_coverage(gathered: CourseSources) -> Found:
    source = gathered.sources.get("course.yaml")
    assessed = {
        plain.get("competency")
        for other, _place, plain in iterate_referrers(gathered)
        if other.file.endswith(("questions.yaml", "bank.yaml", "assignment.yaml"))
    }
    for name, at in map_competencies(gathered).items():
        if source and name not in assessed:
            yield source.fault(("competencies", at), NOT_ASSESSED_ANYWHERE, name=name)
