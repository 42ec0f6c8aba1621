"""Check whether the files of a course agree with each other, and what its authors have
to correct.

A fault keeps the course from being published. A remark does not: a translation that is
missing, a text that is hard to read, a source that nothing cites.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from amana.academy.courses.engine import readability
from amana.academy.courses.engine.gathering import CourseSources, Plain
from amana.academy.courses.engine.lessons import LessonFile
from amana.academy.courses.engine.prose import FIGURE, OUTSIDE, MarkdownBlock
from amana.academy.courses.engine.translations import check_question_age
from amana.design.mechanism.engine.faults import Fault, gettext_noop
from amana.design.mechanism.pack.references import suggest_name
from amana.design.mechanism.pack.yamls import Place, YAMLSource

NO_MODULE = gettext_noop("There is no folder modules/%(name)s with a module.yaml.")
NOT_NAMED = gettext_noop("course.yaml does not name this module.")
CODE_TWICE = gettext_noop("“%(name)s” is used as a code more than once.")
NO_OBJECTIVE = gettext_noop("There is no objective “%(name)s”%(near)s.")
NO_COMPETENCY = gettext_noop("There is no competency “%(name)s”%(near)s.")
NO_SOURCE = gettext_noop("There is no source “%(name)s” in sources.yaml%(near)s.")
NO_QUESTION = gettext_noop("There is no question “%(name)s” in this module%(near)s.")
NO_LESSONS = gettext_noop("This module has no lesson in its first language.")
NO_TEST = gettext_noop("This module has no test.yaml: nothing shows what was learned.")
NOT_ASSESSED = gettext_noop(
    "“%(name)s” is not assessed: no question in this module’s test covers it."
)
NOT_TAUGHT = gettext_noop("No module lists the objective “%(name)s”.")
NOT_FIRST = gettext_noop("The text in the first language (%(language)s) is missing.")

QUESTION_TWICE = gettext_noop(
    "The question “%(name)s” appears twice; the first is in %(first)s."
)
ONE_RIGHT = gettext_noop("Exactly one option has to be right here, not %(count)s.")
SOME_RIGHT = gettext_noop(
    "At least one option has to be right here, and at least one wrong."
)
TWO_OPTIONS = gettext_noop("There must be at least %(least)s options.")
NO_FEEDBACK = gettext_noop(
    "This option has no feedback. Explain why it is right or wrong."
)
NO_FEEDBACK_AT_ALL = gettext_noop("This question has no feedback.")
NO_PAIRS = gettext_noop("Pairs are required here: left, and in right what matches it.")
NO_ANSWER = gettext_noop("The answer is missing. It has to be a number.")
OPTIONS_ONLY = gettext_noop("“%(key)s” does not belong to a question of this kind.")
SAME_TWICE = gettext_noop("Two of them have the same text.")

DRAWS_TOO_MANY = gettext_noop(
    "The test draws %(draw)s questions but has only %(count)s."
)
TOO_MANY_CRITICAL = gettext_noop(
    "%(count)s questions are critical, so they are always asked, but the "
    "test draws only %(draw)s."
)
NOT_IN_TEST = gettext_noop("“%(name)s” is critical, but not among the questions.")
NOBODY_RIGHT = gettext_noop(
    "“%(name)s” has no right option. It can be discussed, but not tested."
)
NO_HUMAN = gettext_noop(
    "At least one criterion has to be marked by a person: human: true."
)
OTHER_MINUTES = gettext_noop("The steps take %(sum)s minutes, not %(said)s.")

UNKNOWN_LINE = gettext_noop(
    "This line is not recognised. Write {{ question: code }}, {{ helplines "
    "}} or {{ reflect: “…” }}."
)
MARKS_INSIDE = gettext_noop("Put {{ … }} on a line of its own.")
RAW_HTML = gettext_noop("Lessons can’t contain HTML. Write Markdown.")
NO_ALTERNATIVE = gettext_noop(
    "This picture has no alternative text. Describe what it shows between the brackets."
)
NO_FIGURE = gettext_noop("There is no figure “%(name)s” in figures/ of this module.")
BAD_ADDRESS = gettext_noop(
    "“%(address)s” can’t be a link: addresses begin with https://"
)
UNSOURCED = gettext_noop(
    "This presents a fact (“%(fact)s”) without a source. End it with [@source]."
)
EMPTY_LESSON = gettext_noop("This lesson is empty.")
OTHER_LINES = gettext_noop(
    "This translation asks other questions than the original lesson. Here: "
    "%(here)s. In the original: %(there)s."
)
NOTHING_TRANSLATED = gettext_noop(
    "There is no original lesson “%(name)s” for this translation."
)
OTHER_OPTIONS = gettext_noop(
    "“%(name)s” has %(here)s entries here, and %(there)s in the first language."
)
UNKNOWN_LANGUAGE = gettext_noop("course.yaml does not name the language “%(name)s”.")

TOO_HARD = gettext_noop(
    "Reading this takes %(grade)s years of school. Aim for %(aim)s: shorter "
    "sentences, simpler words."
)
TOO_SHORT = gettext_noop(
    "%(words)s words for %(minutes)s minutes: about %(least)s words would "
    "fill the time."
)
NOT_TRANSLATED = gettext_noop("This is not translated into “%(language)s”.")
MODULE_NOT_TRANSLATED = gettext_noop(
    "This module has no lesson in “%(language)s”: learners see the first language."
)
STALE = gettext_noop(
    "The lesson has changed since this translation. Once the translation "
    "matches it again, write translated_from: %(sha256)s"
)
OF_UNKNOWN_AGE = gettext_noop(
    "It is not recorded which wording this is a translation of. Write "
    "translated_from: %(sha256)s"
)
NEVER_CITED = gettext_noop("Nothing cites the source “%(name)s”.")
NEVER_ASKED = gettext_noop("“%(name)s” is asked neither in a lesson nor in the test.")
NEVER_SHOWN = gettext_noop("No lesson shows this figure.")
NOT_ASSESSED_ANYWHERE = gettext_noop(
    "Nothing assesses the competency “%(name)s”: neither a question nor a rubric."
)

HARDEST = 12
"""Above, it is a fault; the aim is AIM (Flesch-Kincaid, by lesson)."""
AIM = 10
WORDS_A_MINUTE = 30

RAW = re.compile(r"</?[A-Za-z][^>]*>|<!--")
FACT = re.compile(
    r"(?<![\w-])(?:article|art\.|section|paragraph|rule|principle)\s+[0-9]+[^\s,.;]*"
    r"|(?<![\w.-])[0-9][0-9.,]*(?:\s*%|\s+per\s+cent)?",
    re.IGNORECASE,
)
POINTER = re.compile(
    r"\b(?:modules?|lessons?|steps?|parts?|chapters?|tables?|figures?|questions?|"
    r"levels?|options?|habits?|rounds?)\s+[0-9]+(?:\s*(?:–|-|to|and|or|,)\s*[0-9]+)*",
    re.IGNORECASE,
)
"""“Lesson 3” is no fact."""
COUNTED = re.compile(r"^[0-9]{1,2}[.)]?(?=\s)", re.MULTILINE)
SPEECH = re.compile(r"“[^”]*”|«[^»]*»", re.DOTALL)
SAYS_FACTS = frozenset({"lesson"})
"""Cases, activities and reflections tell of invented people and of what to do now."""
INVENTED = re.compile(
    r"(?:case|scene|example|cas|scène|exemple|حالة|مشهد|مثال)\b", re.IGNORECASE
)
"""So does the text under such a heading in a lesson."""

type Found = Iterator[Fault]


def check_course(gathered: CourseSources) -> list[Fault]:
    return [fault for look in FAULTS for fault in look(gathered)]


def list_remarks(gathered: CourseSources) -> list[Fault]:
    return [remark for look in REMARKS for remark in look(gathered)]


def check_known(
    source: YAMLSource, place: Place, sentence: str, name: str, among: Collection[str]
) -> Found:
    if name not in among:
        yield source.fault(place, sentence, name=name, near=suggest_name(name, among))


# -- the course and its modules --------------------------------------------------------


def check_modules(gathered: CourseSources) -> Found:
    source = gathered.sources.get("course.yaml")
    if source is None:
        return
    named = source.plain["modules"]
    for at, name in enumerate(named):
        if f"modules/{name}/module.yaml" not in gathered.given:
            yield source.fault(("modules", at), NO_MODULE, name=name)
    there = {name.split("/")[1] for name in gathered.given if name[:8] == "modules/"}
    for name in sorted(there - set(named)):
        yield Fault(f"modules/{name}", None, NOT_NAMED)


def check_unique_codes(gathered: CourseSources) -> Found:
    if source := gathered.sources.get("course.yaml"):
        for key in ("objectives", "competencies"):
            yield from check_duplicates(
                source, key, [entry["code"] for entry in source.plain[key]]
            )
    seen: set[str] = set()
    for folder in gathered.folders:
        code = gathered.module(folder)["code"]
        if code in seen:
            module = gathered.sources[f"modules/{folder}/module.yaml"]
            yield module.fault(("code",), CODE_TWICE, name=code)
        seen.add(code)


def check_duplicates(source: YAMLSource, key: str, codes: Sequence[str]) -> Found:
    for at, code in enumerate(codes):
        if code in codes[:at]:
            yield source.fault((key, at, "code"), CODE_TWICE, name=code)


def check_references(gathered: CourseSources) -> Found:
    if "course.yaml" not in gathered.sources:
        return
    objectives, competencies = map_objectives(gathered), map_competencies(gathered)
    for source, around, plain in iterate_referrers(gathered):
        for at, name in enumerate(plain.get("objectives") or ()):
            place = (*around, "objectives", at)
            yield from check_known(source, place, NO_OBJECTIVE, name, objectives)
        for at, name in enumerate(plain.get("competencies") or ()):
            place = (*around, "competencies", at)
            yield from check_known(source, place, NO_COMPETENCY, name, competencies)
        if name := plain.get("competency"):
            place = (*around, "competency")
            yield from check_known(source, place, NO_COMPETENCY, name, competencies)


def iterate_referrers(
    gathered: CourseSources,
) -> Iterator[tuple[YAMLSource, Place, Plain]]:
    """Yield everything that may name objectives and competencies, with its place."""
    for name, source in gathered.sources.items():
        what = name.rpartition("/")[2]
        if what in ("module.yaml", "live.yaml"):
            yield source, (), source.plain
        elif what == "questions.yaml" and name.count("/") == 2:
            for at, question in enumerate(source.plain or ()):
                yield source, (at,), question
        elif what == "assignment.yaml":
            for at, criterion in enumerate(source.plain["rubric"]):
                yield source, ("rubric", at), criterion
    for lesson in gathered.lessons.values():
        yield lesson.source, (), lesson.said


def map_objectives(gathered: CourseSources) -> dict[str, int]:
    return {
        objective["code"]: at
        for at, objective in enumerate(gathered.course.get("objectives", ()))
    }


def map_competencies(gathered: CourseSources) -> dict[str, int]:
    named = gathered.course.get("competencies", ())
    return {competency["code"]: at for at, competency in enumerate(named)}


def check_objective_coverage(gathered: CourseSources) -> Found:
    taught: set[str] = set()
    for folder in gathered.folders:
        module = gathered.sources[f"modules/{folder}/module.yaml"]
        own = module.plain["objectives"]
        taught.update(own)
        test = gathered.of_module(folder, "test")
        if test is None:
            if f"modules/{folder}/test.yaml" not in gathered.given:
                yield Fault(f"modules/{folder}", None, NO_TEST)
            continue
        asked = set(test.plain["questions"])
        assessed = {
            name
            for question in gathered.questions(folder)
            if question["id"] in asked
            for name in question["objectives"]
        }
        # Without any question that could be read, each objective would be reported for
        # the same mistake.
        if gathered.questions(folder):
            for at, name in enumerate(own):
                if name not in assessed and name in map_objectives(gathered):
                    yield module.fault(("objectives", at), NOT_ASSESSED, name=name)
    if source := gathered.sources.get("course.yaml"):
        whole = len(gathered.folders) == len(source.plain["modules"])
        for name, at in map_objectives(gathered).items():
            # Only when every module could be read: the missing one may be the one that
            # teaches it.
            if whole and name not in taught:
                yield source.fault(("objectives", at), NOT_TAUGHT, name=name)


def check_first_language(gathered: CourseSources) -> Found:
    for source, place, said in iterate_texts(gathered):
        if gathered.languages and gathered.first not in said:
            yield source.fault(place, NOT_FIRST, language=gathered.first)


def iterate_texts(
    gathered: CourseSources,
) -> Iterator[tuple[YAMLSource, Place, Mapping[str, str]]]:
    """Yield each text that is given by language."""
    for source in gathered.sources.values():
        if not source.file.endswith("questions.yaml"):
            for place, said in iterate_by_language(
                source.plain, (), gathered.languages
            ):
                yield source, place, said


def iterate_by_language(
    plain: Any, place: Place, languages: Collection[str]
) -> Iterator[tuple[Place, Mapping[str, str]]]:
    if isinstance(plain, Mapping):
        if plain and is_text(plain, languages):
            yield place, plain
            return
        for key, value in plain.items():
            yield from iterate_by_language(value, (*place, key), languages)
    elif isinstance(plain, list):
        for at, value in enumerate(plain):
            yield from iterate_by_language(value, (*place, at), languages)


def is_text(plain: Mapping[str, Any], languages: Collection[str]) -> bool:
    return all(key in languages for key in plain)


def check_languages(gathered: CourseSources) -> Found:
    if not gathered.languages:
        return
    for lesson in gathered.lessons.values():
        if lesson.language not in gathered.languages:
            yield lesson.fault(1, UNKNOWN_LANGUAGE, name=lesson.language)


# -- questions and tests ---------------------------------------------------------------


def check_questions(gathered: CourseSources) -> Found:
    seen: dict[str, str] = {}
    for folder in gathered.folders:
        source = gathered.of_module(folder, "questions")
        for at, question in enumerate(gathered.questions(folder)):
            assert source is not None
            if question["id"] in seen:
                values = {"name": question["id"], "first": seen[question["id"]]}
                yield source.fault((at, "id"), QUESTION_TWICE, **values)
            seen.setdefault(question["id"], source.file)
            for place, sentence, values in check_question(question):
                yield source.fault((at, *place), sentence, **values)
            key = question.get("source")
            if key and not gathered.misread("sources.yaml"):
                known = gathered.plain("sources.yaml")
                yield from check_known(source, (at, "source"), NO_SOURCE, key, known)


type Wrong = Iterator[tuple[Place, str, dict[str, object]]]


def check_question(one: Plain) -> Wrong:
    kind = one["kind"]
    options = [convert_to_option(option) for option in one.get("options") or ()]
    for key, kinds in BELONGS.items():
        if key in one and kind not in kinds:
            yield (key,), OPTIONS_ONLY, {"key": key}
    if kind in ("one", "many", "decide"):
        yield from check_options(kind, options)
    elif not one.get("feedback"):
        yield (), NO_FEEDBACK_AT_ALL, {}
    if kind == "order" and len(options) < 3:
        yield (), TWO_OPTIONS, {"least": 3}
    if kind == "match" and not one.get("pairs"):
        yield (), NO_PAIRS, {}
    if kind == "number" and "answer" not in one:
        yield (), NO_ANSWER, {}
    said = [option["text"] for option in options]
    said += [pair["left"] for pair in one.get("pairs") or ()]
    if len(set(said)) < len(said):
        yield (), SAME_TWICE, {}


BELONGS = {
    "options": ("one", "many", "decide", "order"),
    "pairs": ("match",),
    "answer": ("number",),
    "tolerance": ("number",),
    "unit": ("number",),
}


def convert_to_option(option: Any) -> dict[str, Any]:
    """Convert an option, which in an order may be a text alone."""
    return {"text": option} if isinstance(option, str) else dict(option)


def check_options(kind: str, options: list[dict[str, Any]]) -> Wrong:
    right = sum(bool(option.get("right")) for option in options)
    if len(options) < 2:
        yield (), TWO_OPTIONS, {"least": 2}
    elif kind == "one" and right != 1:
        yield ("options",), ONE_RIGHT, {"count": right}
    elif kind == "many" and right in (0, len(options)):
        yield ("options",), SOME_RIGHT, {}
    for at, option in enumerate(options):
        if not option.get("feedback"):
            yield ("options", at), NO_FEEDBACK, {}


def check_tests(gathered: CourseSources) -> Found:
    for folder in gathered.folders:
        test = gathered.of_module(folder, "test")
        known = {question["id"]: question for question in gathered.questions(folder)}
        if test is None or not known:
            continue
        asked, draw = test.plain["questions"], test.plain["draw"]
        critical = test.plain.get("critical") or []
        for at, name in enumerate(asked):
            yield from check_known(test, ("questions", at), NO_QUESTION, name, known)
            if name in known and not can_be_right(known[name]):
                yield test.fault(("questions", at), NOBODY_RIGHT, name=name)
        for at, name in enumerate(critical):
            if name not in asked:
                yield test.fault(("critical", at), NOT_IN_TEST, name=name)
        if draw > len(asked):
            yield test.fault(("draw",), DRAWS_TOO_MANY, draw=draw, count=len(asked))
        elif len(critical) > draw:
            values = {"count": len(critical), "draw": draw}
            yield test.fault(("critical",), TOO_MANY_CRITICAL, **values)


def can_be_right(question: Plain) -> bool:
    options = [convert_to_option(option) for option in question.get("options") or ()]
    return question["kind"] != "decide" or any(
        option.get("right") for option in options
    )


def check_assignments(gathered: CourseSources) -> Found:
    for folder in gathered.folders:
        if source := gathered.of_module(folder, "assignment"):
            rubric = source.plain["rubric"]
            if not any(criterion.get("human") for criterion in rubric):
                yield source.fault(("rubric",), NO_HUMAN)


def check_session_minutes(gathered: CourseSources) -> Found:
    for folder in gathered.folders:
        if source := gathered.of_module(folder, "live"):
            said = source.plain["minutes"]
            taken = sum(step["minutes"] for step in source.plain["steps"])
            if taken != said:
                yield source.fault(("minutes",), OTHER_MINUTES, sum=taken, said=said)


# -- lessons ---------------------------------------------------------------------------


def check_module_lessons(gathered: CourseSources) -> Found:
    for folder in gathered.folders:
        beginning = f"modules/{folder}/{gathered.first}/"
        if not any(name.startswith(beginning) for name in gathered.given):
            yield Fault(f"modules/{folder}", None, NO_LESSONS)


def check_lessons(gathered: CourseSources) -> Found:
    sources = gathered.plain("sources.yaml")
    for lesson in gathered.lessons.values():
        questions = {question["id"] for question in gathered.questions(lesson.folder)}
        for piece in lesson.pieces:
            if piece.kind == "unknown":
                yield lesson.fault(piece.line, UNKNOWN_LINE)
            elif piece.kind == "question" and piece.said not in questions:
                # That file has a fault of its own: reporting each of its questions as
                # unknown would hide it.
                if gathered.misread(f"modules/{lesson.folder}/questions.yaml"):
                    continue
                values = {
                    "name": piece.said,
                    "near": suggest_name(piece.said, questions),
                }
                yield lesson.fault(piece.line, NO_QUESTION, **values)
        if not lesson.blocks:
            yield lesson.fault(lesson.first, EMPTY_LESSON)
        for block in lesson.blocks:
            yield from check_block(gathered, lesson, block)
            for key in block.cites:
                if key not in sources and not gathered.misread("sources.yaml"):
                    values = {"name": key, "near": suggest_name(key, sources)}
                    yield lesson.fault(block.line, NO_SOURCE, **values)


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
    that comes next."""
    for lesson in gathered.lessons.values():
        if (
            get_original_header(gathered, lesson).get("kind", "lesson")
            not in SAYS_FACTS
        ):
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


def get_original_header(gathered: CourseSources, lesson: LessonFile) -> Plain:
    """Get the header of a lesson in the first language, where its kind and minutes
    are."""
    original = gathered.lesson(lesson.folder, gathered.first, lesson.part)
    return (original or lesson).said


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


# -- translations ----------------------------------------------------------------------


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
            if name not in known:
                yield from check_known(source, (name,), NO_QUESTION, name, known)
                continue
            for key in ("options", "pairs"):
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


# -- remarks ---------------------------------------------------------------------------


def suggest_easier_text(gathered: CourseSources) -> Found:
    for lesson, grade in grade_lessons(gathered):
        if AIM < grade <= HARDEST:
            values = {"grade": round(grade), "aim": AIM}
            yield lesson.fault(lesson.first, TOO_HARD, **values)


def check_length(gathered: CourseSources) -> Found:
    for lesson in gathered.lessons.values():
        minutes = lesson.said.get("minutes")
        if lesson.said.get("kind") == "lesson" and minutes and lesson.language == "en":
            words = sum(len(block.words.split()) for block in lesson.blocks)
            least = WORDS_A_MINUTE * minutes
            if words < least:
                values = {"words": words, "minutes": minutes, "least": least}
                yield lesson.fault(lesson.first, TOO_SHORT, **values)


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
    source = gathered.of_module(folder, "questions")
    words = gathered.plain(f"modules/{folder}/{language}/questions.yaml")
    for at, question in enumerate(gathered.questions(folder)):
        if source and question["id"] not in words:
            yield source.fault((at, "id"), NOT_TRANSLATED, language=language)


def check_translation_age(gathered: CourseSources) -> Found:
    for lesson in gathered.lessons.values():
        original = gathered.lesson(lesson.folder, gathered.first, lesson.part)
        if lesson.language == gathered.first or original is None:
            continue
        of = lesson.said.get("translated_from")
        if of is None:
            yield lesson.fault(1, OF_UNKNOWN_AGE, sha256=original.sha256)
        elif of != original.sha256:
            line = lesson.source.line("translated_from")
            yield lesson.fault(line, STALE, sha256=original.sha256)


def check_unused(gathered: CourseSources) -> Found:
    cited = {key for _lesson, key in gathered.cites()}
    shown: set[str] = set()
    asked: set[str] = set()
    for lesson in gathered.lessons.values():
        asked.update(lesson.asked())
        for block in lesson.blocks:
            around = f"modules/{lesson.folder}/"
            shown.update(around + address for address, _ in block.figures)
    for folder in gathered.folders:
        source = gathered.of_module(folder, "questions")
        test = gathered.of_module(folder, "test")
        used = asked | set(test.plain["questions"] if test else ())
        for at, question in enumerate(gathered.questions(folder)):
            cited.add(str(question.get("source")))
            if source and question["id"] not in used:
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
        if other.file.endswith(("questions.yaml", "assignment.yaml"))
    }
    for name, at in map_competencies(gathered).items():
        if source and name not in assessed:
            yield source.fault(("competencies", at), NOT_ASSESSED_ANYWHERE, name=name)


type Look = Callable[[CourseSources], Found]

FAULTS: tuple[Look, ...] = (
    check_modules,
    check_unique_codes,
    check_references,
    check_objective_coverage,
    check_first_language,
    check_languages,
    check_questions,
    check_tests,
    check_assignments,
    check_module_lessons,
    check_lessons,
    check_sources,
    check_readability,
    check_translations,
    check_translated_questions,
)
REMARKS: tuple[Look, ...] = (
    check_session_minutes,
    suggest_easier_text,
    check_length,
    check_completeness,
    check_translation_age,
    check_question_age,
    check_unused,
    check_competency_coverage,
)
