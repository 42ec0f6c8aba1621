"""Choose which questions a test asks, decide whether an answer is right, and mark a
test.

An answer is a list of whole numbers, the places of what was chosen: one for a question
of one option, several for many, all in their order for an order, and for each left side
of a match the place of its right side. For a number it is the number as it was typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from amana.academy.courses.engine.course_content import (
    Lesson,
    Module,
    ModuleTest,
    Question,
)

type Given = list[int] | str


def is_answer(question: Question, given: object) -> bool:
    """Check whether it can be an answer to this question at all."""
    if question.kind == "number":
        return isinstance(given, str) and parse_number(given) is not None
    if not isinstance(given, list) or not given:
        return False
    # The type itself: True is an int too, and would be stored as another answer.
    if not all(type(at) is int and 0 <= at < question.count for at in given):
        return False
    if question.kind in ("one", "decide"):
        return len(given) == 1
    if question.kind == "many":
        return len(set(given)) == len(given)
    return len(given) == question.count


LONGEST = 15
"""Digits before the decimals that an answer may have: beyond, it is a slip."""


def parse_number(typed: str) -> Decimal | None:
    """Parse a number with a comma or a point before the decimals."""
    try:
        found = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found.adjusted() < LONGEST else None


def is_right(question: Question, given: Given) -> bool:
    if isinstance(given, str):
        typed = parse_number(given)
        if typed is None or question.answer is None:
            return False
        away = abs(typed - Decimal(str(question.answer)))
        return away <= Decimal(str(question.tolerance))
    if question.kind in ("order", "match"):
        return given == list(range(question.count))
    if question.kind == "many":
        return frozenset(given) == question.right
    return given[0] in question.right


# -- tests -----------------------------------------------------------------------------


def shuffle_by_seed(things: Iterable[str], seed: str) -> list[str]:
    """Shuffle into an order that looks like chance and is the same each time for a
    seed."""
    # By a hash and not by `random`, whose order may change with a version of Python: a
    # test has to be marked in ten years as it was taken (ADR 12).
    return sorted(things, key=lambda one: sha256(f"{seed} {one}".encode()).digest())


def choose_questions(test: ModuleTest, seed: str) -> list[str]:
    """Choose the questions of one attempt at random: so many critical ones, and the
    rest of the others."""
    others = [question for question in test.questions if question not in test.critical]
    critical = shuffle_by_seed(test.critical, seed)[: test.critical_draw]
    by_lot = shuffle_by_seed(others, seed)[: test.draw - len(critical)]
    return shuffle_by_seed([*critical, *by_lot], f"{seed} order")


@dataclass(frozen=True)
class MarkedTest:
    """What an attempt came to."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    critical: tuple[str, ...]
    """Those of the wrong ones that have to be right."""
    needed: int
    """How many have to be right."""

    @property
    def asked(self) -> int:
        return len(self.right) + len(self.wrong)

    @property
    def passed(self) -> bool:
        return len(self.right) >= self.needed and not self.critical


def list_lessons_again(module: Module, marked: MarkedTest) -> list[Lesson]:
    """List the lessons that teach what was answered wrong: where none names the
    competency, those with the objective."""
    # By what they teach, and never by question: three attempts would show the bank.
    wrong = [module.questions[id] for id in marked.wrong]
    competencies = {question.competency for question in wrong}
    taught = [it for it in module.lessons if competencies & set(it.competencies)]
    objectives = {name for question in wrong for name in question.objectives}
    return taught or [it for it in module.lessons if objectives & set(it.objectives)]


def mark_test(module: Module, seed: str, answers: Mapping[str, Given]) -> MarkedTest:
    asked = choose_questions(module.test, seed)
    right = tuple(
        id
        for id in asked
        if is_answer(module.questions[id], answers.get(id))
        and is_right(module.questions[id], answers[id])
    )
    wrong = tuple(id for id in asked if id not in right)
    return MarkedTest(
        right=right,
        wrong=wrong,
        critical=tuple(id for id in wrong if id in module.test.critical),
        needed=count_needed(len(asked), module.test.pass_share),
    )


def count_needed(asked: int, pass_share: float) -> int:
    """Count how many of those asked have to be right."""
    # In decimals: as a float, 0.55 of 20 is a little more than 11, and 12 would be
    # needed.
    share = Decimal(str(pass_share)) * asked
    return int(share.to_integral_value(rounding="ROUND_CEILING"))
