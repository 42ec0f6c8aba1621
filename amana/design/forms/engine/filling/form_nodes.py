"""Nodes of a form, and whether a value is well formed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from amana.design.forms.engine import values
from amana.design.forms.engine.form_model import Item, Question, QuestionGroup, Words
from amana.design.forms.engine.values import convert_to_number

type Place = tuple[int, ...]
"""The number in each repeat around, outermost first."""


type Code = Literal[
    "required",
    "constraint",
    "integer",
    "number",
    "range",
    "date",
    "time",
    "moment",
    "place",
    "too_long",
    "grown",
]


LONGEST = 10_000


LONGEST_TOGETHER = 1_000_000
"""Characters of all calculated answers of one form."""


DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")


INTEGER = re.compile(r"-?[0-9]{1,15}")


DECIMAL = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{1,15})?|\.[0-9]{1,15})")


NUMERIC = frozenset({"integer", "decimal", "range"})


PLACE = re.compile(
    r"-?[0-9]{1,2}(?:\.[0-9]+)? -?[0-9]{1,3}(?:\.[0-9]+)?(?: -?[0-9.]+){0,2}"
)


def build_key(name: str, place: Place = ()) -> str:
    """Build the key of an answer: `age`, or in repeats `age.0`, `age.2.1`."""
    return ".".join([name, *map(str, place)])


@dataclass(frozen=True)
class FormNode:
    """One thing of a form in one repetition."""

    item: Item
    place: Place

    @property
    def key(self) -> str:
        return build_key(self.item.name, self.place)


@dataclass(frozen=True)
class AnswerProblem:
    """Why an answer can't stay as it is."""

    code: Code
    item: Item
    key: str

    @property
    def words(self) -> Words:
        """The author's own sentence, where the form has one."""
        if self.code == "grown" or isinstance(self.item, QuestionGroup):
            return {}
        if self.code == "required":
            return self.item.required_message
        return self.item.constraint_message


def iterate_nodes(
    items: Sequence[Item], place: Place, counts: Mapping[str, int]
) -> Iterator[FormNode]:
    for item in items:
        yield FormNode(item, place)
        if isinstance(item, QuestionGroup):
            if not item.repeats:
                yield from iterate_nodes(item.items, place, counts)
                continue
            for at in range(counts.get(build_key(item.name, place), 0)):
                yield from iterate_nodes(item.items, (*place, at), counts)


def clean_answer(question: Question, given: str) -> str:
    """Clean an answer as people type it: any digits, a comma for the decimals."""
    given = given.replace("\r\n", "\n").strip()
    if question.kind in NUMERIC or question.kind == "geopoint":
        # Arabic and Persian keyboards type their own digits, and a minus sign that is
        # no hyphen.
        given = given.translate(DIGITS).replace("−", "-")
    if question.kind in NUMERIC:
        given = given.replace(",", ".").replace(" ", "")
    return given


def check_format(question: Question, answer: str) -> Code | None:
    match question.kind:
        case "integer":
            return None if INTEGER.fullmatch(answer) else "integer"
        case "decimal":
            return None if DECIMAL.fullmatch(answer) else "number"
        case "range":
            if not DECIMAL.fullmatch(answer):
                return "number"
            low, high = get_bounds(question)
            return None if low <= convert_to_number(answer) <= high else "range"
        case "date":
            day = len(answer) == 10 and values.parse_days(answer) is not None
            return None if day else "date"
        case "time":
            return None if values.parse_minutes(answer) is not None else "time"
        case "dateTime":
            whole = len(answer) > 10 and values.parse_days(answer) is not None
            return None if whole else "moment"
        case "geopoint":
            return None if PLACE.fullmatch(answer) else "place"
    return None


def get_bounds(question: Question) -> tuple[float, float]:
    return (
        convert_to_number(question.parameters.get("start", "0")),
        convert_to_number(question.parameters.get("end", "10")),
    )
