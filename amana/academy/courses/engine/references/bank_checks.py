"""Whether a test can fail somebody: enough questions, and none that can be answered by
who reads nothing."""

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import mean
from typing import Any

from amana.academy.courses.engine import guessing
from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.guessing import GuessedQuestion
from amana.academy.courses.engine.references.course_faults import (
    BANK_TOO_SMALL,
    EASY_TO_GUESS,
    LENGTHS_DIFFER,
    NO_BANK,
    OTHER_ENDINGS,
    SPEAKS_OF_OTHERS,
    TOO_FEW_CRITICAL,
    TOO_MANY_CRITICAL,
    UNLIKE_LENGTHS,
    Found,
)
from amana.academy.courses.engine.translations import name_translation
from amana.yaml_files.yamls import Place, YAMLSource

TIMES = 5
"""How many times as many questions a bank has as are drawn. In three attempts by lot
one then sees half of it; of twice as many nearly all."""
LUCKIEST = 1e-5
"""How probable it may be to pass by chance."""
LONGER, ANYWAY = 1.5, 12
"""How many times as long as the shortest option the longest may be, where they differ
by more than so many characters."""
LEAST_RATIO, MOST_RATIO = 0.85, 1.18
ENOUGH = 40
"""Questions from which on a rule that scores well is no accident."""


def check_banks(gathered: CourseSources) -> Found:
    """Check that each test has a bank from which its questions can be drawn, and that
    no one passes it by luck."""
    for folder in gathered.folders:
        test, bank = gathered.of_module(folder, "test"), gathered.bank(folder)
        if test is None or gathered.misread(f"modules/{folder}/bank.yaml"):
            continue
        if not bank:
            yield test.fault((), NO_BANK)
            continue
        yield from check_size(test, bank)
        yield from check_luck(test, bank)


def check_size(test: YAMLSource, bank: Sequence[Mapping[str, Any]]) -> Found:
    draw, critical = test.plain["draw"], test.plain.get("critical", 0)
    marked = sum(bool(question.get("critical")) for question in bank)
    if len(bank) < TIMES * draw:
        values = {"count": len(bank), "draw": draw, "least": TIMES * draw}
        yield test.fault(("draw",), BANK_TOO_SMALL, **values)
    if critical > draw:
        values = {"count": critical, "draw": draw}
        yield test.fault(("critical",), TOO_MANY_CRITICAL, **values)
    elif marked < TIMES * critical:
        values = {"count": marked, "draw": critical, "least": TIMES * critical}
        yield test.fault(("critical",), TOO_FEW_CRITICAL, **values)


def check_luck(test: YAMLSource, bank: Sequence[Mapping[str, Any]]) -> Found:
    draw, share = test.plain["draw"], test.plain["pass_share"]
    chance = 1 / min(len(question["options"]) for question in bank)
    luck = guessing.compute_luck(draw, math.ceil(draw * share - 1e-9), chance)
    if luck > LUCKIEST:
        yield test.fault(("draw",), EASY_TO_GUESS, tries=round(1 / luck))


def check_cues(gathered: CourseSources) -> Found:
    """Check in each language of a bank that its options don’t give themselves away."""
    for source, language, asked in iterate_guessed(gathered):
        for place, question in asked.items():
            yield from check_options(source, place, question, language)
        yield from check_whole(source, list(asked.values()), language)


type Guessed = dict[Place, GuessedQuestion]


def iterate_guessed(
    gathered: CourseSources,
) -> Iterator[tuple[YAMLSource, str, Guessed]]:
    """Yield each file of a bank, its language, and its questions by their places."""
    for folder in gathered.folders:
        bank = gathered.bank(folder)
        if source := gathered.of_module(folder, "bank"):
            said: Guessed = {
                (at,): guess_from(question, question["options"], question)
                for at, question in enumerate(bank)
                if is_guessable(question)
            }
            yield source, gathered.first, said
        for language in gathered.languages[1:]:
            file = name_translation(f"modules/{folder}/bank.yaml", language)
            if words := gathered.plain(file):
                yield (
                    gathered.sources[file],
                    language,
                    {
                        (question["id"],): guess_from(question, options, said_of)
                        for question in bank
                        if is_guessable(question)
                        and (said_of := words.get(question["id"]))
                        and len(options := said_of["options"])
                        == len(question["options"])
                    },
                )


def is_guessable(question: Mapping[str, Any]) -> bool:
    """Check whether exactly one option is right; the others are reported elsewhere."""
    return sum(bool(option.get("right")) for option in question["options"]) == 1


def guess_from(
    question: Mapping[str, Any], options: Sequence[Any], words: Mapping[str, Any]
) -> GuessedQuestion:
    right = [bool(option.get("right")) for option in question["options"]].index(True)
    texts = (str(o["text"] if isinstance(o, Mapping) else o) for o in options)
    asked = f"{words.get('document', '')} {words['text']}"
    return GuessedQuestion(asked, tuple(texts), right)


def check_options(
    source: YAMLSource, place: Place, question: GuessedQuestion, language: str
) -> Found:
    lengths = [len(option) for option in question.options]
    longest, shortest = max(lengths), min(lengths)
    if longest > LONGER * shortest and longest - shortest > ANYWAY:
        values = {"longest": longest, "shortest": shortest}
        yield source.fault((*place, "options"), UNLIKE_LENGTHS, **values)
    beyond = guessing.read_cue_words().get(language, {}).get("beyond", [])
    for words in beyond:
        if any(words in option.casefold() for option in question.options):
            yield source.fault((*place, "options"), SPEAKS_OF_OTHERS, words=words)


def check_whole(
    source: YAMLSource, asked: Sequence[GuessedQuestion], language: str
) -> Found:
    """Check what shows in a whole bank: in a few questions it would be chance."""
    if len(asked) < ENOUGH:
        return
    ratio = mean(map(compare_lengths, asked))
    if not LEAST_RATIO <= ratio <= MOST_RATIO:
        values = {"ratio": f"{ratio:.2f}", "least": LEAST_RATIO, "most": MOST_RATIO}
        yield source.fault((), LENGTHS_DIFFER, **values)
    for score in guessing.score_rules(asked, guessing.list_rules(language)):
        if score.is_cue:
            yield source.fault(
                (),
                score.rule.sentence,
                right=round(score.right),
                count=len(asked),
                chance=round(score.chance),
                most=math.floor(score.most),
            )


def compare_lengths(asked: GuessedQuestion) -> float:
    """Compare the right option's length with the average of the others."""
    others = [len(o) for at, o in enumerate(asked.options) if at != asked.right]
    return len(asked.options[asked.right]) / mean(others)


def suggest_like_endings(gathered: CourseSources) -> Found:
    for source, _language, asked in iterate_guessed(gathered):
        for place, question in asked.items():
            if (
                len(
                    {option.rstrip("”» ")[-1:] in ".?!؟" for option in question.options}
                )
                > 1
            ):
                yield source.fault((*place, "options"), OTHER_ENDINGS)


def is_sentence(option: str) -> bool:
    """Check whether an option ends as a sentence does."""
    return option.rstrip("”»\N{NO-BREAK SPACE} ").endswith((".", "?", "!", "؟"))
