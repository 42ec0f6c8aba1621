"""Which passages answer a question best: Okapi BM25 over a few hundred of them.

A word of the question that no passage has is read as the nearest one that some passage
has, if only a letter or two differ. A passage that has too little of the question is no
answer: better none than a wrong one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from amana.academy.cohorts.engine.word_stems import extract_words

SATURATION, LENGTH = 1.5, 0.75
"""k1 and b: the usual values, which do well on short texts (Robertson 2009)."""
IN_TITLE = 3
"""The weight of words in a title, which grows with the share of it that was asked."""
ENOUGH = 0.4
"""The share of the question's weight that an answer has to contain."""
LONG_ENOUGH_TO_CORRECT = 5


@dataclass(frozen=True)
class HelpPassage:
    title: str
    text: str
    weight: float = 1.0
    """More for what was written as an answer."""
    page: str = ""
    """The title of the page that contains it."""


class HelpIndex:
    """Passages in one language, ready to be searched."""

    def __init__(self, passages: Sequence[HelpPassage], language: str) -> None:
        self.passages, self.language = passages, language
        self.titles = [
            set(extract_words(passage.title, language)) for passage in passages
        ]
        self.counts = [
            Counter([*title, *extract_words(passage.text, language)])
            for passage, title in zip(passages, self.titles, strict=True)
        ]
        self.lengths = [count.total() for count in self.counts]

    @cached_property
    def average(self) -> float:
        return sum(self.lengths) / max(1, len(self.lengths)) or 1

    @cached_property
    def in_how_many(self) -> Counter[str]:
        return Counter(word for count in self.counts for word in count)

    def best(self, question: str, most: int = 5) -> list[HelpPassage]:
        """Find the passages that answer, the best one first; none if none does."""
        asked = {self.known(word) for word in extract_words(question, self.language)}
        whole = sum(map(self.rareness, asked))
        # The position breaks ties in favour of the passage that the authors placed
        # first.
        scored = [
            (self.score(at, asked) * passage.weight, -at)
            for at, passage in enumerate(self.passages)
            if whole and self.covered(at, asked) >= ENOUGH * whole
        ]
        return [
            self.passages[-at] for _score, at in sorted(scored, reverse=True)[:most]
        ]

    def known(self, word: str) -> str:
        # A short word has too many neighbours: corrected, it would become another word.
        if word in self.in_how_many or len(word) < LONG_ENOUGH_TO_CORRECT:
            return word
        near = process.extractOne(
            word,
            self.in_how_many.keys(),
            scorer=DamerauLevenshtein.distance,
            score_cutoff=1 + (len(word) > 2 * LONG_ENOUGH_TO_CORRECT - 3),
        )
        return near[0] if near else word

    def rareness(self, word: str) -> float:
        """Weigh a word by its rareness (the idf of BM25): the fewer passages have it,
        the more."""
        have = self.in_how_many[word]
        return log(1 + (len(self.passages) - have + 0.5) / (have + 0.5))

    def covered(self, at: int, asked: set[str]) -> float:
        return sum(self.rareness(word) for word in asked if self.counts[at][word])

    def score(self, at: int, asked: set[str]) -> float:
        long = 1 - LENGTH + LENGTH * self.lengths[at] / self.average
        in_text = sum(
            self.rareness(word) * many * (SATURATION + 1) / (many + SATURATION * long)
            for word in asked
            if (many := self.counts[at][word])
        )
        return in_text + IN_TITLE * self.in_title(at, asked)

    def in_title(self, at: int, asked: set[str]) -> float:
        whole = sum(map(self.rareness, self.titles[at]))
        said = sum(map(self.rareness, self.titles[at] & asked))
        # Once for the share of the title, once for the weight: a long title that shares
        # one word must not beat a short one that is the question.
        return said * said / whole if whole else 0
