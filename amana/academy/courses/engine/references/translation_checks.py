"""Whether translations say the same."""

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.markdown_files import MarkdownFile
from amana.academy.courses.engine.references.course_faults import (
    NO_QUESTION,
    NOTHING_TRANSLATED,
    OTHER_LINES,
    OTHER_OPTIONS,
    OTHER_SOURCES,
    Found,
)
from amana.academy.courses.engine.translations import iterate_translated
from amana.faults import check_known


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
        # Of an older wording it is reported as stale, and can be published.
        elif lesson.is_current(original) and set(original.cites) != set(lesson.cites):
            yield lesson.fault(1, OTHER_SOURCES, **compare_cites(lesson, original))


def compare_cites(text: MarkdownFile, original: MarkdownFile) -> dict[str, str]:
    """List the sources that only one of the two cites: `here` and `there`."""
    here, there = (
        ", ".join(sorted(set(this.cites) - set(other.cites)))
        for this, other in ((text, original), (original, text))
    )
    return {"here": here or "–", "there": there or "–"}


def check_translated_questions(gathered: CourseSources) -> Found:
    for source, known in iterate_translated(gathered):
        for name, words in source.plain.items():
            yield from check_known(source, (name,), NO_QUESTION, name, known)
            for key in ("options", "pairs") if name in known else ():
                here = len(words.get(key) or ())
                there = len(known[name].get(key) or ())
                if here != there:
                    values = {"name": key, "here": here, "there": there}
                    yield source.fault((name, key), OTHER_OPTIONS, **values)
