"""Questions about clocks, outputs, branches and signals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import override

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.forms.choices import list_step_choices
from amana.design.mechanism.forms.inputs import (
    EMPTY,
    Choices,
    CodeListField,
    SpanField,
    Words,
    parse_code,
)
from amana.design.mechanism.forms.piece_questions import PieceInput, UnclearAnswer
from amana.design.mechanism.outline import Outline
from amana.design.pathway.conditions.condition import NotACondition
from amana.design.pathway.conditions.condition_parser import read_condition


@dataclass(frozen=True)
class ClockInput(PieceInput):
    """A clock: one length for all, or one by urgency."""

    by_urgency: bool = True

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        alone = not self.by_urgency
        asked: dict[str, forms.Field] = {
            self.name: SpanField(
                label=str(self.label) if alone else _("The same for all"),
                help_text=str(self.hint) if alone else "",
                required=self.required and alone,
            )
        }
        if self.by_urgency:
            for urgency, label in labels.URGENCY.items():
                asked[f"{self.name}_{urgency}"] = SpanField(
                    label=str(label), required=False
                )
        return asked

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        clocks = outlines.read_clocks(now)
        return {
            f"{self.name}_{urgency}" if urgency else self.name: written
            for urgency, written in clocks.items()
        }

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        by_urgency = {
            urgency: answers[f"{self.name}_{urgency}"]
            for urgency in outlines.URGENCIES
            if answers.get(f"{self.name}_{urgency}")
        }
        # `by_urgency or alone` would hide which of two contradicting answers won, so
        # both together are refused.
        alone = answers.get(self.name)
        if alone and by_urgency:
            raise UnclearAnswer(
                self.name,
                _("Enter one time for all or one for each urgency, not both."),
            )
        # A clock needs a time for whatever urgency a case has; one that is missing
        # would leave those cases without a deadline.
        if by_urgency and len(by_urgency) < len(outlines.URGENCIES):
            raise UnclearAnswer(
                self.name, _("Enter a time for each urgency, or one time for all.")
            )
        return by_urgency or alone or None

    @override
    def legend(self) -> Words:
        return self.label if self.by_urgency else ""


@dataclass(frozen=True)
class OutputsInput(PieceInput):
    """Names, each with the codes that it may be: what a step leaves behind."""

    spare: int = 2

    def _count(self, now: object) -> int:
        return len(outlines.read_map(now)) + self.spare

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        asked: dict[str, forms.Field] = {}
        for number in range(1, self._count(now) + 1):
            asked[f"{self.name}_{number}_asked"] = forms.CharField(
                label=_("What is noted (%(number)s)") % {"number": number},
                required=False,
                max_length=60,
            )
            asked[f"{self.name}_{number}_codes"] = CodeListField(
                label=_("Possible values"),
                required=False,
                help_text=_("For example: yes, no, unsure. Or: list"),
            )
        return asked

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        said: dict[str, object] = {}
        for number, (name, codes) in enumerate(outlines.read_map(now).items(), start=1):
            said[f"{self.name}_{number}_asked"] = name
            said[f"{self.name}_{number}_codes"] = [
                str(outline) for outline in outlines.read_list(codes)
            ]
        return said

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        said: dict[str, object] = {}
        for number in range(1, self._count(now) + 1):
            at = f"{self.name}_{number}_asked"
            name = str(answers.get(at) or "").strip()
            codes = answers.get(f"{self.name}_{number}_codes") or []
            if not name and not codes:
                continue
            if not name or not codes:
                raise UnclearAnswer(
                    at, _("Enter what is noted, and its possible values.")
                )
            said[parse_code_of_input(at, name)] = "list" if codes == ["list"] else codes
        return said or None

    @override
    def legend(self) -> Words:
        return self.label


def parse_code_of_input(at: str, said: str) -> str:
    try:
        return parse_code(said).lower()
    except ValidationError as error:
        raise UnclearAnswer(at, " ".join(error.messages)) from error


@dataclass(frozen=True)
class BranchesInput(PieceInput):
    """Where it goes: by a condition, and otherwise."""

    spare: int = 2

    def _rows(self, now: object) -> list[dict[str, object]]:
        return [outlines.read_map(row) for row in outlines.read_list(now)]

    def _asked(self, now: object) -> list[dict[str, object]]:
        return [row for row in self._rows(now) if not row.get("else")]

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        rows = self._asked(now)
        asked: dict[str, forms.Field] = {}
        for number in range(1, len(rows) + self.spare + 1):
            written = str(rows[number - 1].get("if", "")) if number <= len(rows) else ""
            asked[f"{self.name}_{number}_if"] = forms.ChoiceField(
                label=_("%(number)s. If") % {"number": number},
                required=False,
                choices=EMPTY + list_condition_choices(seen, written),
            )
            asked[f"{self.name}_{number}_written"] = forms.CharField(
                label=_("or write the condition"),
                required=False,
                max_length=500,
                widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
            )
            asked[f"{self.name}_{number}_next"] = forms.ChoiceField(
                label=_("it leads to"),
                required=False,
                choices=EMPTY + list_step_choices(seen),
            )
        asked[f"{self.name}_otherwise"] = forms.ChoiceField(
            label=_("Otherwise it leads to"), choices=EMPTY + list_step_choices(seen)
        )
        return asked

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        said: dict[str, object] = {}
        for number, row in enumerate(self._asked(now), start=1):
            said[f"{self.name}_{number}_if"] = row.get("if", "")
            said[f"{self.name}_{number}_next"] = row.get("next", "")
        for row in self._rows(now):
            if row.get("else"):
                said[f"{self.name}_otherwise"] = row.get("next", "")
        return said

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        rows: list[dict[str, object]] = []
        for number in range(1, len(self._asked(now)) + self.spare + 1):
            at = f"{self.name}_{number}_if"
            written = str(answers.get(f"{self.name}_{number}_written") or "").strip()
            when = written or answers.get(at)
            to = answers.get(f"{self.name}_{number}_next")
            if not when and not to:
                continue
            if not when or not to:
                raise UnclearAnswer(at, _("Enter the condition, and where it leads."))
            # The condition is parsed, never executed (ADR 10), and a fault is shown
            # at the input in which it was typed.
            if written:
                check_condition(f"{self.name}_{number}_written", written)
            rows.append({"if": when, "next": to})
        if not rows:
            raise UnclearAnswer(f"{self.name}_1_if", _("Enter at least one condition."))
        return [*rows, {"else": True, "next": answers[f"{self.name}_otherwise"]}]

    @override
    def legend(self) -> Words:
        return self.label


def check_condition(at: str, written: str) -> None:
    try:
        read_condition(written)
    except NotACondition as error:
        said = _(error.sentence) % error.values
        raise UnclearAnswer(at, said) from error


def list_condition_choices(seen: Outline, written: str) -> Choices:
    """List a condition for each name and code that there is, and the one in the
    file."""
    offered: Choices = []
    for name, codes in seen.known().items():
        for code in codes:
            condition = f'{name} == "{code}"'
            offered.append((condition, labels.format_condition(condition)))
    # A condition that was written by hand need not be among those offered.
    if written and written not in {code for code, _label in offered}:
        offered.insert(0, (written, labels.format_condition(written)))
    return offered


@dataclass(frozen=True)
class SignalsInput(PieceInput):
    """What is waited for: messages, and how long at most."""

    spare: int = 1

    def _split(self, now: object) -> tuple[list[dict[str, object]], dict[str, object]]:
        rows = [outlines.read_map(row) for row in outlines.read_list(now)]
        heard = [row for row in rows if "message" in row]
        late = next((row for row in rows if "after" in row), {})
        return heard, late

    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        heard, late = self._split(now)
        asked: dict[str, forms.Field] = {}
        for number in range(1, len(heard) + self.spare + 1):
            asked[f"{self.name}_{number}_message"] = forms.CharField(
                label=_("%(number)s. When this happens") % {"number": number},
                required=False,
                max_length=60,
            )
            asked[f"{self.name}_{number}_next"] = forms.ChoiceField(
                label=_("it leads to"),
                required=False,
                choices=EMPTY + list_step_choices(seen),
            )
        # A time that differs by urgency has no input here; it stays as it is in the
        # file.
        if not isinstance(late.get("after"), Mapping):
            asked[f"{self.name}_after"] = SpanField(
                label=_("If nothing happens within"), required=False
            )
        asked[f"{self.name}_after_next"] = forms.ChoiceField(
            label=_("then it leads to"),
            required=False,
            choices=EMPTY + list_step_choices(seen),
        )
        return asked

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        heard, late = self._split(now)
        said: dict[str, object] = {
            f"{self.name}_after": late.get("after"),
            f"{self.name}_after_next": late.get("next"),
        }
        for number, row in enumerate(heard, start=1):
            said[f"{self.name}_{number}_message"] = row.get("message")
            said[f"{self.name}_{number}_next"] = row.get("next")
        return said

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        heard, late = self._split(now)
        rows: list[dict[str, object]] = []
        for number in range(1, len(heard) + self.spare + 1):
            at = f"{self.name}_{number}_message"
            message = str(answers.get(at) or "").strip()
            to = answers.get(f"{self.name}_{number}_next")
            if not message:
                continue
            was = heard[number - 1] if number <= len(heard) else {}
            way = {
                **was,
                "message": parse_code_of_input(at, message),
                "next": to or None,
            }
            rows.append({key: value for key, value in way.items() if value})
        after = answers.get(f"{self.name}_after") or (
            late.get("after") if isinstance(late.get("after"), Mapping) else None
        )
        if after:
            way = {**late, "after": after}
            way["next"] = answers.get(f"{self.name}_after_next") or None
            rows.append({key: value for key, value in way.items() if value})
        if not rows:
            raise UnclearAnswer(
                f"{self.name}_1_message", _("Enter what the step waits for.")
            )
        return rows

    @override
    def legend(self) -> Words:
        return self.label
