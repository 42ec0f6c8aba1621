"""What someone would score in a bank of questions who reads nothing and follows a rule:
always the longest option, the first one, the one without “always”.

Where such a rule scores above chance, a test measures who is good at tests. The limits
and the flaws are those of the NBME Item-Writing Guide (2020, chapter 3) and of Pham et
al., MedEdPublish 7:225 (2018)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import comb, sqrt
from pathlib import Path

from amana.faults import gettext_noop
from amana.yaml_files.yamls import read_yaml

WORDS = Path(__file__).parent / "cue_words.yaml"
STEM = 5
"""Letters by which two words count as the same: “share” and “sharing”."""
SHORTEST = 4
"""Shorter words are mostly articles and the like."""
SURE = 1.645
"""Standard deviations above chance that are luck in one bank of twenty."""


@dataclass(frozen=True)
class GuessedQuestion:
    """A question as one who guesses sees it, and which option is right."""

    asked: str
    """Its document and its text."""
    options: tuple[str, ...]
    right: int

    @property
    def chance(self) -> float:
        return 1 / len(self.options)


type Rate = Callable[[GuessedQuestion], Sequence[float]]
"""How attractive each option is; those that are most attractive are chosen from by
lot."""


@dataclass(frozen=True)
class GuessingRule:
    """A way to choose an option without knowing anything."""

    sentence: str
    """What is said of a bank in which it scores too well."""
    rate: Rate


@dataclass(frozen=True)
class GuessingScore:
    """What a rule scores in a bank."""

    rule: GuessingRule
    right: float
    """Expected number of right answers."""
    chance: float
    """The same for pure chance."""
    most: float
    """The highest number that can still be luck."""

    @property
    def is_cue(self) -> bool:
        return self.right > self.most


def score_rules(
    questions: Sequence[GuessedQuestion], rules: Iterable[GuessingRule]
) -> list[GuessingScore]:
    """Score rules on a bank; each question has two options or more."""
    # Questions may differ in how many options they have, so each adds its own chance
    # and its own spread (a Poisson binomial distribution).
    chance = sum(question.chance for question in questions)
    spread = sqrt(sum(q.chance * (1 - q.chance) for q in questions))
    return [
        GuessingScore(
            rule,
            sum(guess(question, rule) for question in questions),
            chance,
            chance + SURE * spread,
        )
        for rule in rules
    ]


def guess(question: GuessedQuestion, rule: GuessingRule) -> float:
    """Compute with what probability a rule finds the right option."""
    rated = rule.rate(question)
    # By lot among those that attract most: what such a person scores on average,
    # without the luck of one try.
    chosen = [at for at, value in enumerate(rated) if value == max(rated)]
    return 1 / len(chosen) if question.right in chosen else 0.0


def list_rules(language: str) -> list[GuessingRule]:
    """List the rules for a language: those about words only where its words are
    known."""
    return [*RULES, *build_word_rules(read_cue_words().get(language, {}))]


def build_word_rules(words: Mapping[str, list[str]]) -> list[GuessingRule]:
    if not words:
        return []
    absolute, careful = frozenset(words["absolute"]), frozenset(words["careful"])

    def count(option: str, among: frozenset[str]) -> int:
        return sum(word in among for word in split_words(option))

    return [
        GuessingRule(
            gettext_noop(
                "The option with the fewest words such as “always” is right in "
                "%(right)s of %(count)s questions. By chance it would be "
                "%(chance)s; at most %(most)s is accepted."
            ),
            lambda asked: [-count(option, absolute) for option in asked.options],
        ),
        GuessingRule(
            gettext_noop(
                "The option with the most words such as “may” is right in "
                "%(right)s of %(count)s questions. By chance it would be "
                "%(chance)s; at most %(most)s is accepted."
            ),
            lambda asked: [count(option, careful) for option in asked.options],
        ),
    ]


@cache
def read_cue_words() -> Mapping[str, Mapping[str, list[str]]]:
    found: Mapping[str, Mapping[str, list[str]]]
    found = read_yaml(WORDS.name, WORDS.read_bytes()).plain
    return found


def split_words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def list_stems(text: str) -> frozenset[str]:
    return frozenset(w[:STEM] for w in split_words(text) if len(w) >= SHORTEST)


def rate_length(asked: GuessedQuestion) -> list[float]:
    """Rate the longest option highest."""
    return list(map(len, asked.options))


def rate_brevity(asked: GuessedQuestion) -> list[float]:
    """Rate the shortest option highest."""
    return [-len(option) for option in asked.options]


def rate_place(place: int) -> Rate:
    """Rate the option at a place of the file highest; -1 is the last one."""

    def rate(asked: GuessedQuestion) -> list[float]:
        count = len(asked.options)
        return [float(at == place % count) for at in range(count)]

    return rate


def rate_echo(asked: GuessedQuestion) -> list[float]:
    """Rate the option highest that repeats most words of the question."""
    # Beginnings of words, since an option bends what the question says: “share”,
    # “sharing”, “shared”.
    said = list_stems(asked.asked)
    return [len(list_stems(option) & said) for option in asked.options]


def rate_likeness(asked: GuessedQuestion) -> list[float]:
    """Rate the option highest that shares most words with the others: wrong ones are
    often made by changing the right one."""
    stems = [list_stems(option) for option in asked.options]
    return [
        sum(len(here & there) for at, there in enumerate(stems) if at != place)
        for place, here in enumerate(stems)
    ]


RULES = (
    GuessingRule(
        gettext_noop(
            "The longest option is right in %(right)s of %(count)s "
            "questions. By chance it would be %(chance)s; at most %(most)s "
            "is accepted."
        ),
        rate_length,
    ),
    GuessingRule(
        gettext_noop(
            "The shortest option is right in %(right)s of %(count)s "
            "questions. By chance it would be %(chance)s; at most %(most)s "
            "is accepted."
        ),
        rate_brevity,
    ),
    GuessingRule(
        gettext_noop(
            "The first option in the file is right in %(right)s of "
            "%(count)s questions. By chance it would be %(chance)s; at most "
            "%(most)s is accepted."
        ),
        rate_place(0),
    ),
    GuessingRule(
        gettext_noop(
            "The second option in the file is right in %(right)s of "
            "%(count)s questions. By chance it would be %(chance)s; at most "
            "%(most)s is accepted."
        ),
        rate_place(1),
    ),
    GuessingRule(
        gettext_noop(
            "The third option in the file is right in %(right)s of "
            "%(count)s questions. By chance it would be %(chance)s; at most "
            "%(most)s is accepted."
        ),
        rate_place(2),
    ),
    GuessingRule(
        gettext_noop(
            "The last option in the file is right in %(right)s of %(count)s "
            "questions. By chance it would be %(chance)s; at most %(most)s "
            "is accepted."
        ),
        rate_place(-1),
    ),
    GuessingRule(
        gettext_noop(
            "The option that repeats most words of the question is right in "
            "%(right)s of %(count)s questions. By chance it would be "
            "%(chance)s; at most %(most)s is accepted."
        ),
        rate_echo,
    ),
    GuessingRule(
        gettext_noop(
            "The option that is most like the others is right in %(right)s "
            "of %(count)s questions. By chance it would be %(chance)s; at "
            "most %(most)s is accepted."
        ),
        rate_likeness,
    ),
    GuessingRule(
        gettext_noop(
            "The option with most numbers is right in %(right)s of "
            "%(count)s questions. By chance it would be %(chance)s; at most "
            "%(most)s is accepted."
        ),
        lambda asked: [len(re.findall(r"\d+", option)) for option in asked.options],
    ),
)


def compute_luck(asked: int, needed: int, chance: float) -> float:
    """Compute how probable it is to get so many of those asked right by pure chance
    (binomial)."""
    return sum(
        comb(asked, right) * chance**right * (1 - chance) ** (asked - right)
        for right in range(needed, asked + 1)
    )
