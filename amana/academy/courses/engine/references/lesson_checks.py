"""Whether lessons are sound, sourced and readable."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from amana.academy.courses.engine import readability
from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.lessons import LessonFile
from amana.academy.courses.engine.prose import FIGURE, OUTSIDE, MarkdownBlock
from amana.academy.courses.engine.references.course_faults import (
    AIM,
    BAD_ADDRESS,
    COUNTED,
    EMPTY_LESSON,
    FACT,
    HARDEST,
    INVENTED,
    MARKS_INSIDE,
    NO_ALTERNATIVE,
    NO_FIGURE,
    NO_LESSONS,
    NO_QUESTION,
    NO_SOURCE,
    POINTER,
    RAW,
    RAW_HTML,
    SAYS_FACTS,
    SPEECH,
    TOO_HARD,
    UNKNOWN_LINE,
    UNSOURCED,
    Found,
)
from amana.faults import Fault, check_known


def check_module_lessons(gathered: CourseSources) -> Found:
    for folder in gathered.folders:
        beginning = f"modules/{folder}/{gathered.first}/"
        if not any(name.startswith(beginning) for name in gathered.given):
            yield Fault(f"modules/{folder}", None, NO_LESSONS)


def check_lessons(gathered: CourseSources) -> Found:
    for lesson in gathered.lessons.values():
        questions = {question["id"] for question in gathered.questions(lesson.folder)}
        asked = f"modules/{lesson.folder}/questions.yaml"
        for piece in lesson.pieces:
            if piece.kind == "unknown":
                yield lesson.fault(piece.line, UNKNOWN_LINE)
            # That file has a fault of its own: reporting each of its questions as
            # unknown would hide it.
            elif piece.kind == "question" and not gathered.misread(asked):
                yield from check_known(
                    lesson, piece.line, NO_QUESTION, piece.said, questions
                )
        if not lesson.blocks:
            yield lesson.fault(lesson.first, EMPTY_LESSON)
        for block in lesson.blocks:
            yield from check_block(gathered, lesson, block)


def check_cites(gathered: CourseSources) -> Found:
    """Check that each source that a lesson or a kit cites is in the list."""
    sources = gathered.plain("sources.yaml")
    # That file has a fault of its own, from which each of these would follow.
    for text in () if gathered.misread("sources.yaml") else gathered.texts:
        for block in text.blocks:
            for key in block.cites:
                yield from check_known(text, block.line, NO_SOURCE, key, sources)


def check_block(
    gathered: CourseSources, lesson: LessonFile, block: MarkdownBlock
) -> Found:
    if "{{" in block.words:
        yield lesson.fault(block.line, MARKS_INSIDE)
    # HTML in code is shown and not run.
    if block.kind != "code" and RAW.search(block.words):
        yield lesson.fault(block.line, RAW_HTML)
    for address, alternative in block.figures:
        found = FIGURE.fullmatch(address)
        name = f"modules/{lesson.folder}/figures/{found[1]}.svg" if found else ""
        if name not in gathered.given:
            yield lesson.fault(block.line, NO_FIGURE, name=address)
        if not alternative:
            yield lesson.fault(block.line, NO_ALTERNATIVE)
    for address in block.addresses:
        if not OUTSIDE.fullmatch(address):
            yield lesson.fault(block.line, BAD_ADDRESS, address=address)


def check_sources(gathered: CourseSources) -> Found:
    """Check that each fact has a source: in the block itself, or in the first one under
    its heading, which may speak for the section; of a list or a table also in the block
    that comes next. Translations cite what the original cites (`check_translations`):
    how a language points to “lesson 3” only that language knows."""
    for lesson in gathered.lessons.values():
        kind = lesson.said.get("kind", "lesson")
        if lesson.language != gathered.first or kind not in SAYS_FACTS:
            continue
        lead: MarkdownBlock | None = None
        told = [*skip_invented(lesson.blocks), None]
        for block, following in pairwise(told):
            assert block is not None
            if block.kind == "heading":
                lead = None
                continue
            lead = lead or block
            cites = [*block.cites, *lead.cites]
            if following and block.kind in ("list", "table", "quotation"):
                cites += following.cites
            fact = extract_fact(block)
            if fact and not cites:
                yield lesson.fault(block.line, UNSOURCED, fact=fact)


def extract_fact(block: MarkdownBlock) -> str:
    """Extract the first fact: a number, a year, an article; not what points to a
    lesson, counts a point, or is spoken by a character."""
    if block.kind == "code":
        return ""
    # What a character says is no claim of the course.
    words = SPEECH.sub("", POINTER.sub("", COUNTED.sub("", block.words)))
    found = FACT.search(words)
    return found[0].strip(" .,") if found else ""


def skip_invented(blocks: Iterable[MarkdownBlock]) -> Iterator[MarkdownBlock]:
    """Skip text about invented people."""
    invented = False
    for block in blocks:
        if block.kind == "heading":
            invented = bool(INVENTED.match(block.words))
        if not invented:
            yield block


def check_readability(gathered: CourseSources) -> Found:
    for lesson, grade in grade_lessons(gathered):
        if grade > HARDEST:
            values = {"grade": round(grade), "aim": AIM}
            yield lesson.fault(lesson.first, TOO_HARD, **values)


def grade_lessons(gathered: CourseSources) -> Iterator[tuple[LessonFile, float]]:
    for lesson in gathered.lessons.values():
        if lesson.language == "en":
            read = [block.words for block in lesson.blocks if block.kind in READ]
            yield lesson, readability.compute_grade(read)


READ = ("paragraph", "list", "quotation")
