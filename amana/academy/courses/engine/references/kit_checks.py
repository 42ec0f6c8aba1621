"""Whether a session can be led from its kit: nothing is missing in it, nothing is too
long for its card or slide, and its translations have the same parts."""

from collections import Counter
from collections.abc import Mapping
from itertools import zip_longest

from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.markdown_files import MarkdownFile
from amana.academy.courses.engine.prose import (
    MarkdownBlock,
    count_words,
    split_sections,
)
from amana.academy.courses.engine.references.course_faults import (
    NOT_TRANSLATED,
    RAW,
    Found,
)
from amana.academy.courses.engine.references.remarks import check_age
from amana.academy.courses.engine.references.translation_checks import compare_cites
from amana.faults import Fault, gettext_noop

ONCE = ("guide", "slides", "feedback")
"""The kinds of which a kit has exactly one piece."""
MOST_WORDS: Mapping[str, tuple[int, str]] = {
    "slides": (
        35,
        gettext_noop(
            "The slide “%(title)s” has %(words)s words: at most %(most)s can be read "
            "from the back of a room."
        ),
    ),
    "cards": (
        90,
        gettext_noop(
            "The card “%(title)s” has %(words)s words: at most %(most)s fit on a card."
        ),
    ),
    "injects": (
        120,
        gettext_noop(
            "The inject “%(title)s” has %(words)s words: at most %(most)s can be read "
            "while the session is under way."
        ),
    ),
}
"""The most words below each heading of a kind of piece."""

NO_KIT = gettext_noop(
    "This session has no kit: those who lead it have to make its material themselves."
)
NO_SESSION = gettext_noop(
    "This module has a session kit, but no live.yaml with a session."
)
MISSING_KIND = gettext_noop(
    "A session kit needs exactly one piece of the kind “%(kind)s”: there is none."
)
KIND_TWICE = gettext_noop(
    "A session kit needs exactly one piece of the kind “%(kind)s”: the first is "
    "%(first)s."
)
NO_STEP = gettext_noop("The session has %(count)s steps: there is no step %(step)s.")
NO_PARTS = gettext_noop(
    "There is no heading here. Begin each slide, card or inject with one (##)."
)
EMPTY_PIECE = gettext_noop("This piece of the kit is empty.")
TITLE_INSIDE = gettext_noop(
    "The title is in the head of this file. Begin the other headings with ## or ###."
)
HTML_IN_KIT = gettext_noop("A session kit can’t contain HTML. Write Markdown.")
MARKS_IN_KIT = gettext_noop("A session kit can’t contain {{ … }}.")
LINK_IN_KIT = gettext_noop(
    "A session kit can’t contain links or pictures: it has to work on paper."
)
NO_ORIGINAL = gettext_noop(
    "There is no piece “%(name)s” in the first language for this translation."
)
OTHER_HEADINGS = gettext_noop(
    "Heading %(number)s is “%(here)s” here and “%(there)s” in the original: both need "
    "the same headings in the same order."
)
OTHER_KIT_SOURCES = gettext_noop(
    "This translation cites other sources than the original. Only here: %(here)s. "
    "Only in the original: %(there)s."
)
NOT_FEEDBACK = gettext_noop("Only a feedback form asks questions on screen.")
OTHER_QUESTIONS = gettext_noop(
    "This translation has other questions, or other numbers of answers, than the "
    "original."
)
STALE_KIT = gettext_noop(
    "The original has changed since this translation. Once the translation matches it "
    "again, write translated_from: %(sha256)s"
)
KIT_NOT_TRANSLATED = gettext_noop(
    "This session kit is not translated into “%(language)s”: those who lead see the "
    "first language."
)


def check_kits(gathered: CourseSources) -> Found:
    for text in gathered.kits.values():
        yield from check_text(text)
        if text.language != gathered.first:
            yield from check_translation(gathered, text)
    for folder in gathered.folders:
        originals = gathered.kit_of(folder, gathered.first)
        yield from check_kinds(gathered, folder, originals)
        yield from check_steps(gathered, folder, originals)
        for text in originals:
            yield from check_lengths(text)
            if "questions" in text.said and text.said["kind"] != "feedback":
                yield text.fault(text.source.line("questions"), NOT_FEEDBACK)


def check_text(text: MarkdownFile) -> Found:
    if not text.blocks:
        yield text.fault(text.first, EMPTY_PIECE)
    for block in text.blocks:
        if block.level == 1:
            yield text.fault(block.line, TITLE_INSIDE)
        if block.kind != "code" and RAW.search(block.words):
            yield text.fault(block.line, HTML_IN_KIT)
        if "{{" in block.words:
            yield text.fault(block.line, MARKS_IN_KIT)
        if block.addresses or block.figures:
            yield text.fault(block.line, LINK_IN_KIT)


def check_kinds(
    gathered: CourseSources, folder: str, originals: list[MarkdownFile]
) -> Found:
    """Check that a kit has what each kit needs, once."""
    place = f"modules/{folder}/{gathered.first}/kit"
    names = [name for name in gathered.given if name.startswith(f"{place}/")]
    count = Counter(text.said["kind"] for text in originals)
    for kind in ONCE:
        pieces = [text for text in originals if text.said["kind"] == kind]
        # A file that can't be read may be the one that is missing.
        if not count[kind] and names and len(names) == len(originals):
            yield Fault(place, None, MISSING_KIND, {"kind": kind})
        for text in pieces[1:]:
            line = text.source.line("kind")
            yield text.fault(line, KIND_TWICE, kind=kind, first=pieces[0].part)


def check_steps(
    gathered: CourseSources, folder: str, originals: list[MarkdownFile]
) -> Found:
    plan = f"modules/{folder}/live.yaml"
    if gathered.misread(plan):
        return
    count = len(gathered.plain(plan).get("steps", ()))
    for text in originals:
        step = text.said.get("step", 0)
        if not count:
            yield text.fault(1, NO_SESSION)
        elif step > count:
            line = text.source.line("step")
            yield text.fault(line, NO_STEP, step=step, count=count)


def check_lengths(text: MarkdownFile) -> Found:
    """Check how many words each slide, card or inject has. Of originals alone: French
    needs a fifth more, and a translator can't leave out a sentence."""
    kind = text.said["kind"]
    if kind not in MOST_WORDS:
        return
    most, too_long = MOST_WORDS[kind]
    parts = [part for part in split_sections(text.body, text.first) if part.title]
    if text.blocks and not parts:
        yield text.fault(text.first, NO_PARTS)
    for part in parts:
        words = count_words(part.words)
        if words > most:
            values = {"title": part.title, "words": words, "most": most}
            yield text.fault(part.line, too_long, **values)


def check_translation(gathered: CourseSources, text: MarkdownFile) -> Found:
    original = gathered.kit_text(text.folder, gathered.first, text.part)
    if original is None:
        name = f"modules/{text.folder}/{gathered.first}/kit/{text.part}.md"
        if name not in gathered.given:
            yield text.fault(1, NO_ORIGINAL, name=text.part)
    # Of an older wording it is reported as stale, and can be published.
    elif text.is_current(original):
        yield from check_headings(text, original)
        if count_answers(text) != count_answers(original):
            yield text.fault(text.source.line("questions"), OTHER_QUESTIONS)
        if set(text.cites) != set(original.cites):
            yield text.fault(1, OTHER_KIT_SOURCES, **compare_cites(text, original))


def count_answers(text: MarkdownFile) -> list[int]:
    """Count the answers of each question that is asked on screen."""
    return [len(asked["options"]) for asked in text.said.get("questions") or ()]


def check_headings(text: MarkdownFile, original: MarkdownFile) -> Found:
    """Check that a translation has the same headings. The first that differs is
    reported: from there on all others would."""
    pairs = zip_longest(list_headings(text), list_headings(original))
    for number, (mine, theirs) in enumerate(pairs, 1):
        here, there = format_heading(mine), format_heading(theirs)
        if here != there:
            line = mine.line if mine else 1
            values = {"number": number, "here": here, "there": there}
            yield text.fault(line, OTHER_HEADINGS, **values)
            return


def list_headings(text: MarkdownFile) -> list[MarkdownBlock]:
    return [block for block in text.blocks if block.kind == "heading"]


def format_heading(block: MarkdownBlock | None) -> str:
    return "#" * block.level if block else "–"


# -- remarks


def suggest_kits(gathered: CourseSources) -> Found:
    """Suggest a kit for each session that has none."""
    for folder in gathered.folders:
        source = gathered.of_module(folder, "live")
        beginning = f"modules/{folder}/{gathered.first}/kit/"
        if source and not any(name.startswith(beginning) for name in gathered.given):
            yield source.fault((), NO_KIT)


def check_kit_languages(gathered: CourseSources) -> Found:
    for folder in gathered.folders:
        originals = gathered.kit_of(folder, gathered.first)
        for language in gathered.languages[1:]:
            place = f"modules/{folder}/{language}/kit/"
            missing = [
                text
                for text in originals
                if f"{place}{text.part}.md" not in gathered.given
            ]
            # One remark for a whole kit, not one for each of twenty pieces.
            if missing and len(missing) == len(originals):
                values = {"language": language}
                yield Fault(f"modules/{folder}", None, KIT_NOT_TRANSLATED, values)
                continue
            for text in missing:
                yield text.fault(1, NOT_TRANSLATED, language=language)


def check_kit_ages(gathered: CourseSources) -> Found:
    for text in gathered.kits.values():
        original = gathered.kit_text(text.folder, gathered.first, text.part)
        if text.language != gathered.first and original is not None:
            yield from check_age(text, original, STALE_KIT)
