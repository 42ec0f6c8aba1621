"""Whether a test can be failed: enough questions, and none that can be answered without
reading the course."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from statistics import mean
from typing import Any

from amana.academy.courses.engine import guessing
from amana.academy.courses.engine.gathering import CourseSources
from amana.academy.courses.engine.guessing import GuessedQuestion
from amana.academy.courses.engine.marking import count_needed
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
from amana.academy.courses.engine.references.question_checks import convert_to_option
from amana.academy.courses.engine.translations import name_translation
from amana.yaml_files.yamls import Place, YAMLSource

TIMES = 5
"""How many times as many questions a bank has as are drawn. In three attempts by lot
one then sees half of it; of twice as many seven in eight."""
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
    # Of the critical ones as many times: else the same few come in each attempt, and
    # are learned by heart.
    if critical > draw:
        values = {"count": critical, "draw": draw}
        yield test.fault(("critical",), TOO_MANY_CRITICAL, **values)
    elif marked < TIMES * critical:
        values = {"count": marked, "draw": critical, "least": TIMES * critical}
        yield test.fault(("critical",), TOO_FEW_CRITICAL, **values)


def check_luck(test: YAMLSource, bank: Sequence[Mapping[str, Any]]) -> Found:
    draw, share = test.plain["draw"], test.plain["pass_share"]
    # The question with the fewest options decides how far guessing gets: an attempt may
    # consist of such alone.
    chance = 1 / min(len(question["options"]) for question in bank)
    luck = guessing.compute_luck(draw, count_needed(draw, share), chance)
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
        bank = [
            (at, question)
            for at, question in enumerate(gathered.bank(folder))
            if is_guessable(question)
        ]
        if source := gathered.of_module(folder, "bank"):
            yield source, gathered.first, {(at,): guess_from(q, q) for at, q in bank}
        for language in gathered.languages[1:]:
            file = name_translation(f"modules/{folder}/bank.yaml", language)
            if words := gathered.plain(file):
                asked: Guessed = {
                    (question["id"],): guess_from(question, said)
                    for _at, question in bank
                    if (said := words.get(question["id"]))
                    and len(said["options"]) == len(question["options"])
                }
                yield gathered.sources[file], language, asked


def is_guessable(question: Mapping[str, Any]) -> bool:
    """Check whether exactly one option is right; the others are reported elsewhere."""
    return sum(bool(option.get("right")) for option in question["options"]) == 1


def guess_from(
    question: Mapping[str, Any], words: Mapping[str, Any]
) -> GuessedQuestion:
    """Say a question of a bank in the words of one language."""
    right = [bool(option.get("right")) for option in question["options"]].index(True)
    texts = (convert_to_option(option)["text"] for option in words["options"])
    asked = f"{words.get('document', '')} {words['text']}"
    return GuessedQuestion(asked, tuple(texts), right)


def check_options(
    source: YAMLSource, place: Place, question: GuessedQuestion, language: str
) -> Found:
    if unlike := find_unlike_lengths(question.options):
        yield source.fault((*place, "options"), UNLIKE_LENGTHS, **unlike)
    beyond = guessing.read_cue_words().get(language, {}).get("beyond", [])
    for words in beyond:
        if any(words in option.casefold() for option in question.options):
            yield source.fault((*place, "options"), SPEAKS_OF_OTHERS, words=words)


def find_unlike_lengths(options: Collection[str]) -> Mapping[str, int]:
    """Find the lengths of the longest and the shortest option, where they differ so
    much that they give an answer away; empty where they don't."""
    lengths = list(map(len, options))
    longest, shortest = max(lengths, default=0), min(lengths, default=0)
    if longest <= LONGER * shortest or longest - shortest <= ANYWAY:
        return {}
    return {"longest": longest, "shortest": shortest}


def check_whole(
    source: YAMLSource, asked: Sequence[GuessedQuestion], language: str
) -> Found:
    """Check what shows in a whole bank: in a few questions it would be chance."""
    # A bank that is being written has faults enough; this one would come and go.
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
            if len(set(map(is_sentence, question.options))) > 1:
                yield source.fault((*place, "options"), OTHER_ENDINGS)


def is_sentence(option: str) -> bool:
    """Check whether an option ends as a sentence does."""
    return option.rstrip("”»\N{NO-BREAK SPACE} ").endswith((".", "?", "!", "؟"))
