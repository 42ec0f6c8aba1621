"""What the answers of many tell about single questions of a bank, and of no person.

Difficulty is the share of right answers. Discrimination is the corrected point-biserial
correlation: between a right answer to the question, and the share of right answers to
the other questions of the same attempt. Limits as in Tarrant & Ware, Med Educ 42:198
(2008), and BMC Med Educ 24:445 (2024) for dead options."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt

from amana.academy.courses.engine import marking
from amana.academy.courses.engine.course_content import Module, Question
from amana.academy.courses.engine.marking import Given, MarkedTest

LEAST_SHOWN = 30
"""Answers below which nothing is said: an interval of 95 % around 0.2 is ± 0.35."""
LEAST_JUDGED = 100
"""Answers below which no question is called bad."""
EASIEST, HARDEST = 0.95, 0.25
LEAST_TELLING = 0.10
DEAD = 0.05


class ItemFlag(StrEnum):
    """Why a person should read a question again."""

    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    """No better than chance: the key may be wrong."""
    NOT_TELLING = "not_telling"
    """Those who know the rest answer it no better than those who don’t."""
    DEAD_OPTION = "dead_option"
    """Almost no one chooses one of its wrong options."""


@dataclass
class ItemStatistics:
    """How a question was answered."""

    question: str
    right: frozenset[int]
    options: int
    chosen: Counter[int] = field(default_factory=Counter)
    """How often each option was chosen; -1: left out."""
    rest_right: list[float] = field(default_factory=list)
    """The share of right answers to the others, where this one was right."""
    rest_wrong: list[float] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return self.chosen.total()

    @property
    def difficulty(self) -> float:
        """The share of right answers; 0 where it was never asked."""
        return len(self.rest_right) / self.asked if self.asked else 0.0

    @property
    def discrimination(self) -> float | None:
        """From -1 to 1; None where all answered it alike, or all else alike."""
        right, wrong = self.rest_right, self.rest_wrong
        every = [*right, *wrong]
        if not right or not wrong:
            return None
        # By its own formula and not by `statistics.correlation`, which raises an error
        # where all are alike.
        mean = sum(every) / len(every)
        spread = sqrt(sum((rest - mean) ** 2 for rest in every) / len(every))
        if not spread:
            return None
        apart = sum(right) / len(right) - sum(wrong) / len(wrong)
        p = self.difficulty
        return apart / spread * sqrt(p * (1 - p))

    @property
    def dead(self) -> list[int]:
        """The wrong options that almost no one chose."""
        return [
            at
            for at in range(self.options)
            if at not in self.right and self.chosen[at] < DEAD * self.asked
        ]

    @property
    def flags(self) -> list[ItemFlag]:
        if self.asked < LEAST_JUDGED:
            return []
        telling = self.discrimination
        found = {
            ItemFlag.TOO_EASY: self.difficulty > EASIEST,
            ItemFlag.TOO_HARD: self.difficulty < HARDEST,
            ItemFlag.NOT_TELLING: telling is not None and telling < LEAST_TELLING,
            # Of a question that everyone knows, all wrong options are dead.
            ItemFlag.DEAD_OPTION: self.difficulty <= EASIEST and bool(self.dead),
        }
        return [flag for flag, holds in found.items() if holds]


type TakenTest = tuple[str, Mapping[str, Given]]
"""The seed of an attempt, and its answers."""


def compute_items(
    module: Module, taken: Iterable[TakenTest]
) -> dict[str, ItemStatistics]:
    """Compute the statistics of each question of a module’s bank."""
    items = {id: build_item(module.questions[id]) for id in module.test.questions}
    for seed, answers in taken:
        marked = marking.mark_test(module, seed, answers)
        for id in (*marked.right, *marked.wrong):
            count_answer(items[id], answers.get(id), marked)
    return items


def build_item(question: Question) -> ItemStatistics:
    return ItemStatistics(question.id, question.right, question.count)


def count_answer(item: ItemStatistics, given: Given | None, marked: MarkedTest) -> None:
    item.chosen[given[0] if isinstance(given, list) and given else -1] += 1
    is_right = item.question in marked.right
    # Without the question itself, which would always agree with itself.
    rest = (len(marked.right) - is_right) / max(marked.asked - 1, 1)
    (item.rest_right if is_right else item.rest_wrong).append(rest)


def add_items(
    total: dict[str, ItemStatistics], more: Mapping[str, ItemStatistics]
) -> None:
    """Add what was counted of the same questions elsewhere: in another version."""
    for id, item in more.items():
        if id in total:
            total[id].chosen.update(item.chosen)
            total[id].rest_right.extend(item.rest_right)
            total[id].rest_wrong.extend(item.rest_wrong)
