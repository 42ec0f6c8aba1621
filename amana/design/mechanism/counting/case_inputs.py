"""Inputs of shares, list lengths and places."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import override

from django import forms
from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.counting.number_inputs import (
    ALL,
    Branching,
    build_number_field,
    convert_to_per_cent,
    read_number,
    read_numbers,
    simplify_number,
)
from amana.design.mechanism.forms.choices import list_hand_step_choices
from amana.design.mechanism.forms.inputs import EMPTY, Choices, Offer, Words
from amana.design.mechanism.forms.piece_questions import PieceInput, UnclearAnswer
from amana.design.mechanism.outline import Outline


@dataclass(frozen=True)
class SharesInput(PieceInput):
    """For each name, how often it is each of its codes: together all of them."""

    among: Callable[[Outline], Branching] = field(default=lambda seen: [])
    some_left: bool = False
    """What is left to a hundred happens too: nothing is heard."""

    def _names(self, seen: Outline, now: object) -> Branching:
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
    def _codes(offered: Choices, now: object) -> Choices:
        known = {code for code, _label in offered}
        lost = [code for code in outlines.read_map(now) if code not in known]
        return [*offered, *((code, labels.format_code(code)) for code in lost)]

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        return {
            f"{self.name}_{name}_{code}": build_number_field(
                str(label) if self.some_left else f"{called} · {label}", most=ALL
            )
            for name, called, codes in self._names(seen, now)
            for code, label in codes
        }

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        return {
            f"{self.name}_{name}_{code}": convert_to_per_cent(share)
            for name, shares in outlines.read_map(now).items()
            for code, share in outlines.read_map(shares).items()
        }

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
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

    def _lengths(self, now: object) -> Choices:
        longest = max(
            (len(outline) for outline in outlines.read_map(now).values()), default=0
        )
        return [(str(n), str(n)) for n in range(max(self.most, longest))]

    def _shares(self, seen: Outline, now: object) -> SharesInput:
        lengths = self._lengths(now)
        lists = self.offer(seen)
        named: Branching = [(name, called, lengths) for name, called in lists]
        return SharesInput(self.name, self.label, among=lambda _seen: named)

    @staticmethod
    def _by_length(now: object) -> dict[str, dict[str, object]]:
        return {
            name: {str(n): share for n, share in enumerate(outlines.read_list(shares))}
            for name, shares in outlines.read_map(now).items()
        }

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        return self._shares(seen, now).inputs(seen, self._by_length(now))

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        return self._shares(seen, now).shown(seen, self._by_length(now))

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
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

    def _rows(self, now: object) -> int:
        return len(outlines.read_map(now)) + self.spare

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
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
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        said: dict[str, object] = {}
        for number, (step, place) in enumerate(outlines.read_map(now).items(), start=1):
            said[f"{self.name}_{number}_step"] = step
            said[f"{self.name}_{number}_places"] = outlines.read_map(place).get(
                "places"
            )
            said[f"{self.name}_{number}_days"] = outlines.read_map(place).get("days")
        return said

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
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
