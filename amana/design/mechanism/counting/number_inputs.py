"""Inputs of numbers, for one thing or for each role and step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import override

from django import forms
from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.forms.inputs import Choices, Offer, Words
from amana.design.mechanism.forms.piece_questions import PieceInput, UnclearAnswer
from amana.design.mechanism.outline import Outline
from amana.design.pathway.plain import Plain

type Branching = list[tuple[str, Words, Choices]]
"""A name, what it is called, and the codes that it may have."""


ALL = 100


def convert_to_per_cent(share: object) -> float | int | None:
    if not isinstance(share, int | float):
        return None
    # Rounded, because 0.07 * 100 is 7.000000000000001, which no one has typed.
    return simplify_number(round(share * ALL, 4))


def simplify_number(number: float) -> float | int:
    """Turn a whole float into an integer: 12, and not 12.0."""
    return int(number) if number == int(number) else number


def build_number_field(
    label: Words, *, most: float, required: bool = False
) -> forms.Field:
    return forms.FloatField(
        label=str(label), required=required, min_value=0, max_value=most
    )


def read_number(answers: Mapping[str, object], at: str) -> float | int | None:
    number = answers.get(at)
    return simplify_number(number) if isinstance(number, int | float) else None


@dataclass(frozen=True)
class NumberInput(PieceInput):
    most: float = 10_000

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        asked = build_number_field(self.label, most=self.most, required=self.required)
        asked.help_text = str(self.hint)
        return {self.name: asked}

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        number = read_number(answers, self.name)
        if number == 0:
            raise UnclearAnswer(
                self.name, _("Enter a number above 0, or leave it blank.")
            )
        return number


@dataclass(frozen=True)
class NumbersInput(PieceInput):
    """One number for each role or each step; empty where there is none."""

    offer: Offer = field(default=lambda seen: [])
    most: float = 10_000
    percent: bool = False

    def _offered(self, seen: Outline, now: object) -> Choices:
        """List what can be chosen, and what the file still holds for steps that are
        gone from the pathway, so that it can be emptied.
        """
        offered = self.offer(seen)
        known = {code for code, _label in offered}
        lost = [code for code in outlines.read_map(now) if code not in known]
        return [
            *offered,
            *((code, labels.format_code_without_words(code)) for code in lost),
        ]

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        most = ALL if self.percent else self.most
        return {
            f"{self.name}_{code}": build_number_field(label, most=most)
            for code, label in self._offered(seen, now)
        }

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        return {
            f"{self.name}_{code}": convert_to_per_cent(number)
            if self.percent
            else number
            for code, number in outlines.read_map(now).items()
        }

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        offered = [code for code, _label in self._offered(seen, now)]
        said = read_numbers(
            self.name, offered, answers, outlines.read_map(now), self.percent
        )
        for code, number in said.items():
            if number == 0 and not self.percent:
                at = f"{self.name}_{code}"
                raise UnclearAnswer(at, _("Enter a number above 0, or leave it blank."))
        if self.required and offered and not said:
            raise UnclearAnswer(
                f"{self.name}_{offered[0]}", _("Enter at least one number.")
            )
        return said or None

    @override
    def legend(self) -> Words:
        return self.label


def read_numbers(
    prefix: str,
    codes: Iterable[str],
    answers: Mapping[str, object],
    now: Plain,
    percent: bool,
) -> dict[str, float | int]:
    """Read what was typed for each code; those already in the file come first, in its
    order.
    """
    said: dict[str, float | int] = {}
    for code in dict.fromkeys([*now, *codes]):
        number = read_number(answers, f"{prefix}_{code}")
        if number is None:
            continue
        if not percent:
            said[code] = number
        # What was shown as rounded and not touched keeps the file's own digits.
        elif number == convert_to_per_cent(now.get(code)):
            said[code] = now[code]
        else:
            said[code] = simplify_number(round(number / ALL, 6))
    return said
