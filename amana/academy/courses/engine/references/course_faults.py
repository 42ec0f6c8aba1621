"""The sentences of all faults and remarks, and what the checks share."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from amana.academy.courses.engine.gathering import CourseSources
from amana.faults import Fault, check_unique, gettext_noop
from amana.yaml_files.yamls import Place, YAMLSource

NO_MODULE = gettext_noop("There is no folder modules/%(name)s with a module.yaml.")
NOT_NAMED = gettext_noop("course.yaml does not name this module.")
CHECK_TWICE = gettext_noop("The check “%(name)s” is named twice.")
CODE_TWICE = gettext_noop("“%(name)s” is used as a code more than once.")
NO_OBJECTIVE = gettext_noop("There is no objective “%(name)s”.")
NO_COMPETENCY = gettext_noop("There is no competency “%(name)s”.")
NO_SOURCE = gettext_noop("There is no source “%(name)s” in sources.yaml.")
OPENED_LATER = gettext_noop(
    "“%(name)s” can’t have been opened on %(day)s: that day is in the future."
)
NO_QUESTION = gettext_noop("There is no question “%(name)s” in this module.")
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
NO_BANK = gettext_noop(
    "This module has a test and no bank.yaml with the questions that it draws."
)
BANK_TOO_SMALL = gettext_noop(
    "The bank has %(count)s questions. A test that draws %(draw)s needs at least "
    "%(least)s: those who take it again would get most of the same."
)
TOO_FEW_CRITICAL = gettext_noop(
    "The bank has %(count)s critical questions. A test that draws %(draw)s of them "
    "needs at least %(least)s."
)
TOO_MANY_CRITICAL = gettext_noop(
    "%(count)s critical questions can’t be asked in a test that draws %(draw)s."
)
EASY_TO_GUESS = gettext_noop(
    "One in %(tries)s passes this test by luck alone. Draw more questions, or ask for "
    "a larger share of right answers."
)
UNLIKE_LENGTHS = gettext_noop(
    "The longest option has %(longest)s characters and the shortest %(shortest)s: the "
    "length gives away which one is right. At most half as long again is accepted."
)
LENGTHS_DIFFER = gettext_noop(
    "On average the right options are %(ratio)s times as long as the wrong ones. "
    "From %(least)s to %(most)s is accepted."
)
SPEAKS_OF_OTHERS = gettext_noop(
    "“%(words)s” speaks of other options. Write what is meant."
)
COLUMNS_OF_SPACES = gettext_noop(
    "Columns made of spaces or tabs are lost on a page. Write a table with “|”, or a "
    "line for each row."
)
OTHER_ENDINGS = gettext_noop("Some options end with a full stop and others don’t.")
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
OTHER_SOURCES = gettext_noop(
    "This translation cites other sources than the original lesson. Only here: "
    "%(here)s. Only in the original: %(there)s."
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


def check_unique_codes(
    source: YAMLSource, listed: Iterable[Mapping[str, Any]], place: Place = ()
) -> Found:
    """Check that no two in a list have the same code."""
    codes = [((*place, at, "code"), entry["code"]) for at, entry in enumerate(listed)]
    yield from check_unique(source, codes, CODE_TWICE)


def iterate_texts(
    gathered: CourseSources,
) -> Iterator[tuple[YAMLSource, Place, Mapping[str, str]]]:
    """Yield each text that is given by language."""
    for source in gathered.sources.values():
        if not source.file.endswith(("questions.yaml", "bank.yaml")):
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


def is_text(plain: Mapping[str, object], languages: Collection[str]) -> bool:
    return all(key in languages for key in plain)
