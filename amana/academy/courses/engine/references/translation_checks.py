"""Whether translations say the same."""

from collections.abc import Iterator

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.references.course_faults import (
    NO_QUESTION,
    NOTHING_TRANSLATED,
    OTHER_LINES,
    OTHER_OPTIONS,
    Found,
)
from amana.faults import check_known
from amana.yaml_files.yamls import YAMLSource


def check_translations(gathered: CourseSources) -> Found:
    for lesson in gathered.lessons.values():
        if lesson.language == gathered.first:
            continue
        original = gathered.lesson(lesson.folder, gathered.first, lesson.part)
        if original is None:
            name = f"modules/{lesson.folder}/{gathered.first}/{lesson.part}.md"
            if name not in gathered.given:
                yield lesson.fault(1, NOTHING_TRANSLATED, name=lesson.part)
        # Learners of all languages take the same test, so each lesson has to prepare
        # for the same questions.
        elif original.asked() != lesson.asked():
            there, here = ", ".join(original.asked()), ", ".join(lesson.asked())
            yield lesson.fault(1, OTHER_LINES, here=here or "–", there=there or "–")


def check_translated_questions(gathered: CourseSources) -> Found:
    for folder, _language, source in iterate_translated(gathered):
        known = {question["id"]: question for question in gathered.questions(folder)}
        for name, words in source.plain.items():
            yield from check_known(source, (name,), NO_QUESTION, name, known)
            for key in ("options", "pairs") if name in known else ():
                here = len(words.get(key) or ())
                there = len(known[name].get(key) or ())
                if here != there:
                    values = {"name": key, "here": here, "there": there}
                    yield source.fault((name, key), OTHER_OPTIONS, **values)


def iterate_translated(
    gathered: CourseSources,
) -> Iterator[tuple[str, str, YAMLSource]]:
    for folder in gathered.folders:
        for language in gathered.languages[1:]:
            name = f"modules/{folder}/{language}/questions.yaml"
            if name in gathered.sources and gathered.sources[name].plain:
                yield folder, language, gathered.sources[name]
