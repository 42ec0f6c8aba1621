"""Questions about numbers: how many people come, who is there to help, how often what
happens. For `capacity.yaml`, with which a mechanism is tried before people wait.

Shares stand in the file from 0 to 1; people read and write them in per cent.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, override

from django import forms
from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.forms import (
    EMPTY,
    Choices,
    Offer,
    PieceInput,
    UnclearAnswer,
    Words,
    list_hand_step_choices,
)
from amana.design.mechanism.outline import Outline

type Branching = list[tuple[str, Words, Choices]]
"""A name, what it is called, and the codes that it may have."""

ALL = 100


def convert_to_per_cent(share: Any) -> float | int | None:
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


def read_number(answers: Mapping[str, Any], at: str) -> float | int | None:
    number = answers.get(at)
    return simplify_number(number) if isinstance(number, int | float) else None


@dataclass(frozen=True)
class NumberInput(PieceInput):
    most: float = 10_000

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        asked = build_number_field(self.label, most=self.most, required=self.required)
        asked.help_text = str(self.hint)
        return {self.name: asked}

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
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

    def _offered(self, seen: Outline, now: Any) -> Choices:
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
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        most = ALL if self.percent else self.most
        return {
            f"{self.name}_{code}": build_number_field(label, most=most)
            for code, label in self._offered(seen, now)
        }

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        return {
            f"{self.name}_{code}": convert_to_per_cent(number)
            if self.percent
            else number
            for code, number in outlines.read_map(now).items()
        }

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
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
    answers: Mapping[str, Any],
    now: Mapping[str, Any],
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


@dataclass(frozen=True)
class SharesInput(PieceInput):
    """For each name, how often it is each of its codes: together all of them."""

    among: Callable[[Outline], Branching] = field(default=lambda seen: [])
    some_left: bool = False
    """What is left to a hundred happens too: nothing is heard."""

    def _names(self, seen: Outline, now: Any) -> Branching:
        known = [
            (name, called, self._codes(codes, outlines.read_map(now).get(name)))
            for name, called, codes in self.among(seen)
        ]
        lost = outlines.read_map(now).keys() - {name for name, _called, _codes in known}
        gone: Branching = [
            (
                name,
                labels.format_code_without_words(name),
                self._codes([], outlines.read_map(now)[name]),
            )
            for name in sorted(lost)
        ]
        return known + gone

    @staticmethod
    def _codes(offered: Choices, now: Any) -> Choices:
        known = {code for code, _label in offered}
        lost = [code for code in outlines.read_map(now) if code not in known]
        return [*offered, *((code, labels.format_code(code)) for code in lost)]

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        return {
            f"{self.name}_{name}_{code}": build_number_field(
                str(label) if self.some_left else f"{called} · {label}", most=ALL
            )
            for name, called, codes in self._names(seen, now)
            for code, label in codes
        }

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        return {
            f"{self.name}_{name}_{code}": convert_to_per_cent(share)
            for name, shares in outlines.read_map(now).items()
            for code, share in outlines.read_map(shares).items()
        }

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        said: dict[str, dict[str, float | int]] = {}
        for name, called, codes in self._names(seen, now):
            before = outlines.read_map(outlines.read_map(now).get(name))
            at = f"{self.name}_{name}"
            offered = [code for code, _label in codes]
            shares = read_numbers(at, offered, answers, before, percent=True)
            if not shares:
                continue
            self._are_whole(f"{at}_{offered[0]}", called, shares.values())
            said[name] = shares
        order = dict.fromkeys([*outlines.read_map(now), *said])
        return {name: said[name] for name in order if name in said} or None

    def _are_whole(self, at: str, called: Words, shares: Iterable[float | int]) -> None:
        together = simplify_number(round(sum(shares) * ALL, 2))
        values = {"name": called, "sum": together}
        # A pathway may wait for a message that never comes; then less than 100 is
        # right. More than 100 is a mistake in any case.
        if together > ALL or (together < ALL and not self.some_left):
            sentence = (
                _("“%(name)s” must add up to at most 100. It adds up to %(sum)s.")
                if self.some_left
                else _("“%(name)s” must add up to 100. It adds up to %(sum)s.")
            )
            raise UnclearAnswer(at, sentence % values)

    @override
    def legend(self) -> Words:
        return self.label


@dataclass(frozen=True)
class ListLengthInput(PieceInput):
    """For each list that a step gives: how often it has none, one, two, and so on."""

    offer: Offer = field(default=lambda seen: [])
    most: int = 6

    def _lengths(self, now: Any) -> Choices:
        longest = max(
            (len(outline) for outline in outlines.read_map(now).values()), default=0
        )
        return [(str(n), str(n)) for n in range(max(self.most, longest))]

    def _shares(self, seen: Outline, now: Any) -> SharesInput:
        lengths = self._lengths(now)
        lists = self.offer(seen)
        named: Branching = [(name, called, lengths) for name, called in lists]
        return SharesInput(self.name, self.label, among=lambda _seen: named)

    @staticmethod
    def _by_length(now: Any) -> dict[str, dict[str, Any]]:
        return {
            name: {str(n): share for n, share in enumerate(outlines.read_list(shares))}
            for name, shares in outlines.read_map(now).items()
        }

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        return self._shares(seen, now).inputs(seen, self._by_length(now))

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        return self._shares(seen, now).shown(seen, self._by_length(now))

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        said = self._shares(seen, now).said(answers, seen, self._by_length(now))
        found = {
            # The position in the list is the number of items, so lengths that were left
            # empty count as 0.
            name: [shares.get(str(n), 0) for n in range(1 + max(map(int, shares)))]
            for name, shares in outlines.read_map(said).items()
        }
        return found or None

    @override
    def legend(self) -> Words:
        return self.label


@dataclass(frozen=True)
class PlacesInput(PieceInput):
    """Steps that take up a bed or a seat: how many there are, and for how long."""

    spare: int = 2

    def _rows(self, now: Any) -> int:
        return len(outlines.read_map(now)) + self.spare

    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        asked: dict[str, forms.Field] = {}
        offered = list_hand_step_choices(seen)
        known = {code for code, _label in offered}
        lost: Choices = [
            (code, labels.format_code_without_words(code))
            for code in outlines.read_map(now)
            if code not in known
        ]
        for number in range(1, self._rows(now) + 1):
            asked[f"{self.name}_{number}_step"] = forms.ChoiceField(
                label=_("%(number)s. Step") % {"number": number},
                required=False,
                choices=EMPTY + offered + lost,
            )
            asked[f"{self.name}_{number}_places"] = forms.IntegerField(
                label=_("Places"), required=False, min_value=1, max_value=100_000
            )
            asked[f"{self.name}_{number}_days"] = build_number_field(
                _("Length of stay in days"), most=10_000
            )
        return asked

    @override
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for number, (step, place) in enumerate(outlines.read_map(now).items(), start=1):
            said[f"{self.name}_{number}_step"] = step
            said[f"{self.name}_{number}_places"] = outlines.read_map(place).get(
                "places"
            )
            said[f"{self.name}_{number}_days"] = outlines.read_map(place).get("days")
        return said

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        said: dict[str, dict[str, float | int]] = {}
        for number in range(1, self._rows(now) + 1):
            at = f"{self.name}_{number}_step"
            step = str(answers.get(at) or "")
            places = read_number(answers, f"{self.name}_{number}_places")
            days = read_number(answers, f"{self.name}_{number}_days")
            if not (step or places or days):
                continue
            if not (step and places and days):
                raise UnclearAnswer(
                    at,
                    _("Enter the step, the number of places and the length of stay."),
                )
            if step in said:
                raise UnclearAnswer(at, _("This step is listed twice."))
            said[step] = {"places": places, "days": days}
        return said or None

    @override
    def legend(self) -> Words:
        return self.label


# --- of what


def list_given_codes(seen: Outline) -> Branching:
    """List what steps leave behind, by its codes; what a table decides is not left to
    chance.
    """
    found: dict[str, list[str]] = {}
    for step in seen.steps.values():
        for name, codes in step.gives.items():
            if step.kind != "decide" and outlines.is_codes(codes):
                listed = found.setdefault(name, [])
                listed += [str(code) for code in codes if str(code) not in listed]
    return build_branching(found)


def list_starting_codes(seen: Outline) -> Branching:
    return build_branching(
        {
            name: [str(code) for code in codes]
            for name, codes in seen.starts_with.items()
            if outlines.is_codes(codes)
        }
    )


def build_branching(found: Mapping[str, Iterable[str]]) -> Branching:
    return [
        (
            name,
            labels.format_name(name),
            [(code, labels.format_code(code)) for code in codes],
        )
        for name, codes in found.items()
    ]


def list_awaited_messages(seen: Outline) -> Branching:
    return [
        (step.id, labels.format_step_title(seen, step.id), heard)
        for step in seen.steps.values()
        if step.kind == "wait"
        if (heard := list_messages(step.leads))
    ]


def list_messages(leads: Iterable[outlines.OutlineBranch]) -> Choices:
    messages = dict.fromkeys(lead.message for lead in leads if lead.message)
    return [(message, labels.format_message(message)) for message in messages]


def list_interrupts(seen: Outline) -> Choices:
    return [
        (key, labels.format_message(str(interrupt.get("on", key))))
        for key, interrupt in seen.interrupts.items()
    ]
